"""Post messages to webhooks and chat bots, through the guarded client only.

An address is opened for one request and forgotten; what is written down and logged of an answer holds no part of it.
Redirects are answers, never followed: a body is meant for one receiver. Times that are signed are the machine's own, also in a
round that is rehearsed at another time, since the other side compares them with its clock.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from alerts.deliver.posts.dialect import Dialect, Heard, Posting, Said, patience
from alerts.deliver.posts.verdicts import ours, receipt_of
from alerts.deliver.posts.webhook import echoed
from alerts.deliver.vault import Vault
from alerts.deliver.verdict import not_transmitted
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import FetchError, InputError
from alerts.domain.ports import Clock
from alerts.domain.posts import Keep
from alerts.domain.vocabulary import DeliveryState, Outcome
from alerts.net import Answer, Ask, Client
from alerts.net.target import read_target

PATIENCE = timedelta(seconds=20)  # for a whole exchange; Standard Webhooks asks for 15 to 30
READ = 16 * 1024  # bytes of an answer that are looked at
HIDDEN = 6  # characters from which on a part of an address may be a secret
_PARTS = re.compile(r"[/?&=#]+")


@dataclass(frozen=True, slots=True)
class Outlet:
    """What posting works with. ``inside``: hosts of own networks that may be posted to, as ``host`` or ``host:port``."""

    client: Client
    vault: Vault
    clock: Clock
    inside: frozenset[str] = frozenset()

    def is_inside(self, url: str) -> bool:
        """Return whether an address is one of the operator's own network.

        Raises:
            FetchError: it cannot be read.
        """
        return read_target(url).is_among(self.inside)


class PostChannel:
    """A channel that posts what one platform understands."""

    lanes = 32

    def __init__(self, dialect: Dialect, outlet: Outlet) -> None:
        self._dialect = dialect
        self._outlet = outlet

    async def send(
        self, claim: DeliveryClaim, now: datetime, may_transmit: Callable[[], Awaitable[bool]]
    ) -> Receipt:
        """Return the receipt; never raises for what the other side does."""
        try:
            keep = self._keep(claim)
        except InputError as error:
            return ours(str(error), now)
        if not claim.message.text:
            return Receipt(DeliveryState.FAILED, "connect", None, "its words are no longer kept")
        if not await may_transmit():
            return not_transmitted(now)
        return (await self._post(keep, claim, now))[1]

    async def challenge(self, claim: DeliveryClaim, now: datetime, challenge: str) -> Receipt:
        """Return SENT when the other side took a message and repeated the challenge in it; an empty one needs no echo."""
        try:
            keep = self._keep(claim)
        except InputError as error:
            return ours(str(error), now)
        answer, receipt = await self._post(keep, claim, now)
        if receipt.state is not DeliveryState.SENT or answer is None or not challenge:
            return receipt
        if echoed(answer, challenge):
            return replace(receipt, answer="the challenge came back")
        return Receipt(
            DeliveryState.FAILED, "answer", answer.status, "taken, but the challenge did not come back"
        )

    def is_inside(self, url: str) -> bool:
        """Return whether an address is one of the operator's own network.

        Raises:
            FetchError: it cannot be read.
        """
        return self._outlet.is_inside(url)

    async def close(self) -> None:
        """Do nothing: no connection is kept, and the client is closed by whoever made it."""

    def _keep(self, claim: DeliveryClaim) -> Keep:
        if claim.sealed is None:
            raise InputError("its address is no longer kept")
        return self._outlet.vault.open(claim.sealed)

    async def _post(self, keep: Keep, claim: DeliveryClaim, now: datetime) -> tuple[Answer | None, Receipt]:
        posting = Posting(claim.message.text, mark_of(claim), self._outlet.clock.now())
        try:
            answer = await self._exchange(keep, posting)
        except FetchError as error:
            heard = Heard(Said.UNSURE if error.reached else Said.FAILED, error.detail)
            return None, receipt_of(heard, claim, now, stage=_stage(error))
        heard, asked = self._dialect.hear(answer), patience(answer, posting.at)
        wait = heard.wait if asked is None else asked
        heard = replace(heard, words=scrubbed(heard.words, keep), wait=wait)
        return answer, receipt_of(heard, claim, now)

    async def _exchange(self, keep: Keep, posting: Posting) -> Answer:
        call = self._dialect.call(keep, posting)
        ask = Ask(
            call.url, "POST", headers=call.headers, body=call.body, timeout=PATIENCE, max_bytes=READ,
            private=self._outlet.is_inside(call.url), cut=True, follow=False,
        )  # fmt: skip
        return await self._outlet.client.exchange(ask)


def _stage(error: FetchError) -> str:
    """Return how far an exchange without an answer came: the guard let nothing out, nobody was reached, or perhaps all was sent."""
    if error.outcome is Outcome.DENIED_ADDRESS:
        return "guard"
    return "request" if error.reached else "connect"


def mark_of(claim: DeliveryClaim) -> str:
    """Return the mark of all copies of a message: it follows from the idempotency key alone."""
    return f"msg_{sha256(claim.idempotency_key.encode()).hexdigest()[:32]}"


def scrubbed(words: str, keep: Keep) -> str:
    """Return the words of an answer without any part of the address or a secret: some platforms repeat them."""
    path = keep.url.split("://", 1)[-1].partition("/")[2]
    parts = {part for part in _PARTS.split(path) if len(part) >= HIDDEN}
    for part in sorted({*parts, *keep.secrets}, key=len, reverse=True):
        words = words.replace(part, "…")
    return words
