"""Decide what an attempt's end means: sent, never again, again, or perhaps sent. Pure.

The table behind it was measured with a scripted server, one recipient per message. What counts is the stage: a lost
connection before the text is a plain retry, one inside ``text`` may hide a message that the server has taken, so it
is uncertain and goes out again under the same Message-ID. A relay that cannot be reached, or that refuses our
sender, says nothing about the recipient: no attempt is used up.
Source: RFC 5321 section 4.5.4.1 (retry for four to five days), section 4.2.5 (who answers for a message after the dot).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.deliver.bounces import refusal
from alerts.domain.digests import Receipt
from alerts.domain.providers import slows
from alerts.domain.returns import ReportKind
from alerts.domain.vocabulary import DeliveryState

RELAY_PAUSE = timedelta(seconds=60)  # the relay does not answer
SENDER_PAUSE = timedelta(minutes=5)  # the relay asks our sender for patience
FAULT_PAUSE = timedelta(minutes=15)  # the relay refuses our sender or our password: an operator must look
GIVE_UP = timedelta(days=5)
PLAN = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 180))
POLICY_PLAN = tuple(timedelta(hours=hours) for hours in (1, 4, 24))
LAST_STEP = timedelta(hours=4)
ANSWER_LIMIT = 500  # characters of a server's answer that are kept


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended: the last stage that began, the server's code (None when it was lost), its words."""

    stage: str  # connect | mail | rcpt | data | text | done
    code: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Tries:
    """What came before this attempt: answered ``failures``, and when the first attempt began (UTC)."""

    failures: int
    since: datetime


def verdict(ended: Ended, tries: Tries, now: datetime) -> Receipt:
    """Return the receipt of an attempt that ended at ``now``."""
    if ended.stage == "done":
        return _receipt(DeliveryState.SENT, ended)
    uncertain = ended.stage == "text" and _may_be_taken(ended.code)
    if ended.stage != "connect" and ended.code is not None and slows(ended.answer) and not uncertain:
        return _slowed(ended, tries, now)
    if ended.stage in ("connect", "mail"):
        return _again(ended, now + _relay_pause(ended), counted=False)
    if uncertain:
        return _planned(DeliveryState.UNCERTAIN, ended, tries, now)
    return (
        _refused(ended, tries, now)
        if (ended.code or 0) >= 500
        else _planned(DeliveryState.DUE, ended, tries, now)
    )


def _refused(ended: Ended, tries: Tries, now: datetime) -> Receipt:
    policy = ended.stage == "rcpt" and refusal(ended.answer) is ReportKind.POLICY
    if policy and now - tries.since < GIVE_UP:
        # Our reputation, not the reader: a provider says so with 550 as soon as with 450.
        return _receipt(DeliveryState.DUE, ended, now + _policy_step(tries))
    return _receipt(DeliveryState.FAILED, ended)


def _policy_step(tries: Tries) -> timedelta:
    return POLICY_PLAN[min(tries.failures, len(POLICY_PLAN) - 1)]


def _slowed(ended: Ended, tries: Tries, now: datetime) -> Receipt:
    """Return that a provider takes no more so fast, in whatever code it says so: the reader is not to blame."""
    if now - tries.since >= GIVE_UP:
        return _receipt(DeliveryState.FAILED, ended)
    return _receipt(
        DeliveryState.DUE, ended, now + (_policy_step(tries) if (ended.code or 0) >= 500 else PLAN[0])
    )


def not_transmitted(now: datetime) -> Receipt:
    """Return the receipt of an attempt that was called off right before the text: nothing left this machine."""
    return _again(
        Ended("rcpt", None, "called off before the text was sent"), now + RELAY_PAUSE, counted=False
    )


def _relay_pause(ended: Ended) -> timedelta:
    if ended.code is None:
        return RELAY_PAUSE
    if ended.code >= 500:
        return FAULT_PAUSE
    return RELAY_PAUSE if ended.stage == "connect" else SENDER_PAUSE


def _may_be_taken(code: int | None) -> bool:
    """Return whether the server may hold the message: no answer, no proper refusal, or 421 (seen after it was kept)."""
    return code is None or code == 421 or not 400 <= code <= 599


def _planned(state: DeliveryState, ended: Ended, tries: Tries, now: datetime) -> Receipt:
    """Return a retry by plan, or the end when five days have passed."""
    if now - tries.since >= GIVE_UP:
        return _receipt(DeliveryState.FAILED, ended)
    step = PLAN[tries.failures] if tries.failures < len(PLAN) else LAST_STEP
    return _receipt(state, ended, now + step)


def _again(ended: Ended, at: datetime, *, counted: bool) -> Receipt:
    receipt = _receipt(DeliveryState.DUE, ended, at)
    return Receipt(receipt.state, receipt.stage, receipt.code, receipt.answer, at, counted)


def _receipt(state: DeliveryState, ended: Ended, retry_at: datetime | None = None) -> Receipt:
    return Receipt(state, ended.stage, ended.code, " ".join(ended.answer.split())[:ANSWER_LIMIT], retry_at)
