"""The door for mails that come back: LMTP, for a mail server on the same machine."""

from alerts.intake.lmtp import receiving

__all__ = ["receiving"]
