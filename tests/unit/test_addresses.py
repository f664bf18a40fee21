"""Date places in configured addresses."""

from datetime import UTC, datetime

import pytest

from alerts.domain.feeds import JsonMapping, Paging
from alerts.flow.addresses import fill, filled, first_body

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LAST = datetime(2026, 2, 27, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("https://x.example/{year}/{month}", "https://x.example/2026/03"),
        ("?from={since}&to={today}", "?from=2026-02-26&to=2026-03-02"),
        ("{since:%d/%m/%Y}", "26/02/2026"),
        ('{"q": {"year": 1}, "from": "{since}"}', '{"q": {"year": 1}, "from": "2026-02-26"}'),
        ("https://x.example/{id}", "https://x.example/{id}"),
    ],
)
def test_places_are_filled_and_other_braces_stay(template: str, filled: str) -> None:
    assert fill(template, NOW, LAST) == filled


def test_before_the_first_good_poll_since_reaches_thirty_days_back() -> None:
    assert fill("{since}", NOW, None) == "2026-01-31"


def test_the_first_body_holds_the_first_page_and_later_ones_their_dates() -> None:
    template = '{"p": {page}, "o": {offset}, "c": "{cursor}", "since": "{since}"}'
    first = b'{"p": 0, "o": 0, "c": "", "since": "2026-02-26"}'
    assert first_body(JsonMapping("r", {}, body=template, paging=Paging("page", start=0)), NOW, LAST) == first
    assert first_body(JsonMapping("r", {}), NOW, LAST) is None
    assert filled(b'{"p": 2, "since": "{since}"}', NOW, LAST) == b'{"p": 2, "since": "2026-02-26"}'
    assert filled(None, NOW, LAST) is None
