"""From what an endpoint answered to the receipt of the attempt. Pure.

What was not taken is tried again by the plan of :mod:`alerts.domain.posts`; what is perhaps taken as well, under the same
mark, by which the other side knows it again. A message that a platform will never take fails alone; an endpoint that is gone or
has to be mended is shut, and its messages wait.
"""

from datetime import datetime, timedelta

from alerts.deliver.posts.dialect import Heard, Said
from alerts.deliver.verdict import ANSWER_LIMIT
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.posts import PLAN, SHUT_AFTER, Shut, step
from alerts.domain.vocabulary import DeliveryState

RATE_WAIT = timedelta(minutes=1)  # for a platform that names none
OUR_WAIT = timedelta(minutes=15)  # for a fault on our side: an operator must look
SHUTS = {Said.GONE: Shut.GONE, Said.MISCONFIGURED: Shut.MISCONFIGURED}


def receipt_of(heard: Heard, claim: DeliveryClaim, now: datetime, *, stage: str = "answer") -> Receipt:
    """Return the receipt of an attempt that ended at ``now``; ``stage`` is how far it came."""
    if heard.said is Said.TAKEN:
        return Receipt(DeliveryState.SENT, "done", heard.code, heard.words[:ANSWER_LIMIT])
    stage = "request" if heard.said is Said.UNSURE else stage
    if heard.said is Said.REFUSED:
        return Receipt(DeliveryState.FAILED, stage, heard.code, heard.words[:ANSWER_LIMIT])
    wait, until = _wait(heard, claim), None
    if heard.said is Said.BUSY or heard.wait is not None:
        until = now + (heard.wait if heard.wait is not None else RATE_WAIT)
    retry_at = max(now + wait, until) if until else now + wait
    state = DeliveryState.UNCERTAIN if heard.said is Said.UNSURE else DeliveryState.DUE
    if heard.said in (Said.FAILED, Said.UNSURE) and _worn_out(claim, now):
        state, until = DeliveryState.FAILED, None
    shut = SHUTS.get(heard.said)
    return Receipt(
        state, stage, heard.code, heard.words[:ANSWER_LIMIT],
        None if state is DeliveryState.FAILED else retry_at, until=until, shut=shut,
    )  # fmt: skip


def ours(words: str, now: datetime) -> Receipt:
    """Return the receipt of an attempt that our own fault prevented: nothing left this machine, no attempt is used up."""
    return Receipt(DeliveryState.DUE, "connect", None, words, now + OUR_WAIT, counted=False)


def _wait(heard: Heard, claim: DeliveryClaim) -> timedelta:
    if heard.said is Said.BUSY:
        return heard.wait if heard.wait is not None else RATE_WAIT
    return step(claim.failures, f"{claim.message_id}{claim.attempt}")


def _worn_out(claim: DeliveryClaim, now: datetime) -> bool:
    """Return whether the plan of a message is at its end: it is refused while others may be taken."""
    since = claim.first_attempt_at or claim.created_at
    return claim.failures >= len(PLAN) and now - since >= SHUT_AFTER
