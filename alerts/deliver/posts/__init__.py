"""Webhooks and chat bots: what each platform wants and says. Another one is a module and a line in ``DIALECTS``."""

from collections.abc import Mapping

from alerts.deliver.posts.channel import Outlet, PostChannel
from alerts.deliver.posts.dialect import Dialect
from alerts.deliver.posts.dingtalk import DINGTALK
from alerts.deliver.posts.feishu import FEISHU
from alerts.deliver.posts.slack import SLACK
from alerts.deliver.posts.teams import TEAMS
from alerts.deliver.posts.webhook import WEBHOOK
from alerts.deliver.posts.wecom import WECOM
from alerts.domain.vocabulary import ChannelKind

DIALECTS: Mapping[ChannelKind, Dialect] = {
    ChannelKind.WEBHOOK: WEBHOOK,
    ChannelKind.WECOM: WECOM,
    ChannelKind.DINGTALK: DINGTALK,
    ChannelKind.FEISHU: FEISHU,
    ChannelKind.SLACK: SLACK,
    ChannelKind.TEAMS: TEAMS,
}

__all__ = ["DIALECTS", "Dialect", "Outlet", "PostChannel"]
