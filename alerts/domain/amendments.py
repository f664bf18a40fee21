"""What a revision of an item changed, in words: for readers, and for the rule whether a change is worth a revision."""

from dataclasses import dataclass

from alerts.domain.items import Item, StoredItem
from alerts.domain.worddiff import Edit, changed_words, excerpt, word_diff

MOST = 12  # changes that are kept and shown
LENGTH = 400  # characters of each side of a change


@dataclass(frozen=True, slots=True)
class Amendment:
    """The changes from an earlier revision, the first ``MOST`` of them; ``words`` counts all, ``more`` those not shown."""

    changes: tuple[Edit, ...]
    words: int
    more: int = 0


def amendment(old: Item, new: Item) -> Amendment:
    """Return what changed in title and text; of a watched page in all that is kept of it."""
    if old.text is None or new.text is None:  # kept before whole texts were
        was, now = old.summary, new.summary
    else:
        was, now = old.text, new.text
    changes = (*word_diff(old.title, new.title), *word_diff(was, now))
    shown, more = excerpt(changes, MOST, LENGTH)
    return Amendment(shown, changed_words(changes), more)


def amended(earlier: StoredItem, later: StoredItem) -> Amendment:
    """Return what a stored revision changed in an earlier one: as it was kept, or compared now."""
    if later.amendment is not None and later.number == earlier.number + 1:
        return later.amendment
    return amendment(earlier.item, later.item)
