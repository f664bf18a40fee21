"""Read a kept document again with the present mapping and lexicons: what would be new, changed or judged otherwise.

Of a feed the newest documents that brought something are kept. After a mistake in a mapping or a filter was mended, they
show what it had cost; stored, what was missed is told as new. A text that is known keeps its stored judgement.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.domain.collected import PollResult, PollSaved
from alerts.domain.errors import InputError
from alerts.domain.identity import content_hash
from alerts.domain.items import Item, Judgement, Revision, StoredItem
from alerts.domain.vocabulary import IdentityPolicy, Outcome
from alerts.flow.outcome import revise
from alerts.flow.service import Service
from alerts.normalise import normalise


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that reads otherwise than what is stored; ``change`` is new, changed or reclassified."""

    change: str
    revision: Revision
    stored: StoredItem | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What reading a kept document again gave; ``saved`` is None when nothing was to be stored."""

    differences: tuple[Difference, ...]
    entries: int
    items: int
    saved: PollSaved | None = None

    def count(self, change: str) -> int:
        """Return how many entries differ in this way."""
        return sum(one.change == change for one in self.differences)


async def replay(service: Service, feed_id: str, *, store: bool) -> Replayed:
    """Return what the newest kept document of a feed gives now; with ``store`` new and changed items are stored.

    Raises:
        InputError: no document is kept, or another process polls the feed at this moment.
        ParseError: the document cannot be read with the present mapping.
    """
    feed, state = service.feeds[feed_id], service.store.feeds.state(feed_id)
    document = service.store.feeds.last_document(feed_id)
    if document is None or state is None:
        raise InputError(
            f"no document of {feed_id} is kept; the newest five that brought something new are, once it was polled."
        )
    parsed = await service.parser.parse(document, feed)
    normal = normalise(parsed, feed, document.fetched_at, state.policy)
    revisions = tuple(revise(service.lexicons, feed, item) for item in normal.items)
    known = await asyncio.to_thread(
        service.store.items.known, feed_id, [revision.item.key for revision in revisions]
    )
    differences = tuple(
        one for one in (_difference(revision, known.get(revision.item.key)) for revision in revisions) if one
    )
    done = Replayed(differences, len(parsed.entries), len(revisions))
    return replace(done, saved=_store(service, feed_id, revisions, normal.policy)) if store else done


def _difference(revision: Revision, stored: StoredItem | None) -> Difference | None:
    if stored is None:
        return Difference("new", revision)
    if _text(revision.item) != _text(stored.item):
        return Difference("changed", revision, stored)
    if _labels(revision.judgement) != _labels(stored.judgement):
        return Difference("reclassified", revision, stored)
    return None


def _text(item: Item) -> str:
    return content_hash(replace(item, text_hash=None))  # the hash of a whole page is not kept with the item


def _labels(judged: Judgement) -> tuple[object, ...]:
    labels = (judged.relevant, judged.kind, judged.event, judged.severity)
    return (*labels, sorted(judged.rights), sorted(judged.jurisdictions))


def _store(
    service: Service, feed_id: str, revisions: Sequence[Revision], policy: IdentityPolicy
) -> PollSaved:
    now = service.clock.now()
    claims = service.store.feeds.claim(now, 1, service.worker, ids=[feed_id], due_only=False)
    if not claims:
        raise InputError(f"{feed_id} is disabled, or its host is being asked at this moment; try again.")
    result = PollResult(
        Outcome.OK, now, now, claims[0].state.next_poll_at, revisions=tuple(revisions), policy=policy
    )
    return service.store.feeds.finish_replay(claims[0], result)
