"""What waits for an editor: which items, how many must agree, and when it goes out all the same."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from alerts.domain.vocabulary import Severity

EVERYTHING = frozenset(Severity)
WHOLE_FEED = "this feed's items wait for an editor"
SEVERE = "items of this severity wait for an editor"
NOBODY_AGREES_ON: Mapping[Severity, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Review:
    """What of a feed an editor must see first. ``approvals`` names how many must agree where one is not enough."""

    severities: frozenset[Severity] = frozenset()
    approvals: Mapping[Severity, int] = field(default_factory=lambda: NOBODY_AGREES_ON)
    release_after: timedelta | None = None  # None: it waits until somebody decides

    def hold(self, severity: Severity, *, relevant: bool) -> "Hold | None":
        """Return how an item of this severity waits, or None; what tells readers nothing need not be looked at."""
        if severity not in self.severities or not relevant:
            return None
        why = WHOLE_FEED if self.severities == EVERYTHING else SEVERE
        return Hold(why, self.approvals.get(severity, 1), self.release_after)


NO_REVIEW = Review()


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a revision waits, how many editors must agree, and after how long it goes out without them."""

    why: str
    needed: int = 1
    release_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an editor's word did: ``released`` when enough agree; ``agreed`` of ``needed`` so far."""

    released: bool
    agreed: int
    needed: int


def editor_key(name: str) -> str:
    """Return what makes two spellings of a name one editor: NFKC, single spaces, case folded."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
