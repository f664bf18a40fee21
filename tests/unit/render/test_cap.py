"""CAP messages: by the schema of the standard, one for each revision, in both languages."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.items import Obligation, StoredItem
from alerts.domain.vocabulary import Event, Language, Role, Severity, Trust
from alerts.render.cap import Origin, message
from tests.builders import DAY, MONDAY, a_judgement, an_item
from tests.caprules import CAP, judged

ORIGIN = Origin(
    "https://alerts.example",
    "mailto:desk@operator.example",
    lambda one, _: one.item.publisher,
    Trust.OFFICIAL,
)


def stored(number: int = 1, told: dict[str, Any] | None = None, **texts: Any) -> StoredItem:
    """Return revision ``number`` of one item, each a day after the one before."""
    at = MONDAY + (number - 1) * DAY if number > 1 else None
    judgement = a_judgement(**(told or {}))
    return StoredItem(
        7, "us-office", number, 70 + number, an_item(**texts), judgement, MONDAY, at, matter_id=3
    )


def texts(body: bytes, path: str) -> list[str]:
    root = ET.fromstring(body)
    return [one.text or "" for one in root.findall("/".join(CAP + name for name in path.split("/")))]


def test_a_warning_says_what_where_when_and_how_sure() -> None:
    dues = (
        Obligation(Role.IN_FORCE, date(2026, 4, 1), stated=True, basis="effective"),
        Obligation(Role.RESPONSE_DUE, date(2026, 3, 20), stated=False, basis="19 CFR 210.13"),
    )
    judgement = {
        "severity": Severity.CRITICAL,
        "event": Event.EXCLUSION,
        "obligations": dues,
        "jurisdictions": ("US", "EM"),
    }

    body = message([stored(told=judgement)], ORIGIN)

    assert judged(body) == []
    assert texts(body, "identifier") == ["alerts.example.item.7.1"]
    assert texts(body, "sender") == ["alerts.example"]
    assert texts(body, "sent") == ["2026-03-02T12:00:00-00:00"]
    assert texts(body, "msgType") == ["Alert"]
    assert texts(body, "incidents") == ["matter-3"]
    assert texts(body, "info/language") == ["en-US", "zh-CN"]
    assert texts(body, "info/event")[1] == "禁令与排除令"
    assert set(texts(body, "info/urgency")) == {"Immediate"}
    assert set(texts(body, "info/severity")) == {"Extreme"}
    assert set(texts(body, "info/certainty")) == {"Observed"}
    assert set(texts(body, "info/onset")) == {"2026-04-01T00:00:00-00:00"}
    assert set(texts(body, "info/expires")) == {"2026-04-02T00:00:00-00:00"}
    assert texts(body, "info/area/areaDesc")[::2] == ["United States", "美国"]
    assert texts(body, "info/area/geocode/value") == ["US", "US", "EM"] * 2
    assert texts(body, "info/instruction")[0].splitlines() == [
        "response due: 20 March 2026 (computed: 19 CFR 210.13)",
        "enters into force: 1 April 2026 (stated: effective)",
    ]
    assert texts(body, "info/web") == [
        f"https://alerts.example/items/7?lang={one}" for one in ("en", "zh-Hans")
    ]


def test_a_later_revision_refers_to_all_before() -> None:
    body = message([stored(), stored(2), stored(3, title="Final rule k1, corrected")], ORIGIN)

    assert judged(body) == []
    assert texts(body, "msgType") == ["Update"]
    assert texts(body, "references") == [
        "alerts.example,alerts.example.item.7.1,2026-03-02T12:00:00-00:00 "
        "alerts.example,alerts.example.item.7.2,2026-03-03T12:00:00-00:00"
    ]
    assert texts(body, "sent") == ["2026-03-04T12:00:00-00:00"]


def test_what_the_source_withdrew_is_cancelled_and_stays_so_until_it_is_taken_back() -> None:
    gone = stored(2, title="WITHDRAWN: final rule k1")
    still = stored(3, title="WITHDRAWN: final rule k1", summary="See the new notice.")
    back = stored(4, title="Final rule k1", summary="See the new notice.")

    bodies = [message([stored(), gone, still, back][:number], ORIGIN) for number in (1, 2, 3, 4)]

    assert [texts(body, "msgType") for body in bodies] == [["Alert"], ["Cancel"], ["Cancel"], ["Update"]]
    assert [judged(body) for body in bodies] == [[]] * 4
    assert texts(bodies[1], "note") == ["The source has withdrawn this notice. / 来源已撤回本信息。"]
    assert set(texts(bodies[1], "info/urgency")) == {"Past"}
    assert set(texts(bodies[1], "info/responseType")) == {"AllClear"}


def test_what_turned_out_to_be_about_nothing_is_cancelled() -> None:
    body = message([stored(), stored(2, told={"relevant": False})], ORIGIN)

    assert texts(body, "msgType") == ["Cancel"]


@pytest.mark.parametrize(
    ("event", "trust", "certainty"),
    [
        (Event.RULE, Trust.OFFICIAL, "Observed"),
        (Event.CONSULTATION, Trust.OFFICIAL, "Possible"),
        (Event.RULE, Trust.PRESS, "Likely"),
        (Event.RULE, None, "Unknown"),
    ],
)
def test_how_sure_it_is_goes_by_who_says_it(event: Event, trust: Trust | None, certainty: str) -> None:
    body = message([stored(told={"event": event})], replace(ORIGIN, trust=trust))

    assert set(texts(body, "info/certainty")) == {certainty}


def test_a_message_without_a_date_ahead_lasts_a_month() -> None:
    past = Obligation(Role.IN_FORCE, (MONDAY - timedelta(days=9)).date(), stated=True, basis="effective")

    for dues in ((), (past,)):
        body = message([stored(told={"obligations": dues})], ORIGIN)
        assert set(texts(body, "info/expires")) == {"2026-04-01T12:00:00-00:00"}
        assert judged(body) == []


@given(
    title=st.text(), summary=st.text(max_size=200), publisher=st.text(max_size=60), basis=st.text(max_size=60)
)
@settings(max_examples=60, deadline=None)
def test_no_words_of_a_source_break_the_schema(title: str, summary: str, publisher: str, basis: str) -> None:
    due = Obligation(Role.HEARING, date(2026, 4, 1), stated=True, basis=basis)
    one = stored(
        told={"obligations": (due,), "identifiers": (basis,)},
        title=title,
        summary=summary,
        publisher=publisher,
    )

    assert judged(message([one], ORIGIN)) == []


def test_both_languages_are_there() -> None:
    assert len(texts(message([stored()], ORIGIN), "info/headline")) == len(Language)
