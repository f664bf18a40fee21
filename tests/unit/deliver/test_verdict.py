"""What the end of an attempt means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.deliver.verdict import GIVE_UP, Ended, Tries, not_transmitted, verdict
from alerts.domain.vocabulary import DeliveryState
from tests.digests import NOW

FRESH = Tries(0, NOW)
SENT, DUE = DeliveryState.SENT, DeliveryState.DUE
FAILED, UNCERTAIN = DeliveryState.FAILED, DeliveryState.UNCERTAIN
STAGES = ("connect", "mail", "rcpt", "data", "text", "done")


@pytest.mark.parametrize(
    ("stage", "code", "state", "minutes", "counted"),
    [
        pytest.param("connect", None, DUE, 1, False, id="relay-down"),
        pytest.param("connect", 421, DUE, 1, False, id="relay-busy"),
        pytest.param("connect", 535, DUE, 15, False, id="password-refused"),
        pytest.param("mail", None, DUE, 1, False, id="lost-at-mail"),
        pytest.param("mail", 451, DUE, 5, False, id="sender-asked-for-patience"),
        pytest.param("mail", 550, DUE, 15, False, id="sender-refused-is-our-fault"),
        pytest.param("rcpt", 450, DUE, 5, True, id="greylisted"),
        pytest.param("rcpt", 421, DUE, 5, True, id="closing-at-rcpt"),
        pytest.param("rcpt", None, DUE, 5, True, id="lost-at-rcpt"),
        pytest.param("rcpt", 550, FAILED, None, True, id="no-such-user"),
        pytest.param("text", 451, DUE, 5, True, id="not-now-after-the-dot"),
        pytest.param("text", 554, FAILED, None, True, id="content-refused"),
        pytest.param("text", 421, UNCERTAIN, 5, True, id="kept-and-closed"),
        pytest.param("text", None, UNCERTAIN, 5, True, id="lost-around-the-dot"),
        pytest.param("text", 250, UNCERTAIN, 5, True, id="an-answer-that-makes-no-sense"),
        pytest.param("done", 250, SENT, None, True, id="taken"),
    ],
)
def test_an_end_means(
    stage: str, code: int | None, state: DeliveryState, minutes: int | None, counted: bool
) -> None:
    receipt = verdict(Ended(stage, code, "words"), FRESH, NOW)

    assert (receipt.state, receipt.counted, receipt.stage, receipt.code) == (state, counted, stage, code)
    assert receipt.retry_at == (None if minutes is None else NOW + timedelta(minutes=minutes))


def test_retries_follow_the_plan_and_then_come_every_four_hours() -> None:
    steps = [verdict(Ended("rcpt", 450), Tries(failures, NOW), NOW).retry_at for failures in range(9)]

    assert [(step - NOW).total_seconds() // 60 for step in steps if step] == [
        5,
        15,
        30,
        60,
        120,
        180,
        240,
        240,
        240,
    ]


def test_after_five_days_a_recipient_that_never_answers_well_is_given_up() -> None:
    tries = Tries(30, NOW - GIVE_UP)

    assert verdict(Ended("rcpt", 450), tries, NOW).state is FAILED


def test_a_relay_that_is_down_for_a_week_gives_nobody_up() -> None:
    tries = Tries(0, NOW - 2 * GIVE_UP)

    assert verdict(Ended("connect"), tries, NOW).state is DUE


@given(
    st.sampled_from(STAGES),
    st.none() | st.integers(200, 599),
    st.integers(0, 40),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_what_comes_again_has_a_later_time_and_only_a_text_is_uncertain(
    stage: str, code: int | None, failures: int, age: timedelta
) -> None:
    receipt = verdict(Ended(stage, code), Tries(failures, NOW - age), NOW)

    again = receipt.state in (DUE, UNCERTAIN)
    assert (receipt.retry_at is not None) == again
    assert receipt.retry_at is None or receipt.retry_at > NOW
    assert receipt.state is not UNCERTAIN or stage == "text"
    assert receipt.counted or receipt.state is DUE


def test_an_attempt_that_was_called_off_is_not_counted() -> None:
    receipt = not_transmitted(NOW)

    assert (receipt.state, receipt.counted) == (DUE, False)


def test_a_long_answer_is_kept_on_one_line_and_cut() -> None:
    receipt = verdict(Ended("rcpt", 550, "no\r\n" * 1000), FRESH, NOW)

    assert "\n" not in receipt.answer
    assert len(receipt.answer) == 500


@pytest.mark.parametrize(
    "answer", ["Domain frequency limited", "5.7.1 blocked by our policy", "HL:REP too many unknown"]
)
def test_a_refusal_of_policy_comes_again_and_never_says_that_the_reader_is_gone(answer: str) -> None:
    steps = [verdict(Ended("rcpt", 550, answer), Tries(failures, NOW), NOW) for failures in range(4)]

    assert {step.state for step in steps} == {DUE}
    assert [step.retry_at - NOW for step in steps if step.retry_at] == [
        timedelta(hours=h) for h in (1, 4, 24, 24)
    ]
    assert verdict(Ended("rcpt", 550, answer), Tries(9, NOW - GIVE_UP), NOW).state is FAILED
