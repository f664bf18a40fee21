"""Codes of an authenticator, by the vectors of RFC 4226 and RFC 6238."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from alerts.domain.totp import address, code, fitting_step, shown, step_of

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)


def test_the_counters_of_rfc_4226() -> None:
    expected = [
        "755224",
        "287082",
        "359152",
        "969429",
        "338314",
        "254676",
        "287922",
        "162583",
        "399871",
        "520489",
    ]

    assert [code(SECRET, step) for step in range(10)] == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_the_times_of_rfc_6238(seconds: int, expected: str) -> None:
    assert code(SECRET, step_of(datetime.fromtimestamp(seconds, UTC)), digits=8) == expected


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_be_half_a_minute_off(steps: int, fits: bool) -> None:
    given = code(SECRET, step_of(NOW + timedelta(seconds=30 * steps)))

    assert fitting_step(SECRET, given, NOW) == (step_of(NOW) + steps if fits else None)


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12 456"])
def test_what_is_no_code_fits_nothing(given: str) -> None:
    assert fitting_step(SECRET, given, NOW) is None


def test_an_app_reads_the_address() -> None:
    parts = urlsplit(address(SECRET, "Li Wei", "IP Risk Alerts"))

    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/IP Risk Alerts:Li Wei")
    assert parse_qs(parts.query) == {"secret": [shown(SECRET)], "issuer": ["IP Risk Alerts"]}
    assert shown(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
