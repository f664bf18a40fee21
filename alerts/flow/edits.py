"""Say of items that changed what changed, and leave out edits of a watched page that are too small to be any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from alerts.domain.amendments import Amendment, amendment
from alerts.domain.feeds import Feed
from alerts.domain.items import Item, Revision
from alerts.store import Store

MOST = 20  # items of one poll that are compared word by word


@dataclass(frozen=True, slots=True)
class Edits:
    """The amendments of one document's items by key; ``slight`` are keys whose change is none."""

    amendments: dict[str, Amendment]
    slight: frozenset[str]

    def told(self, revision: Revision) -> Revision:
        """Return the revision with what it changed."""
        found = self.amendments.get(revision.item.key)
        return replace(revision, amendment=found) if found else revision


def edits_of(store: Store, feed: Feed, items: Sequence[Item], changed: Collection[str]) -> Edits:
    """Return what changed in those of ``items`` that the store knows with another text."""
    again = [item for item in items if item.key in changed][:MOST]
    if not again:
        return Edits({}, frozenset())
    known = store.items.known(feed.id, [item.key for item in again])
    found = {item.key: amendment(known[item.key].item, item) for item in again if item.key in known}
    least = feed.page.min_change if feed.page and feed.page.mode == "whole" else 0
    return Edits(found, frozenset(key for key, one in found.items() if one.words < least))
