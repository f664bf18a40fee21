"""One entry for one thing: the sources of a matter, and bursts of like notices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.digest import apart
from alerts.digest.bundle import BURST, template
from alerts.domain.digests import AlertLine
from alerts.domain.items import Dated, Obligation
from alerts.domain.vocabulary import DateOrigin, Language, Role, Severity
from alerts.domain.watches import Reason
from alerts.render import Renderer
from tests.digests import LINKS, NOW, a_digest, a_line

LETTERS = "abcdefghij"


def corrections(number: int) -> list[AlertLine]:
    """Return notices of one office and day that differ in number and name alone."""
    names = ["".join(LETTERS[int(digit)] for digit in str(n)).title() for n in range(number)]
    return [
        a_line(n, Severity.LOW, title=f"Correction of trade mark application No. {n + 40_000} of {name} Ltd")
        for n, name in enumerate(names)
    ]


def of_matter(line: AlertLine, matter: int, feed_id: str = "us-office") -> AlertLine:
    return replace(line, stored=replace(line.stored, matter_id=matter, feed_id=feed_id))


def told_ids(lines: Sequence[AlertLine]) -> set[int]:
    """Return the alerts that a digest of the lines stands for, each counted once."""
    digest = a_digest(*lines)
    numbers = [
        one for e in digest.entries for one in (e.alert_id, *(o.alert_id for o in (*e.sources, *e.alike)))
    ]
    assert len(numbers) == len(set(numbers))
    return set(numbers)


def test_three_hundred_like_notices_are_one_entry_with_its_count() -> None:
    lines = corrections(300)
    digest = a_digest(*lines)

    (entry,) = digest.entries
    assert (entry.weight, digest.more, digest.counts) == (300, 0, ((Severity.LOW, 300),))
    assert told_ids(lines) == set(range(300))


def test_three_like_notices_stay_single() -> None:
    assert [entry.weight for entry in a_digest(*corrections(3)).entries] == [1, 1, 1]
    assert len(a_digest(*corrections(BURST - 1)).entries) == BURST - 1
    assert len(a_digest(*corrections(BURST)).entries) == 1


def test_one_plaintiff_and_forty_sellers_are_one_entry() -> None:
    sellers = [f"Shop {LETTERS[n // 10]}{LETTERS[n % 10]} store" for n in range(40)]
    lines = [a_line(n, title=f"Lumina Energy LLC v. {seller}, complaint") for n, seller in enumerate(sellers)]

    assert [entry.weight for entry in a_digest(*lines).entries] == [40]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("关于第1234号商标“光明”的更正公告", "关于第98765号商标“未来”的更正公告"),
        ("深圳市光明科技有限公司商标撤销公告", "杭州未来电子有限公司商标撤销公告"),
        ("Correction of patent EP1234567 (ACME)", "Correction of patent EP7654321 (Other Name)"),
        ("光明公司诉甲店侵害商标权", "光明公司诉乙店侵害商标权"),
    ],
)
def test_titles_that_differ_in_numbers_and_names_have_one_form(one: str, other: str) -> None:
    assert template(one) == template(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Final rule on trade mark fees", "Final rule on patent fees"),
        ("12345", "54321"),
        ("商标法修正案", "专利法修正案"),
        ("Anker v. Shop A", "Belkin v. Shop A"),
    ],
)
def test_titles_about_something_else_have_another_form(one: str, other: str) -> None:
    assert template(one) != template(other)


def test_what_differs_in_severity_source_or_day_is_no_part_of_the_burst() -> None:
    red, *rest = corrections(30)
    red = replace(
        red, stored=replace(red.stored, judgement=replace(red.stored.judgement, severity=Severity.CRITICAL))
    )
    elsewhere = replace(rest[0], stored=replace(rest[0].stored, feed_id="other"))
    old = Dated(NOW - timedelta(days=2), DateOrigin.SOURCE)
    older = replace(rest[1], stored=replace(rest[1].stored, item=replace(rest[1].stored.item, published=old)))

    weights = [entry.weight for entry in a_digest(red, elsewhere, older, *rest[2:]).entries]

    assert sorted(weights) == [1, 1, 1, 27] and weights[0] == 1


def test_a_notice_that_names_a_watched_term_does_not_hide_in_the_burst() -> None:
    first, *rest = corrections(20)
    named = replace(first, reasons=(*first.reasons, Reason("term", "Anker", "Anker", where="title")))

    assert sorted(entry.weight for entry in a_digest(named, *rest).entries) == [1, 19]


def test_corrections_of_what_was_told_stay_single() -> None:
    lines = [replace(line, correction=True) for line in corrections(20)]

    assert len(a_digest(*lines).entries) == 20


def test_a_burst_shows_the_dates_of_all_its_notices() -> None:
    lines = corrections(10)
    due = Obligation(Role.OPPOSITION_ENDS, date(2026, 11, 30), stated=True, basis="")
    judged = replace(lines[4].stored.judgement, obligations=(due,))
    lines[4] = replace(lines[4], stored=replace(lines[4].stored, judgement=judged))

    (entry,) = a_digest(*lines).entries

    assert due in entry.stored.judgement.obligations


def test_a_matter_is_one_entry_that_lists_all_its_sources_in_both_languages() -> None:
    english = of_matter(a_line(1, title="Exclusion order in 337-TA-1400", publisher="Trade Commission"), 7)
    chinese = of_matter(
        a_line(2, title="美国对便携式电源发布排除令", language="zh", publisher="商务部"), 7, "cn"
    )
    digest = a_digest(english, chinese)

    (entry,) = digest.entries
    assert digest.counts == ((Severity.HIGH, 1),) and len(entry.sources) == 1
    for language, words in ((Language.ENGLISH, "Also reported by:"), (Language.CHINESE, "其他来源的报道：")):
        told = Renderer().digest_message(a_digest(english, chinese, language=language), LINKS)
        for text in (told.text, told.html):
            assert words in text and "337-TA-1400" in text and "美国对便携式电源发布排除令" in text
            assert "https://www.office.example/notices/2" in text


def test_what_cannot_wait_is_one_message_for_each_thing() -> None:
    twins = [of_matter(a_line(n, Severity.CRITICAL, title=f"Order {LETTERS[n]}"), 3, f"f{n}") for n in (1, 2)]
    burst = [replace(line, alert_id=line.alert_id + 100) for line in corrections(12)]

    together = apart([*burst, *twins, a_line(50, title="Something else")])

    assert sorted(map(len, together)) == [1, 2, 12]


def test_a_burst_that_cannot_wait_says_its_number_in_the_subject() -> None:
    digest = a_digest(*corrections(40), slot="item:1:1")

    message = Renderer().alert_message(digest, LINKS)

    assert "(+39)" in message.subject and "and 39 more notices like it" in message.text
