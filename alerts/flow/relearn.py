"""Which stored items a change of lexicons would judge anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from alerts.classify import Lexicons, SourceContext, context_of, judge
from alerts.domain.feeds import Feed
from alerts.domain.items import ItemQuery, Judgement, StoredItem
from alerts.domain.vocabulary import Carries
from alerts.store import Store

PAGE = 500
FACETS = ("relevant", "kind", "event", "severity", "rights", "jurisdictions")


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored item and what each set of lexicons makes of it; ``changes`` are the facets that differ, old and new."""

    stored: StoredItem
    changes: Mapping[str, tuple[object, object]]


def rejudged(store: Store, feeds: Mapping[str, Feed], old: Lexicons, new: Lexicons) -> Iterator[Rejudged]:
    """Yield the stored items of which ``old`` and ``new`` lexicons say different things, newest first; nothing is changed."""
    query = ItemQuery(relevant_only=False, limit=PAGE)
    while True:
        page = store.items.query(query)
        for stored in page.items:
            context = _context(stored, feeds)
            changes = _changes(judge(stored.item, context, old), judge(stored.item, context, new))
            if changes:
                yield Rejudged(stored, changes)
        if page.next_before_id is None:
            return
        query = replace(query, before_id=page.next_before_id)


def _context(stored: StoredItem, feeds: Mapping[str, Feed]) -> SourceContext:
    """Return what the source says of its items; of one that left the catalogue only where it was."""
    feed = feeds.get(stored.feed_id)
    return context_of(feed) if feed else SourceContext(stored.item.jurisdiction, Carries.BOTH)


def _changes(old: Judgement, new: Judgement) -> dict[str, tuple[object, object]]:
    pairs = ((facet, _plain(getattr(old, facet)), _plain(getattr(new, facet))) for facet in FACETS)
    return {facet: (before, after) for facet, before, after in pairs if before != after}


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, tuple) else value
