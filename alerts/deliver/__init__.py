"""Channels: how a message in words reaches a person, and what the other side's answer means.

A channel of another kind is one module and one line in ``CHANNELS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from alerts.deliver.email import SmtpChannel
from alerts.deliver.mail_url import MaildirSettings, SmtpSettings, Timeouts, parse_mail_url
from alerts.deliver.maildir import MaildirChannel
from alerts.deliver.mime import Sender, encode, message_id, return_path_of, sender_of
from alerts.deliver.posts import DIALECTS, Dialect, Outlet, PostChannel
from alerts.deliver.vault import Sealing, Vault
from alerts.domain.ports import Channel
from alerts.domain.vocabulary import ChannelKind


@dataclass(frozen=True, slots=True)
class Ways:
    """What channels are opened with: the relay and who mails, and the way to what is posted to."""

    mail: SmtpSettings | MaildirSettings
    sender: Sender
    outlet: Outlet


def open_mail(settings: SmtpSettings | MaildirSettings, sender: Sender) -> Channel:
    """Return the mail channel that ``settings`` name. It connects when it sends."""
    if isinstance(settings, MaildirSettings):
        return MaildirChannel(settings.path, sender)
    return SmtpChannel(settings, sender)


def _open_post(dialect: Dialect, ways: Ways) -> Channel:
    return PostChannel(dialect, ways.outlet)


CHANNELS: Mapping[ChannelKind, Callable[[Ways], Channel]] = {
    ChannelKind.EMAIL: lambda ways: open_mail(ways.mail, ways.sender),
    **{kind: partial(_open_post, dialect) for kind, dialect in DIALECTS.items()},
}

__all__ = [
    "CHANNELS",
    "DIALECTS",
    "MaildirChannel",
    "MaildirSettings",
    "Outlet",
    "PostChannel",
    "Sealing",
    "Sender",
    "SmtpChannel",
    "SmtpSettings",
    "Timeouts",
    "Vault",
    "Ways",
    "encode",
    "message_id",
    "open_mail",
    "parse_mail_url",
    "return_path_of",
    "sender_of",
]
