"""What admins did: one line each, never changed, never taken out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

COMMAND_LINE = "command line"  # in place of a network
NOTHING: Mapping[str, object] = {}


class Act(StrEnum):
    """What was done."""

    LOGGED_IN = "logged-in"
    LOGIN_REFUSED = "login-refused"
    LOGGED_OUT = "logged-out"
    SESSION_REVOKED = "session-revoked"
    FEED_TESTED = "feed-tested"
    ITEM_APPROVED = "item-approved"  # others must agree too
    ITEM_RELEASED = "item-released"
    ITEM_REJECTED = "item-rejected"
    DELIVERY_RESENT = "delivery-resent"
    SUPPRESSION_LIFTED = "suppression-lifted"
    ADMIN_ADDED = "admin-added"
    ADMIN_RESET = "admin-reset"
    ADMIN_DISABLED = "admin-disabled"
    ADMIN_ENABLED = "admin-enabled"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where. Without ``admin_id`` it is somebody on the machine itself, by the name they gave."""

    name: str
    network: str = COMMAND_LINE
    admin_id: int | None = None

    @property
    def editor(self) -> str:
        """Return by which word an approval counts: two spellings of a name, or a name and its log-in, are not two persons."""
        return self.name if self.admin_id is None else f"{ADMIN}{self.admin_id}"


ADMIN = "admin:"  # how the word of an editor who is an admin begins; nobody may call himself so


@dataclass(frozen=True, slots=True)
class Mark:
    """One line to be written: when, who, what, on what."""

    at: datetime
    by: Actor
    act: Act
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line as it stands."""

    id: int
    at: datetime
    who: str
    act: Act
    subject: str
    detail: Mapping[str, object]
    network: str


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which lines, the newest first; ``before`` is the cursor."""

    act: Act | None = None
    who: str = ""
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some lines, and the cursor of the next page if there is one."""

    lines: tuple[AuditLine, ...]
    next_before: int | None = None
