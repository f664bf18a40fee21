"""How a source is asked, and what each answer teaches about asking it: address, validators, pace, farewell.

The rules themselves are in ``alerts.fetch``; here they meet what the store remembers of a feed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.domain.collected import (
    Document,
    FeedState,
    Moved,
    Notice,
    Parsed,
    PollResult,
    Unchanged,
    Validators,
)
from alerts.domain.errors import CollectError
from alerts.domain.feeds import Feed
from alerts.domain.pace import bounds, phase
from alerts.domain.vocabulary import GOOD_OUTCOMES, Outcome, Pace, ValidatorMode
from alerts.fetch import (
    NextPoll,
    PaceInput,
    after_same_bytes,
    after_unchanged,
    are_useless,
    is_proven,
    is_steady,
    next_poll,
    sighted,
    to_send,
)

SPACING = timedelta(seconds=2)  # between two requests to one registrable domain
GONE_TIMES, GONE_OVER = 3, timedelta(hours=24)
OURS_AGAIN = timedelta(minutes=5)  # after a failure of our own network; nobody was asked
MOVED_BACK_AFTER = 3  # failures in a row at an adopted address
_NO_HEADERS: Mapping[str, str] = {}


def address(feed: Feed, state: FeedState) -> str:
    """Return where the feed is asked: as configured, or where it has provably moved."""
    return state.moved.target if state.moved.original and state.moved.target else feed.url


def conditions(state: FeedState) -> Validators:
    """Return the validators to send."""
    return to_send(state.validators, state.validator_mode)


@dataclass(frozen=True, slots=True)
class Manners:
    """What is known of asking one feed while a poll of it is under way."""

    feed: Feed
    state: FeedState
    started_at: datetime
    jitter: float

    def kept(self, outcome: Outcome, finished_at: datetime, status: int | None = None) -> PollResult:
        """Return a result in which all that was known stays known; the ways to end replace what they learnt."""
        state = self.state
        return PollResult(
            outcome=outcome,
            started_at=self.started_at,
            finished_at=finished_at,
            status=status,
            next_poll_at=self.started_at,
            validators=state.validators,
            body_hash=state.body_hash,
            policy=state.policy,
            ttl=state.ttl,
            skip_hours=state.skip_hours,
            skip_days=state.skip_days,
            validator_mode=state.validator_mode,
            validators_ignored=state.validators_ignored,
            moved=state.moved,
            gone_count=state.gone_count,
            gone_since=state.gone_since,
        )

    def answered(self, result: PollResult, answer: Document | Unchanged, *, proven: bool) -> PollResult:
        """Return the result with what a good answer teaches; ``proven``: it held an item that we know."""
        moved, notices = self._moved(answer, proven)
        validators, mode, ignored = self._validators(result, answer)
        learnt = replace(
            result, validators=validators, validator_mode=mode, validators_ignored=ignored, moved=moved,
            notices=notices, gone_count=0, gone_since=None,
        )  # fmt: skip
        return self._paced(learnt, self._pace(learnt, answer.headers))

    def read(self, result: PollResult, parsed: Parsed) -> PollResult:
        """Return the result with what the document says of asking it."""
        return replace(
            result,
            ttl=parsed.ttl,
            skip_hours=parsed.skip_hours,
            skip_days=parsed.skip_days,
            entries=len(parsed.entries),
        )

    def refused(self, result: PollResult, error: CollectError) -> PollResult:
        """Return the result of a failure, with its next time."""
        if error.ours:
            return self._spared(result)
        if error.outcome is Outcome.GONE:
            since = self.state.gone_since or self.started_at
            result = replace(result, gone_count=self.state.gone_count + 1, gone_since=since)
        notices = [*self._farewell(result)]
        if self.state.moved.original and self.state.failures + 1 >= MOVED_BACK_AFTER:
            notices.append(
                Notice("feed.moved-back", {"to": self.feed.url, "from": self.state.moved.target or ""})
            )
            result = replace(result, moved=Moved())
        pace = replace(
            self._pace(result, _NO_HEADERS), failures=self.state.failures + 1, retry_at=error.retry_at
        )
        return self._paced(replace(result, notices=tuple(notices)), pace)

    def _spared(self, result: PollResult) -> PollResult:
        """Return the result of a failure of our own network: nothing is learnt of the source."""
        again = self.started_at + OURS_AGAIN * (1 + phase(self.feed.id))
        reason = "our own network seems to be down: no source can be reached"
        return replace(result, next_poll_at=again, pace_reason=reason, counted=False)

    def _farewell(self, result: PollResult) -> tuple[Notice, ...]:
        """Return the notice that a publisher closed the feed, at the poll that proves it."""
        if not _is_gone(result, self.started_at) or self._was_gone():
            return ()
        since = result.gone_since.isoformat() if result.gone_since else ""
        return (Notice("feed.gone", {"url": address(self.feed, self.state), "since": since}),)

    def _was_gone(self) -> bool:
        at = self.state.last_polled_at or self.started_at
        since = self.state.gone_since
        return self.state.gone_count >= GONE_TIMES and since is not None and at - since >= GONE_OVER

    def _moved(self, answer: Document | Unchanged, proven: bool) -> tuple[Moved, tuple[Notice, ...]]:
        """Return where the source has moved, and what people must hear of it."""
        old, at = self.state.moved, self.started_at
        if "{" in self.feed.url:  # another address each day, so another target each day
            return old, ()
        moved = sighted(old, answer, address(self.feed, self.state), at)
        places = {"from": self.feed.url, "to": moved.target or ""}
        if is_proven(moved, at) and proven:
            return replace(moved, original=self.feed.url), (Notice("feed.moved", places),)
        told = is_steady(old, self.state.last_polled_at or at)
        return moved, (Notice("feed.redirected", places),) if is_steady(moved, at) and not told else ()

    def _validators(
        self, result: PollResult, answer: Document | Unchanged
    ) -> tuple[Validators, ValidatorMode, int]:
        """Return what to ask with next time, which of it works, and how often none did."""
        mode, ignored = self.state.validator_mode, self.state.validators_ignored
        if isinstance(answer, Unchanged):
            known, new = self.state.validators, answer.validators
            merged = Validators(new.etag or known.etag, new.last_modified or known.last_modified)
            return merged, after_unchanged(mode), 0
        if result.outcome is Outcome.UNCHANGED:
            mode, ignored = after_same_bytes(conditions(self.state), mode, ignored)
        return answer.validators, mode, ignored

    def _pace(self, result: PollResult, headers: Mapping[str, str]) -> PaceInput:
        state = self.state
        return PaceInput(
            self.started_at,
            self.feed.interval,
            result.outcome,
            headers=headers,
            ttl=result.ttl,
            skip_hours=result.skip_hours,
            skip_days=result.skip_days,
            observed_rate=current_rate(state, self.started_at),
            window_size=(0 if result.partial else result.entries) or state.window_items,
            bounds=bounds(self.feed) if self.feed.adaptive else None,
            median_gap=state.median_gap,
            unconditional=self.feed.pace is None
            and self._is_known(result)
            and are_useless(result.validators, result.validators_ignored),
            urgent=self.feed.pace is Pace.URGENT,
            gone_for_good=_is_gone(result, self.started_at),
        )

    def _is_known(self, result: PollResult) -> bool:
        """Return whether the source has ever answered: before that nobody knows how it takes questions."""
        return result.outcome in GOOD_OUTCOMES or self.state.last_success_at is not None

    def _paced(self, result: PollResult, pace: PaceInput) -> PollResult:
        spread = (phase(self.feed.id) + self.jitter) / 2  # by chance, and always the same for one feed
        chosen: NextPoll = next_poll(pace, spread)
        return replace(result, next_poll_at=chosen.at, pace_reason=chosen.reason, shortfall=chosen.shortfall)


def current_rate(state: FeedState, now: datetime) -> float | None:
    """Return the items an hour, less as the feed stays quiet; None without history."""
    if state.rate_per_hour is None or state.last_new_item_at is None:
        return None
    quiet = (now - state.last_new_item_at) / timedelta(hours=1)
    learnt_from = 30  # arrivals that the stored rate counts at most, see alerts.store.rhythm
    most = learnt_from * (state.batch_p95 or 1) / quiet if quiet > 0 else state.rate_per_hour
    return min(state.rate_per_hour, most)


def _is_gone(result: PollResult, at: datetime) -> bool:
    waited = result.gone_since is not None and at - result.gone_since >= GONE_OVER
    return result.outcome is Outcome.GONE and result.gone_count >= GONE_TIMES and waited
