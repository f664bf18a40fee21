"""Every filter means the same on the page, in the API and in the feeds, alone and with any others."""

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import expand
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from tests.web.world import Browser, World, a_revision, a_world, browsing, settled

TITLES = ("New rules for trade marks", "关于专利年费的公告", "Customs seize batteries", "商标异议程序修订")
FIELDS = {
    "jurisdiction": ["US", "CN", "EM", "asean", "eu", "rcep", "world", "TH"],
    "region": ["asean", "eu", "north-america", "world"],
    "kind": list(Kind),
    "right": list(Right),
    "event": list(Event),
    "severity": list(Severity),
    "publisher": ["The office", "US office", "美国主管机关", "the OFFICE", "Nobody"],
    "since": ["2026-03-01", "2026-03-02", "2026-03-03", "1999-12-31"],
    "until": ["2026-03-01", "2026-03-02", "2026-12-31", "9999-12-31"],
    "q": [
        "rules",
        "年费",
        "商标",
        "专利 公告",
        '"trade marks"',
        "seize batteries",
        "?!",
        "337-TA-1417",
        "  ",
        "nothing",
    ],
}
WORST = [
    "\x00",
    "%",
    "'; --",
    "９",
    "x" * 101,
    "-1",
    "US,CN",
    "🛑",
    "0",
    "2026-02-30",
    "20260301",
    "2026-W10",
]
filters = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in FIELDS.items()})
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Twenty notices that differ in everything."""
    several = product(TITLES, ("US", "CN", "TH", "EM", "VN"))
    many = tuple(
        a_revision(
            f"k{number}", title, list(Severity)[number % 4], kind=list(Kind)[number % 3],
            event=list(Event)[number % 7], rights=(list(Right)[number % 5], list(Right)[number % 2]),
            jurisdictions=(code,), identifiers=("337-TA-1417",) * (number % 2), relevant=number != 7,
        )
        for number, (title, code) in enumerate(several)
    )  # fmt: skip
    with a_world(settled(tmp_path_factory.mktemp("filters") / "a.db", many)) as made:
        yield made


@pytest.fixture
def site(world: World) -> Iterator[Browser]:
    """A site for each test, since the API counts how often a network asks."""
    with browsing(world.site) as made:
        yield made


def on_page(site: Browser, asked: dict[str, str]) -> list[int]:
    text = site.get(f"/items?{urlencode(asked)}").text
    return [int(number) for number in re.findall(r'class="title"><a href="/items/(\d+)', text)]


def in_api(site: Browser, asked: dict[str, str]) -> list[int]:
    answer = site.get(f"/api/v1/items?{urlencode(asked)}")
    assert answer.status == 200, answer
    return [one["id"] for one in json.loads(answer.text)["items"]]


def in_feed(site: Browser, asked: dict[str, str]) -> list[int]:
    place = asked.get("jurisdiction", asked.get("region", "world"))
    answer = site.get(f"/feeds/{place}.json?{urlencode(asked)}")
    return [int(one["url"].rpartition("/")[2]) for one in json.loads(answer.text)["items"]]


def fits(stored: StoredItem, asked: dict[str, str]) -> bool:
    """Return whether a notice meets the filters but the publisher and the words: the rule, said once more."""
    judged = stored.judgement
    day = stored.item.published.at.date() if stored.item.published else stored.first_seen_at.date()
    place, region = asked.get("jurisdiction", "world"), asked.get("region", "world")
    return (
        judged.relevant
        and (region == "world" or bool(set(judged.jurisdictions) & set(expand([region]))))
        and (place == "world" or bool(set(judged.jurisdictions) & set(expand([place]))))
        and asked.get("kind", judged.kind) == judged.kind
        and asked.get("event", judged.event) == judged.event
        and asked.get("severity", judged.severity) == judged.severity
        and ("right" not in asked or asked["right"] in judged.rights)
        and date.fromisoformat(asked.get("since", "0001-01-01"))
        <= day
        <= date.fromisoformat(asked.get("until", "9999-12-31"))
    )


@FEW
@given(asked=filters)
def test_page_api_and_feed_show_the_same_notices(world: World, site: Browser, asked: dict[str, str]) -> None:
    shown = on_page(site, asked)

    assert shown == in_api(site, asked), asked
    assert sorted(shown) == sorted(in_feed(site, asked)), asked
    known = {number: world.site.store.items.get(number) for number in world.items.values()}
    rest = {key: value for key, value in asked.items() if key not in ("q", "publisher")}
    fitting = {number for number, one in known.items() if one and fits(one, rest)}
    assert set(shown) <= fitting, asked
    if rest == asked:
        assert set(shown) == fitting


@pytest.mark.parametrize(
    ("words", "count"),
    [("商标", 5), ("年费", 5), ("专利", 5), ("標", 5), ("公告 专利", 5), ("告公", 0), ("费用", 0)],
)
def test_words_of_two_characters_are_found(site: Browser, words: str, count: int) -> None:
    found = in_api(site, {"q": words})
    assert len(found) in (count, count - 1)  # one of the twenty is about nothing
    assert on_page(site, {"q": words}) == found


@FEW
@given(
    field=st.sampled_from(sorted(FIELDS)), value=st.sampled_from(WORST) | st.text(max_size=30), others=filters
)
def test_a_bad_value_is_refused_with_one_sentence_and_never_a_fault(
    site: Browser, field: str, value: str, others: dict[str, str]
) -> None:
    try:
        query = urlencode({**others, field: value})
    except UnicodeEncodeError:
        return  # no address can hold a lone surrogate
    answers = [site.get(path) for path in (f"/items?{query}", f"/matters?{query}", f"/feeds/US.atom?{query}")]
    told = site.get(f"/api/v1/items?{query}")

    assert {answer.status for answer in answers} <= {200, 400}
    assert told.status in (200, 400, 422)
    if told.status != 200:
        assert json.loads(told.text)["detail"].endswith(".")
    for answer in answers:
        assert answer.status == 200 or answer.text.count("<h1") == 1
    if field in ("jurisdiction", "kind", "right", "event", "severity", "since", "until") and value:
        refused = {answer.status == 400 for answer in answers[:2]}
        assert refused == {told.status != 200}, (answers[0].status, told)


def test_a_place_that_is_none_has_no_feed(site: Browser) -> None:
    for value in WORST:
        assert site.get(f"/feeds/{quote(value)}.atom").status == 404
