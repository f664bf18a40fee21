"""Channels: how a message in words reaches a person, and what the other side's answer means.

A channel of another kind is one module and one line in ``CHANNELS``.
"""

from collections.abc import Callable, Mapping

from alerts.deliver.email import SmtpChannel
from alerts.deliver.mail_url import MaildirSettings, SmtpSettings, Timeouts, parse_mail_url
from alerts.deliver.maildir import MaildirChannel
from alerts.deliver.mime import Sender, encode, message_id, return_path_of, sender_of
from alerts.domain.ports import Channel
from alerts.domain.vocabulary import ChannelKind


def open_mail(settings: SmtpSettings | MaildirSettings, sender: Sender) -> Channel:
    """Return the mail channel that ``settings`` name. It connects when it sends."""
    if isinstance(settings, MaildirSettings):
        return MaildirChannel(settings.path, sender)
    return SmtpChannel(settings, sender)


CHANNELS: Mapping[ChannelKind, Callable[[SmtpSettings | MaildirSettings, Sender], Channel]] = {
    ChannelKind.EMAIL: open_mail
}

__all__ = [
    "CHANNELS",
    "MaildirChannel",
    "MaildirSettings",
    "Sender",
    "SmtpChannel",
    "SmtpSettings",
    "Timeouts",
    "encode",
    "message_id",
    "open_mail",
    "parse_mail_url",
    "return_path_of",
    "sender_of",
]
