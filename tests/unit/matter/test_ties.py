"""Which items tell of one event, and which only look like it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.digests import Told
from alerts.domain.items import Dated, Obligation, StoredItem
from alerts.domain.vocabulary import DateOrigin, Kind, Role, Severity
from alerts.domain.watches import Reason
from alerts.matter import adds, choose, trace
from tests.digests import NOW, a_line


def an_item(
    number: int,
    title: str,
    feed: str = "",
    *,
    identifiers: tuple[str, ...] = (),
    days: float = 0,
    **item: object,
) -> StoredItem:
    """Return an item of a feed of its own unless ``feed`` names one, published ``days`` before now."""
    dated = Dated(NOW - timedelta(days=days), DateOrigin.SOURCE)
    fields = {"summary": "", "url": None, "published": dated} | item
    stored = a_line(number, title=title, **fields).stored
    judgement = replace(stored.judgement, identifiers=identifiers, obligations=())
    return replace(stored, feed_id=feed or f"feed-{number}", judgement=judgement)


ORDER = "Commission issues limited exclusion order against certain portable power stations"


def how(one: StoredItem, other: StoredItem) -> str | None:
    found = choose(other, [one])
    assert (found is None) == (choose(one, [other]) is None)
    if found is not None:  # what is tied is also found by the index
        assert set(trace(one).keys) & set(trace(other).keys)
    return found[1].how if found else None


def test_a_number_of_a_proceeding_ties_items_of_two_sources() -> None:
    one = an_item(1, "Notice of institution", identifiers=("337-TA-1400",))
    other = an_item(2, "Neue Untersuchung gegen Hersteller", identifiers=("337-TA-1400",), days=3)

    assert how(one, other) == "identifier"


@pytest.mark.parametrize(
    "law", ["37 CFR 2.6", "Public Law 117-58", "Lei 9.279/1996", "US11365026", "公告第5号"]
)
def test_what_many_items_name_ties_nothing(law: str) -> None:
    assert (
        how(an_item(1, "Fees change", identifiers=(law,)), an_item(2, "A court decides", identifiers=(law,)))
        is None
    )


def test_a_later_step_of_a_proceeding_is_news_of_its_own() -> None:
    one = an_item(1, "Notice of institution", identifiers=("337-TA-1400",))
    assert how(one, an_item(2, "Exclusion order issued", identifiers=("337-TA-1400",), days=40)) is None


def test_two_steps_that_one_source_tells_stay_apart() -> None:
    one = an_item(1, "Motion to terminate granted", "us", identifiers=("337-TA-1400",))
    assert (
        how(one, an_item(2, "Hearing is moved to another room", "us", identifiers=("337-TA-1400",))) is None
    )


def test_a_round_up_of_many_proceedings_is_about_none_of_them() -> None:
    many = tuple(f"337-TA-14{n:02}" for n in range(9))
    assert (
        how(
            an_item(1, "The week at the Commission", identifiers=many),
            an_item(2, ORDER, identifiers=many[:1]),
        )
        is None
    )


def test_one_address_ties_with_tracking_words_and_in_another_language() -> None:
    one = an_item(1, "New fees", url="https://office.example/en/news/7?utm_source=rss")
    assert (
        how(one, an_item(2, "费用调整公告", url="http://office.example/zh/news/7/", language="zh")) == "link"
    )


def test_the_front_page_of_a_site_ties_nothing() -> None:
    one = an_item(1, "New fees for designs", url="https://office.example/")
    assert how(one, an_item(2, "Old marks removed", url="https://office.example/en/")) is None


def test_titles_that_are_nearly_the_same_tie_sources_within_days() -> None:
    press = an_item(2, ORDER.replace("issues", "issued"), days=2)
    assert how(an_item(1, ORDER), press) == "title"
    assert how(an_item(1, ORDER), an_item(2, ORDER, days=9)) is None
    assert how(an_item(1, ORDER), an_item(2, ORDER, jurisdiction="JP")) is None


def test_like_titles_with_other_numbers_are_other_events() -> None:
    one, other = (f"Correction of trade mark application {n} of the register" for n in (4411, 4412))
    assert how(an_item(1, one), an_item(2, other)) is None


def test_like_titles_of_one_source_are_a_burst_and_no_matter() -> None:
    assert how(an_item(1, ORDER, "us"), an_item(2, ORDER, "us")) is None


ENGLISH = "The Commission bars imports of PowerMax stations (No. 34117) by Lumina from March 5, 2027."
CHINESE = "委员会自2027年3月5日起禁止进口Lumina公司的PowerMax储能电源（编号34117）。"


def test_an_english_and_a_chinese_item_are_twins_by_dates_numbers_and_names() -> None:
    one = an_item(1, "Exclusion order against power stations", summary=ENGLISH)
    assert how(one, an_item(2, "美国发布储能电源排除令", summary=CHINESE, language="zh")) == "twin"


@pytest.mark.parametrize(
    "other",
    [
        "委员会自2027年3月5日起征收费用。",
        "第34117号商标公告，涉及Acme、Globex、Initech、Hooli四家公司。",
        "关于商标审查的通知。",
    ],
)
def test_one_fact_in_common_makes_no_twins(other: str) -> None:
    one = an_item(1, "Exclusion order against power stations", summary=ENGLISH)
    assert how(one, an_item(2, "关于商标的公告通知", summary=other, language="zh")) is None


def test_twins_of_another_kind_or_place_stay_apart() -> None:
    one = an_item(1, "Exclusion order", summary=ENGLISH)
    twin = an_item(2, "美国发布储能电源排除令", summary=CHINESE, language="zh")
    rule = replace(twin, judgement=replace(twin.judgement, kind=Kind.LEGAL_RULE))
    elsewhere = replace(twin, judgement=replace(twin.judgement, jurisdictions=("CN",)))

    assert how(one, rule) is None and how(one, elsewhere) is None


def test_the_surest_tie_counts_then_the_oldest() -> None:
    new = an_item(9, ORDER, identifiers=("337-TA-1400",))
    titles = [an_item(n, ORDER) for n in (1, 2)]
    number = an_item(3, "Something said otherwise", identifiers=("337-TA-1400",))

    assert choose(new, [*titles, number])[0] == 3  # type: ignore[index]
    assert choose(new, titles[::-1])[0] == 1  # type: ignore[index]
    assert choose(new, [new]) is None


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=80))
def test_any_text_has_few_keys_and_ties_alike_both_ways(title: str, summary: str, other: str) -> None:
    one = an_item(1, title, summary=summary, url=f"https://x.example/{other}")
    assert len(trace(one).keys) <= 30
    how(one, an_item(2, other, summary=title))


def told(severity: Severity, *due: Obligation, terms: tuple[str, ...] = ()) -> Told:
    stored = a_line(1, severity).stored
    reasons = tuple(Reason("term", term, term) for term in terms)
    return Told(replace(stored, judgement=replace(stored.judgement, obligations=due)), reasons, "<a@b>")


def test_a_further_source_is_news_only_where_it_says_more() -> None:
    due = Obligation(Role.RESPONSE_DUE, NOW.date(), stated=True, basis="")
    moved = replace(due, date=NOW.date() + timedelta(days=9))
    worse, same = told(Severity.CRITICAL, due).stored, told(Severity.HIGH, due).stored
    dated = told(Severity.HIGH, moved).stored
    computed = told(Severity.HIGH, replace(moved, stated=False)).stored
    before = [told(Severity.HIGH, due)]

    assert [adds(before, new, ()) for new in (worse, dated, same, computed)] == [True, True, False, False]
    assert adds(before, same, (Reason("term", "Anker", "Anker"),))
    assert not adds([told(Severity.HIGH, due, terms=("Anker",))], same, (Reason("term", "Anker", "Anker"),))
