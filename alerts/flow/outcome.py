"""What one poll learnt, whichever way it ended: the value that the store writes in one transaction."""

from collections.abc import Sequence
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
from alerts.flow.edits import edits_of
from alerts.flow.manners import Manners
from alerts.flow.overlap import described, missed, sooner
from alerts.flow.service import Service
from alerts.normalise import Reading

MALFORMED = "the document breaks its own format or was cut off; what could be read of it was taken"


@dataclass(frozen=True, slots=True)
class Polling:
    """One poll under way; each method is one way it can end."""

    service: Service
    feed: Feed
    claim: FeedClaim
    started_at: datetime

    def read(self, answer: Document, digest: str, pages: Sequence[Parsed]) -> PollResult:
        """Return the result of a document that was read, with its older pages.

        Only what the store does not know as it is gets judged: of most documents that is one entry of many.
        """
        parsed = replace(pages[0], entries=tuple(entry for page in pages for entry in page.entries))
        memory, policy = self.service.memory, self.claim.state.policy
        reading = Reading(parsed, self.feed, self.started_at, policy, memory)
        found = self.service.store.feeds.familiar(self.feed.id, reading.hashes)
        items = reading.items(found.news)
        edits = edits_of(self.service.store, self.feed, items, found.changed)
        news = found.news - edits.slight
        result = replace(
            self._start(Outcome.OK, answer.status),
            body_hash=digest,
            revisions=tuple(
                edits.told(revise(self.service.lexicons, self.feed, item))
                for item in items
                if item.key in news
            ),
            known=tuple(key for key in reading.hashes if key not in news),
            unseen=len(found.unseen),
            policy=reading.policy,
            size=len(answer.body),
            filtered=reading.filtered,
            malformed=parsed.malformed,
            partial=answer.partial,
            detail=MALFORMED if parsed.malformed else None,
            final_url=answer.final_url,
            body=answer.body,
            look_back=self.feed.look_back,
            offer=self._offer(answer, parsed),
        )
        result = described(result, self.feed, answer, pages)
        manners = replace(
            self._manners(), feed=sooner(self.feed) if missed(self.claim, result) else self.feed
        )
        return manners.answered(
            manners.read(result, parsed), answer, proven=len(reading.hashes) > len(found.unseen)
        )

    def unread(self, answer: Unchanged) -> PollResult:
        """Return the result of a 304."""
        result = self._start(Outcome.NOT_MODIFIED, 304)
        if self.feed.websub:
            result = replace(result, offer=self._offer(answer))
        return self._manners().answered(result, answer, proven=self.claim.state.items > 0)

    def same_bytes(self, answer: Document) -> PollResult:
        """Return the result of a 200 with the bytes of last time; its validators are stored all the same."""
        result = replace(
            self._start(Outcome.UNCHANGED, answer.status),
            size=len(answer.body),
            final_url=answer.final_url,
            offer=self._offer(answer),
        )
        return self._manners().answered(result, answer, proven=self.claim.state.items > 0)

    def failed(self, error: CollectError) -> PollResult:
        """Return the result of a poll without a readable document; what was known stays known."""
        result = replace(
            self._start(error.outcome, error.status),
            detail=error.detail,
            host_not_before=error.retry_at,
            offer=Offer(whole=False) if self.feed.websub else None,
        )
        return self._manners().refused(result, error)

    def _offer(self, answer: Document | Unchanged, parsed: Parsed | None = None) -> Offer | None:
        return offer_of(answer, parsed) if self.feed.websub else None

    def _start(self, outcome: Outcome, status: int | None) -> PollResult:
        return self._manners().kept(outcome, self.service.clock.now(), status)

    def _manners(self) -> Manners:
        return Manners(self.feed, self.claim.state, self.started_at, self.service.jitter())


def revise(lexicons: Lexicons, feed: Feed, item: Item) -> Revision:
    """Return the item with its judgement and content hash, held if its feed is under review."""
    judged = judge(item, context_of(feed), lexicons)
    hold = feed.review.hold(judged.severity, relevant=judged.relevant)
    return Revision(item, judged, content_hash(item), hold)
