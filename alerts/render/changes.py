"""What a revision changed, in words: each place with the words around it, what stood there and what stands there now."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.domain.amendments import Amendment, amended
from alerts.domain.items import StoredItem
from alerts.domain.text import one_line
from alerts.domain.worddiff import Edit
from alerts.render.columns import cut
from alerts.render.words import Words

SHOWN = 4  # places in one message
SIDE = 200  # display columns of each side
AROUND = 60


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One place. ``sentence`` says it in plain text; the other fields are for markup."""

    before: str
    removed: str
    added: str
    after: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The places that a message shows, and a sentence about those it does not."""

    places: tuple[ChangeView, ...] = ()
    more: str = ""


NO_CHANGES = ChangesView()


def changes_view(stored: StoredItem, told: StoredItem | None, words: Words) -> ChangesView:
    """Return what ``stored`` changed in what the reader was told, or else in the revision before it."""
    earlier = told is not None and told.number < stored.number
    found = amended(told, stored) if told is not None and earlier else stored.amendment
    return _view(found, words) if found is not None and found.words else NO_CHANGES


def _view(found: Amendment, words: Words) -> ChangesView:
    left = found.more + max(0, len(found.changes) - SHOWN)
    more = words.ngettext("and %(num)s more place", "and %(num)s more places", left) if left else ""
    return ChangesView(_places(found.changes[:SHOWN], words), more)


def _places(changes: Sequence[Edit], words: Words) -> tuple[ChangeView, ...]:
    return tuple(_place(change, words) for change in changes)


def _place(change: Edit, words: Words) -> ChangeView:
    removed, added = (cut(one_line(side, 1000), SIDE) for side in (change.removed, change.added))
    before, after = (one_line(side, AROUND) for side in (change.before, change.after))
    if removed and added:
        middle = f"{removed} → {added}"
    elif added:
        middle = words.gettext("new: %(text)s", text=added)
    else:
        middle = words.gettext("taken out: %(text)s", text=removed)
    around = (f"… {before}" if before else "", f"[{middle}]", f"{after} …" if after else "")
    return ChangeView(before, removed, added, after, " ".join(part for part in around if part))
