"""Who may look behind the pages: admins, their sessions and codes.

Source of the spans: ASVS 5.0 7.3.1 and 7.3.2; 128 random bits for what opens anything, kept as its hash.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from alerts.domain.errors import InputError
from alerts.domain.text import one_line

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # a session that was seen within this span is not written again
CODES = 10  # recovery codes
CODE_BYTES = 10  # 80 bits each, so that a plain hash of one keeps it
_NAME = re.compile(r"[^\W_][\w .'-]{1,59}")


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin as lists show one; ``codes`` are recovery codes that are left, ``sessions`` open ones."""

    id: int
    name: str
    active: bool
    created_at: datetime
    changed_at: datetime
    last_login_at: datetime | None
    codes: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What a log-in is held against; ``sealed`` is the authenticator's secret."""

    password_hash: str = field(repr=False)
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """An admin as a log-in needs one."""

    id: int
    name: str
    active: bool
    keys: Keys


@dataclass(frozen=True, slots=True)
class Proof:
    """The second thing that was shown: a step of the authenticator, or the hash of a recovery code."""

    step: int | None = None
    code_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a session is opened from: network, and what the browser says it is."""

    network: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An open session of an admin."""

    id: int
    admin_id: int
    name: str
    visit: Visit
    created_at: datetime
    seen_at: datetime

    def lives(self, now: datetime) -> bool:
        """Return whether it still opens anything."""
        return now < self.seen_at + IDLE and now < self.created_at + LONGEST


def hashed(token: str) -> str:
    """Return what is kept of a token or a recovery code."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def bare_code(typed: str) -> str:
    """Return a recovery code as it was made, whatever spaces and dashes were typed."""
    return re.sub(r"[\s-]", "", typed).upper()


def spaced(code: str) -> str:
    """Return a recovery code in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def name_key(name: str) -> str:
    """Return what makes two spellings one name."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def checked_name(text: str) -> str:
    """Return the name of an admin to be.

    Raises:
        InputError: it cannot be one.
    """
    name = one_line(unicodedata.normalize("NFKC", text), 100)
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{text!r} is no name: 2 to 60 letters, digits, spaces, dots, dashes, beginning with a letter or digit."
        )
    return name
