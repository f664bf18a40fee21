"""Whatever is asked of the archive, the index finds what a look at every item finds, on every database."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.domain.items import Dated, ItemQuery, Obligation, Revision, StoredItem
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Right, Role, Severity
from alerts.store import Store, lookup
from tests.builders import MONDAY, a_judgement, an_item
from tests.contract.steps import collect

CODES = ("US", "CN", "DE", "EM")
WORDS = ("patent", "notice", "fee", "商标", "专利", "公告")
PUBLISHERS = ("US Office", "国家局")
DAYS = [
    date(1949, 5, 1),
    date(2016, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 2, 27),
    date(2026, 3, 1),
    date(2060, 1, 1),
]


def revision(number: int, chance: random.Random) -> Revision:
    """Return an item with a bit of everything."""
    day = chance.choice(DAYS)
    due = Obligation(Role.IN_FORCE, date(2026, chance.randint(3, 8), 5), stated=True, basis="from")
    judged = a_judgement(
        relevant=chance.random() < 0.8, kind=chance.choice(list(Kind)), event=chance.choice(list(Event)[:4]), severity=chance.choice(list(Severity)),
        rights=tuple(chance.sample(list(Right)[:3], chance.randint(0, 2))), jurisdictions=tuple(chance.sample(CODES, chance.randint(1, 2))),
        obligations=(due,) if chance.random() < 0.3 else (), identifiers=("337-TA-1402",) if chance.random() < 0.1 else (),
    )  # fmt: skip
    item = an_item(
        f"k{number}", title=" ".join(chance.choices(WORDS, k=2)), summary=" ".join(chance.choices(WORDS, k=3)), publisher=chance.choice(PUBLISHERS),
        published=Dated(MONDAY.replace(year=day.year, month=day.month, day=day.day), DateOrigin.SOURCE),
    )  # fmt: skip
    return Revision(item, judged, f"h{number}")


def wish(chance: random.Random) -> ItemQuery:
    """Return a query of any filters and words."""
    first, last = sorted(chance.choices(DAYS[1:-1], k=2))
    every = {
        "jurisdictions": tuple(chance.sample(CODES, chance.randint(1, 3))), "kinds": (chance.choice(list(Kind)),), "rights": (chance.choice(list(Right)[:3]),),
        "events": tuple(chance.sample(list(Event)[:4], 2)), "severities": (chance.choice(list(Severity)),), "publishers": (chance.choice(PUBLISHERS),),
        "since": first, "until": last + timedelta(days=chance.randint(0, 40)), "obliged": (date(2026, 4, 1), date(2026, 6, 30)),
        "search": chance.choice([*WORDS, " ".join(chance.sample(WORDS, 2)), '"patent notice"', "337-TA-1402", "专利公告", "nowhere"]),
        "irrelevant_only": True, "relevant_only": False,
    }  # fmt: skip
    chosen = chance.sample(sorted(every), chance.randint(0, 4))
    return ItemQuery(limit=chance.choice((3, 1000)), **{name: every[name] for name in chosen})  # type: ignore[arg-type]


def fits(query: ItemQuery, one: StoredItem) -> bool:
    """Return whether an item fits, by a look at it alone."""
    judged, day = one.judgement, (one.item.published or Dated(MONDAY, DateOrigin.SOURCE)).at.date()
    months = [(due.date.year, due.date.month) for due in judged.obligations]
    return (
        (not query.jurisdictions or bool(set(query.jurisdictions) & set(judged.jurisdictions)))
        and (not query.kinds or judged.kind in query.kinds)
        and (not query.rights or bool(set(query.rights) & set(judged.rights)))
        and (not query.events or judged.event in query.events)
        and (not query.severities or judged.severity in query.severities)
        and (not query.publishers or one.item.publisher in query.publishers)
        and (query.since is None or query.since <= day)
        and (query.until is None or day <= query.until)
        and (query.obliged is None or any((2026, 4) <= month <= (2026, 6) for month in months))
        and (not judged.relevant if query.irrelevant_only else judged.relevant or not query.relevant_only)
        and (query.search is None or says(query.search, one))
    )


def says(search: str, one: StoredItem) -> bool:
    """Return whether the text of an item, or a number of it, is what was looked for."""
    lines = [f" {text} " for text in (one.item.title, one.item.summary)]
    if search in one.judgement.identifiers:
        return True
    if search.startswith('"'):
        return any(f" {search[1:-1]} " in line for line in lines)
    if search == "专利公告":  # characters follow each other whatever stands between
        return any("专利 公告" in line for line in lines)
    return all(any(f" {word} " in line for line in lines) for word in search.split())


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make blocks so small that every page reaches over several."""
    monkeypatch.setattr(lookup, "BLOCK", 2)
    monkeypatch.setattr(lookup, "WALKED", 3)
    monkeypatch.setattr(lookup, "WIDTHS", (1, 2, 3))
    yield


@pytest.mark.usefixtures("narrow")
def test_any_filters_and_words_find_what_a_look_at_every_item_finds(store: Store) -> None:
    chance = random.Random(20261125)
    collect(store, *(revision(number, chance) for number in range(120)))
    store.search.catch_up()
    everything = store.items.query(ItemQuery(relevant_only=False, limit=1000)).items
    found = 0
    for _ in range(300):
        query = wish(chance)
        expected = [one.id for one in everything if fits(query, one)]
        assert walked(store, query) == expected, query
        found += bool(expected)
    assert found > 100, "most of the wishes were for nothing, which proves little"


def walked(store: Store, query: ItemQuery) -> list[int]:
    """Return the numbers on all pages, as they come."""
    page = store.items.query(query)
    numbers = [one.id for one in page.items]
    while page.next_before_id:
        page = store.items.query(replace(query, before_id=page.next_before_id))
        numbers += [one.id for one in page.items]
    return numbers
