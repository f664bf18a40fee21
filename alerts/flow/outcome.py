"""What one poll learnt, whichever way it ended: the value that the store writes in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.classify import Lexicons, context_of, judge
from alerts.domain.collected import Document, FeedClaim, Parsed, PollResult, Unchanged
from alerts.domain.errors import CollectError
from alerts.domain.feeds import Feed
from alerts.domain.identity import content_hash
from alerts.domain.items import Item, Revision
from alerts.domain.push import Offer
from alerts.domain.vocabulary import Outcome
from alerts.fetch import offer_of
from alerts.flow.manners import Manners
from alerts.flow.service import Service
from alerts.normalise import normalise

MALFORMED = "the document breaks its own format or was cut off; what could be read of it was taken"
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
        state, manners = self.claim.state, self._manners()
        normal = normalise(parsed, self.feed, self.started_at, state.policy)
        result = replace(
            self._start(Outcome.OK),
            body_hash=digest,
            revisions=tuple(revise(self.service.lexicons, self.feed, item) for item in normal.items),
            policy=normal.policy,
            status=answer.status,
            size=len(answer.body),
            filtered=normal.filtered,
            malformed=parsed.malformed,
            partial=answer.partial,
            detail=MALFORMED if parsed.malformed else None,
            final_url=answer.final_url,
            body=answer.body,
            look_back=self.feed.look_back,
            offer=self._offer(answer, parsed),
        )
        return manners.answered(manners.read(result, parsed), answer, proven=self._knows(result))

    def unread(self, answer: Unchanged) -> PollResult:
        """Return the result of a 304."""
        result = replace(self._start(Outcome.NOT_MODIFIED), status=304, offer=self._offer(answer))
        return self._manners().answered(result, answer, proven=self.claim.state.items > 0)

    def same_bytes(self, answer: Document) -> PollResult:
        """Return the result of a 200 with the bytes of last time; its validators are stored all the same."""
        result = replace(
            self._start(Outcome.UNCHANGED),
            status=answer.status,
            size=len(answer.body),
            final_url=answer.final_url,
            offer=self._offer(answer),
        )
        return self._manners().answered(result, answer, proven=self.claim.state.items > 0)

    def failed(self, error: CollectError) -> PollResult:
        """Return the result of a poll without a readable document; what was known stays known."""
        result = replace(
            self._start(error.outcome),
            detail=error.detail,
            status=error.status,
            host_not_before=error.retry_at,
            offer=Offer(whole=False) if self.feed.websub else None,
        )
        return self._manners().refused(result, error)

    def _offer(self, answer: Document | Unchanged, parsed: Parsed | None = None) -> Offer | None:
        return offer_of(answer, parsed) if self.feed.websub else None

    def _start(self, outcome: Outcome) -> PollResult:
        return replace(self._manners().kept(), outcome=outcome, finished_at=self.service.clock.now())

    def _manners(self) -> Manners:
        return Manners(self.feed, self.claim.state, self.started_at, self.service.jitter())

    def _knows(self, result: PollResult) -> bool:
        """Return whether the document holds an item that the feed has shown; asked only where a move hangs on it."""
        moved = self.claim.state.moved
        if moved.target is None or moved.original is not None:
            return False
        keys = [revision.item.key for revision in result.revisions]
        return len(self.service.store.feeds.unseen(self.feed.id, keys)) < len(keys)


def revise(lexicons: Lexicons, feed: Feed, item: Item) -> Revision:
    """Return the item with its judgement and content hash, held if its feed is under review."""
    return Revision(
        item, judge(item, context_of(feed), lexicons), content_hash(item), HELD if feed.review else None
    )
