"""Each answer gets the right name, and the server's patience is read from it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Request, Validators
from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.fetch.verdict import judge
from alerts.net import Answer
from tests.clocks import NOON

REQUEST = Request("https://office.example/feed")
LATER = "Mon, 02 Mar 2026 13:00:00 GMT"  # an hour after NOON


def fault(status: int, body: bytes = b"", **headers: str) -> FetchError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(FetchError) as caught:
        judge(Answer(status, named, body, REQUEST.url), REQUEST, NOON)
    return caught.value


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.EMPTY), (204, Outcome.EMPTY), (201, Outcome.HTTP_ERROR), (206, Outcome.HTTP_ERROR),
        (300, Outcome.HTTP_ERROR), (302, Outcome.HTTP_ERROR), (304, Outcome.HTTP_ERROR), (400, Outcome.HTTP_ERROR),
        (401, Outcome.HTTP_ERROR), (403, Outcome.HTTP_ERROR), (404, Outcome.HTTP_ERROR), (410, Outcome.GONE),
        (429, Outcome.THROTTLED), (451, Outcome.HTTP_ERROR), (500, Outcome.HTTP_ERROR), (503, Outcome.HTTP_ERROR),
        (522, Outcome.HTTP_ERROR), (999, Outcome.HTTP_ERROR),
    ],
)  # fmt: skip
def test_each_status_has_its_outcome(status: int, outcome: Outcome) -> None:
    found = fault(status)

    assert (found.outcome, found.status, found.retry_at) == (outcome, status, None)


def test_a_body_of_blanks_is_empty() -> None:
    assert fault(200, b" \r\n\t ").outcome is Outcome.EMPTY


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "date", "pause"),
    [
        ("120", "", timedelta(seconds=120)),
        ("86400", "", timedelta(days=1)),
        ("99999999", "", timedelta(days=7)),
        (LATER, "", timedelta(hours=1)),
        (
            LATER,
            "Mon, 02 Mar 2026 12:45:00 GMT",
            timedelta(minutes=15),
        ),  # the server's clock is ahead of ours
        (LATER, "Mon, 02 Mar 2026 14:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 2100 00:00:00 GMT", "", timedelta(days=7)),
        ("Monday, 02-Mar-26 13:00:00 GMT", "nonsense", timedelta(hours=1)),
    ],
)
def test_retry_after_is_read_in_both_forms(
    status: int, retry_after: str, date: str, pause: timedelta
) -> None:
    found = fault(status, retry_after=retry_after, date=date)

    assert (found.outcome, found.retry_at) == (Outcome.THROTTLED, NOON + pause)


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1.5", "Mon", "99999999999999", "0x10", "Mon, 99 Foo 2026"]
)
def test_an_unreadable_retry_after_says_nothing(text: str) -> None:
    assert fault(429, retry_after=text).retry_at is None


def test_freshness_of_a_429_is_patience_too() -> None:
    assert fault(429, cache_control="max-age=172800").retry_at == NOON + timedelta(days=2)
    assert fault(429, cache_control="max-age=60", retry_after="600").retry_at == NOON + timedelta(minutes=10)
    assert fault(429, cache_control="max-age=600", retry_after="60").retry_at == NOON + timedelta(minutes=10)


def test_any_refusal_may_ask_for_patience() -> None:
    found = fault(500, retry_after="60")

    assert (found.outcome, found.retry_at) == (Outcome.HTTP_ERROR, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"<title>Just a moment...</title>"),
        (403, b"<title>Attention Required! | Cloudflare</title>"),
        (401, b'<iframe src="/_Incapsula_Resource?x">'),
        (503, b"<title>DDoS-Guard</title>"),
        (403, b"Please verify you are a human"),
        (403, b"<div id='px-captcha'>"),
        (429, b"<script src='https://hcaptcha.com/1/api.js'>"),
        (405, b"window.awsWafCookieDomainList = []; aws-waf-token"),
        (403, b"<h1>Making sure you&#39;re not a bot!</h1>"),
    ],
)
def test_a_bot_check_is_a_challenge(status: int, body: bytes) -> None:
    assert fault(status, body).outcome is Outcome.CHALLENGE


@pytest.mark.parametrize(("name", "value"), [("cf_mitigated", "challenge"), ("x_amzn_waf_action", "captcha")])
@pytest.mark.parametrize("status", [200, 202, 403])
def test_a_bot_check_may_be_told_by_a_header_alone(status: int, name: str, value: str) -> None:
    assert fault(status, b"<html>", **{name: value}).outcome is Outcome.CHALLENGE


def test_words_about_captchas_in_a_document_are_no_challenge() -> None:
    body = b"<rss><title>Court: verifying you are a human with hcaptcha.com is patentable</title></rss>"

    assert judge(Answer(200, {}, body, REQUEST.url), REQUEST, NOON)


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_with_a_form_is_no_challenge(status: int) -> None:
    assert fault(status, b"<script src='https://hcaptcha.com/1/api.js'>").outcome is Outcome.HTTP_ERROR


@given(st.integers(100, 999), st.binary(max_size=50), st.text(max_size=30), st.text(max_size=30))
def test_any_answer_is_a_value_or_a_named_fault(status: int, body: bytes, retry: str, date: str) -> None:
    headers = {"retry-after": retry, "date": date, "cache-control": retry, "age": date, "expires": retry}
    request = Request(REQUEST.url, validators=Validators('"1"'))
    try:
        assert judge(Answer(status, headers, body, request.url), request, NOON)
    except FetchError as found:
        assert found.status == status
        assert found.retry_at is None or NOON <= found.retry_at <= NOON + timedelta(days=7)
