"""What one poll learnt, whichever way it ended: the value that the store writes in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.classify import Lexicons, context_of, judge
from alerts.domain.collected import Document, FeedClaim, Parsed, PollResult, Unchanged
from alerts.domain.errors import CollectError
from alerts.domain.feeds import Feed
from alerts.domain.identity import content_hash
from alerts.domain.items import Item, Revision
from alerts.domain.vocabulary import Outcome
from alerts.fetch import PaceInput, next_poll
from alerts.flow.service import Service
from alerts.normalise import normalise

_NO_HEADERS: Mapping[str, str] = {}
HELD = "this feed's items wait for an editor"


@dataclass(frozen=True, slots=True)
class Polling:
    """One poll under way; each method is one way it can end."""

    service: Service
    feed: Feed
    claim: FeedClaim
    started_at: datetime

    def read(self, answer: Document, digest: str, parsed: Parsed) -> PollResult:
        """Return the result of a document that was read."""
        state = self.claim.state
        normal = normalise(parsed, self.feed, self.started_at, state.policy)
        return PollResult(
            outcome=Outcome.OK,
            started_at=self.started_at,
            finished_at=self.service.clock.now(),
            next_poll_at=self._next(Outcome.OK, answer.headers, parsed),
            validators=answer.validators,
            body_hash=digest,
            revisions=tuple(revise(self.service.lexicons, self.feed, item) for item in normal.items),
            policy=normal.policy,
            status=answer.status,
            size=len(answer.body),
            entries=len(parsed.entries),
            filtered=normal.filtered,
            malformed=parsed.malformed,
            final_url=answer.final_url,
            body=answer.body,
            look_back=self.feed.look_back,
        )

    def unread(self, answer: Unchanged) -> PollResult:
        """Return the result of a 304."""
        state = self.claim.state
        return PollResult(
            outcome=Outcome.NOT_MODIFIED,
            started_at=self.started_at,
            finished_at=self.service.clock.now(),
            next_poll_at=self._next(Outcome.NOT_MODIFIED, answer.headers),
            validators=answer.validators,
            body_hash=state.body_hash,
            policy=state.policy,
            status=304,
        )

    def same_bytes(self, answer: Document) -> PollResult:
        """Return the result of a 200 with the bytes of last time; its validators are stored all the same."""
        state = self.claim.state
        return PollResult(
            outcome=Outcome.UNCHANGED,
            started_at=self.started_at,
            finished_at=self.service.clock.now(),
            next_poll_at=self._next(Outcome.UNCHANGED, answer.headers),
            validators=answer.validators,
            body_hash=state.body_hash,
            policy=state.policy,
            status=answer.status,
            size=len(answer.body),
            final_url=answer.final_url,
        )

    def failed(self, error: CollectError) -> PollResult:
        """Return the result of a poll without a readable document; what was known stays known."""
        state = self.claim.state
        return PollResult(
            outcome=error.outcome,
            started_at=self.started_at,
            finished_at=self.service.clock.now(),
            next_poll_at=self._next_after(error),
            validators=state.validators,
            body_hash=state.body_hash,
            policy=state.policy,
            detail=error.detail,
            status=error.status,
            host_not_before=error.retry_at,
        )

    def _next(self, outcome: Outcome, headers: Mapping[str, str], parsed: Parsed | None = None) -> datetime:
        pace = PaceInput(
            self.started_at,
            self.feed.interval,
            outcome,
            headers=headers,
            ttl=parsed.ttl if parsed else None,
            skip_hours=parsed.skip_hours if parsed else frozenset(),
        )
        return next_poll(pace, self.service.jitter()).at

    def _next_after(self, error: CollectError) -> datetime:
        pace = PaceInput(
            self.started_at,
            self.feed.interval,
            error.outcome,
            failures=self.claim.state.failures + 1,
            retry_at=error.retry_at,
        )
        return next_poll(pace, self.service.jitter()).at


def revise(lexicons: Lexicons, feed: Feed, item: Item) -> Revision:
    """Return the item with its judgement and content hash, held if its feed is under review."""
    return Revision(
        item, judge(item, context_of(feed), lexicons), content_hash(item), HELD if feed.review else None
    )
