"""Poll due feeds: fetch → parse → normalise → classify → store.

Every way out of a poll writes its outcome and the next time in one transaction with the items and
the validators (DESIGN 3, invariant 1), so that a crash only means that the feed is asked again.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
import xxhash

from alerts.domain.collected import (
    Document,
    FeedClaim,
    Finished,
    Parsed,
    PollResult,
    PollSaved,
    Request,
    Unchanged,
)
from alerts.domain.errors import CollectError, StoreError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import GOOD_OUTCOMES, Outcome
from alerts.flow.addresses import filled, first_body, following, page_address
from alerts.flow.details import with_details
from alerts.flow.filing import Filing
from alerts.flow.lanes import Lanes
from alerts.flow.manners import address, conditions
from alerts.flow.outcome import Polling
from alerts.flow.overlap import page_limit
from alerts.flow.service import Service
from alerts.flow.wish import Wish
from alerts.normalise import normalise

log = structlog.get_logger("alerts.poll")

LANES = 200  # at a time; a source that hangs holds one for a minute
CLAIM_EVERY = 2.0  # seconds: a slow source does not keep those that fall due meanwhile waiting


@dataclass(frozen=True, slots=True)
class PollLine:
    """What one poll did, for people and logs."""

    feed_id: str
    outcome: Outcome
    saved: PollSaved
    entries: int = 0
    filtered: int = 0
    detail: str | None = None
    status: int | None = None
    ms: int = 0
    next_poll_at: datetime | None = None

    @property
    def good(self) -> bool:
        """Return whether the source could be read."""
        return self.outcome in GOOD_OUTCOMES


async def poll_due(
    service: Service,
    *,
    ids: Sequence[str] | None = None,
    due_only: bool = True,
    stop: asyncio.Event | None = None,
    patient: bool = True,
) -> list[PollLine]:
    """Return a line for every feed that was due (or named in ``ids``), polled until none is left.

    Without ``patient`` those whose hosts rest between two requests are left for the next call. ``stop`` ends the claiming; polls under way are finished. Cancelled, it cancels them and gives their claims back.
    """
    lines: list[PollLine] = []
    wish = Wish(service, due_only, ids, asyncio.get_running_loop().time() if patient else None)
    lanes, filing = Lanes[PollLine](LANES), Filing(service.store)
    try:
        while True:
            stopped = stop is not None and stop.is_set()
            claims = [] if stopped else await wish.claim(lanes.free)
            for claim in claims:
                lanes.start(poll_one(service, claim, filing))
            rest = None if stopped or claims else await wish.rest()
            if not lanes.busy and (rest is None or not patient):
                return lines
            wait = CLAIM_EVERY if rest is None else min(rest, CLAIM_EVERY)
            lines += await (lanes.ended(wait) if lanes.busy else _pause(wait, stop))
    finally:
        await lanes.cancel()


async def _pause(seconds: float, stop: asyncio.Event | None) -> list[PollLine]:
    """Return nothing, after so many seconds or when a stop is asked for."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await (stop or asyncio.Event()).wait()
    return []


async def poll_one(service: Service, claim: FeedClaim, filing: Filing) -> PollLine:
    """Return what polling a claimed feed did; never raises for what the source does."""
    feed = service.feeds.get(claim.feed_id)
    if feed is None:  # left the catalogue between claim and now
        await asyncio.to_thread(service.store.feeds.release, claim)
        return PollLine(
            claim.feed_id, Outcome.INTERNAL, PollSaved(), detail="it is not in feeds.yaml any more"
        )
    polling = Polling(service, feed, claim, service.clock.now())
    try:
        result = await _collect(service, feed, claim, polling)
    except CollectError as error:
        result = polling.failed(error)
    except asyncio.CancelledError:
        await asyncio.shield(asyncio.to_thread(service.store.feeds.release, claim))
        raise
    except Exception as error:
        log.exception("poll.fault", feed=feed.id)
        result = polling.failed(CollectError(Outcome.INTERNAL, f"{type(error).__name__}: {error}"))
    try:
        saved = await filing.file(Finished(claim, result))
    except StoreError as error:  # nothing of it is stored; the claim runs out and the feed is asked again
        log.error("poll.unstored", feed=feed.id, detail=str(error))
        return PollLine(feed.id, Outcome.INTERNAL, PollSaved(), detail=str(error))
    service.polled(feed.id)
    return _line(feed.id, result, saved)


async def _collect(service: Service, feed: Feed, claim: FeedClaim, polling: Polling) -> PollResult:
    """Return the result of a poll whose source answered."""
    answer = await service.fetcher.fetch(_first(feed, claim, polling.started_at), feed)
    if isinstance(answer, Unchanged):
        return polling.unread(answer)
    digest = xxhash.xxh3_128_hexdigest(answer.body)
    if digest == claim.state.body_hash and claim.state.bootstrapped:
        return polling.same_bytes(answer)
    pages = await with_details(service, feed, claim, await _pages(service, feed, answer, claim))
    return await asyncio.to_thread(polling.read, answer, digest, pages)


def _first(feed: Feed, claim: FeedClaim, now: datetime) -> Request:
    """Return the first question: dates filled in, with the validators of the last stored answer.

    An address that changes with the day has other validators each day; the server then simply answers 200.
    """
    mapping, since = feed.json, claim.state.last_success_at
    return Request(
        page_address(feed, address(feed, claim.state), 0, (now, since)),
        mapping.method if mapping else "GET",
        first_body(mapping, now, since),
        conditions(claim.state),
    )


async def _pages(service: Service, feed: Feed, answer: Document, claim: FeedClaim) -> list[Parsed]:
    """Return the parsed pages: the first, and those after it while a page holds nothing we know.

    A page that shows a known item has reached the last poll (newest first); the page limit bounds the rest.
    """
    pages = [await service.parser.parse(answer, feed)]
    limit = 1 if answer.partial else page_limit(feed, claim)
    url, when = address(feed, claim.state), (service.clock.now(), claim.state.last_success_at)
    while len(pages) < limit and pages[-1].entries:
        request = pages[-1].next_request or following(feed, url, len(pages), when)
        if request is None:
            break
        items = normalise(pages[-1], feed, service.clock.now(), claim.state.policy).items
        keys = [item.key for item in items]
        if len(await asyncio.to_thread(service.store.feeds.unseen, feed.id, keys)) < len(keys):
            break
        body = filled(request.body, service.clock.now(), claim.state.last_success_at)
        await asyncio.sleep(claim.spacing.total_seconds())
        try:
            document = await service.fetcher.fetch(replace(request, body=body), feed)
        except CollectError as error:
            if feed.page is not None and error.status == 404:  # a list that has fewer pages than may be read
                break
            raise
        if isinstance(document, Unchanged):
            break
        pages.append(await service.parser.parse(replace(document, page=len(pages)), feed))
    return pages


def _line(feed_id: str, result: PollResult, saved: PollSaved) -> PollLine:
    ms = round((result.finished_at - result.started_at).total_seconds() * 1000)
    line = PollLine(
        feed_id, result.outcome, saved, result.entries, result.filtered, result.detail, result.status, ms,
        result.next_poll_at,
    )  # fmt: skip
    for notice in () if saved.fenced else result.notices:
        log.warning(notice.event, feed=feed_id, **notice.detail)
    event = log.info if line.good else log.warning
    event(
        "poll.done", feed=feed_id, outcome=str(result.outcome), new=saved.new, changed=saved.changed,
        known=saved.known, entries=result.entries, filtered=result.filtered, ms=ms, status=result.status,
        detail=result.detail, fenced=saved.fenced,
    )  # fmt: skip
    return line
