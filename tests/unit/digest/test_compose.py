"""What stands together in one digest, and in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.digest import CAP, Turn, compose, coverage, item_slot
from alerts.domain.digests import AlertLine, Digest, SourceHealth
from alerts.domain.errors import NaiveTimeError
from alerts.domain.items import Dated
from alerts.domain.vocabulary import DateOrigin, Health, Severity, severity_rank
from alerts.domain.watches import Reason
from tests.digests import NOW, a_digest, a_line, an_endpoint

lines = st.lists(
    st.tuples(st.sampled_from(Severity), st.sampled_from(["US", "EM", "CN", "JP", "DE"]), st.integers(0, 90)),
    max_size=80,
).map(
    lambda rows: [
        a_line(
            number,
            severity,
            jurisdiction=code,
            published=Dated(NOW - timedelta(days=days), DateOrigin.SOURCE),
        )
        for number, (severity, code, days) in enumerate(rows)
    ]
)


def of_item(line: AlertLine, *jurisdictions: str, reasons: tuple[Reason, ...] = ()) -> AlertLine:
    judgement = replace(line.stored.judgement, jurisdictions=jurisdictions)
    return replace(line, stored=replace(line.stored, judgement=judgement), reasons=reasons)


def ids(digest: Digest) -> list[int]:
    return [entry.alert_id for entry in digest.entries]


@given(lines)
def test_every_line_is_written_out_or_counted_and_none_twice(given_lines: list[AlertLine]) -> None:
    digest = a_digest(*given_lines)

    told = [entry.alert_id for entry in digest.entries]
    told += [line.alert_id for entry in digest.entries for line in entry.alike]
    assert len(set(told)) == len(told) and len(digest.entries) <= CAP
    assert len(told) + digest.more == len(given_lines)
    assert sum(number for _, number in digest.counts) == len(given_lines)


def test_what_does_not_fit_is_counted() -> None:
    digest = a_digest(*(a_line(number, title=f"{number}") for number in range(CAP + 7)))

    assert (len(ids(digest)), digest.more) == (CAP, 7)
    assert digest.counts == ((Severity.HIGH, CAP + 7),)


@given(lines)
def test_what_is_left_out_is_never_more_severe_than_what_stays(given_lines: list[AlertLine]) -> None:
    digest = a_digest(*given_lines)
    kept = set(ids(digest))

    ranks = {True: [9], False: [-1]}
    for line in given_lines:
        ranks[line.alert_id in kept].append(severity_rank(line.stored.judgement.severity))
    assert min(ranks[True]) >= max(ranks[False])


@given(lines)
def test_groups_and_entries_fall_in_severity(given_lines: list[AlertLine]) -> None:
    digest = a_digest(*given_lines)

    for group in digest.groups:
        ranks = [severity_rank(entry.stored.judgement.severity) for entry in group.entries]
        assert ranks == sorted(ranks, reverse=True)
    first = [severity_rank(group.entries[0].stored.judgement.severity) for group in digest.groups]
    assert first == sorted(first, reverse=True)


def test_groups_of_equal_severity_stand_by_name_and_entries_newest_first() -> None:
    old = a_line(1, published=Dated(NOW - timedelta(days=5), DateOrigin.SOURCE))
    new = a_line(2, published=Dated(NOW - timedelta(days=2), DateOrigin.SOURCE))
    japan, australia = a_line(3, jurisdiction="JP"), a_line(4, jurisdiction="AU")

    digest = a_digest(old, japan, new, australia)

    assert [group.jurisdiction for group in digest.groups] == ["AU", "JP", "US"]
    assert ids(digest) == [4, 3, 2, 1]


def test_an_item_stands_under_the_jurisdiction_that_the_reader_asked_for() -> None:
    line = of_item(a_line(1), "US", "DE", reasons=(Reason("region", "DE", "DE", "eu"),))

    assert a_digest(line).groups[0].jurisdiction == "DE"


def test_an_item_that_fits_by_nothing_but_its_feed_stands_under_the_feed() -> None:
    line = of_item(a_line(1, jurisdiction="WO"), "US", reasons=(Reason("right", "patent"),))

    assert a_digest(line).groups[0].jurisdiction == "WO"


@pytest.mark.parametrize(("days", "late"), [(29, False), (31, True)])
def test_a_notice_that_the_source_hid_for_a_month_is_late(days: int, late: bool) -> None:
    line = a_line(1, published=Dated(NOW - timedelta(days=days), DateOrigin.SOURCE))

    assert a_digest(line).entries[0].late is late


def test_an_item_without_a_date_is_not_late() -> None:
    assert not a_digest(a_line(1, published=None)).entries[0].late


def test_an_item_told_at_once_has_a_slot_for_each_revision() -> None:
    stored = a_line(7).stored

    assert item_slot(stored) == "item:7:1"
    assert item_slot(replace(stored, number=2)) == "item:7:2"


def test_a_digest_without_a_time_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        compose(an_endpoint(), "Company", [], (), Turn("2026-11-22", NOW.replace(tzinfo=None)))


def a_source(feed: str, code: str, health: Health, **fields: object) -> SourceHealth:
    usual: dict[str, object] = {"last_success_at": NOW, "last_item_at": NOW, "watched_since": NOW}
    return SourceHealth(feed, code, health, **(usual | fields))  # type: ignore[arg-type]


codes = st.sampled_from(["US", "EM", "CN", "JP", "VN"])


@given(
    st.lists(codes),
    st.lists(st.tuples(codes, st.sampled_from(Health)), max_size=12),
)
def test_every_jurisdiction_is_told_once_and_every_source_is_read_or_dark(
    wanted: list[str], sources: list[tuple[str, Health]]
) -> None:
    told = coverage(wanted, [a_source(str(number), *source) for number, source in enumerate(sources)])

    named = [code for line in told for code in (line.jurisdiction, *line.also)]
    assert sorted(named) == sorted(set(wanted))
    assert all(line.sources == line.healthy + len(line.dark) for line in told)
    assert sum(not line.sources for line in told) <= 1


def test_a_dark_source_is_named_with_since_when_and_comes_first() -> None:
    since = NOW - timedelta(days=2)
    told = coverage(
        ["CN", "US"],
        [a_source("cn", "CN", Health.HEALTHY), a_source("us", "US", Health.DARK, dark_since=since)],
    )

    assert [line.jurisdiction for line in told] == ["US", "CN"]
    assert told[0].dark == (("us", since),)


def test_a_switched_off_source_is_no_source() -> None:
    told = coverage(
        ["US"], [a_source("us", "US", Health.DISABLED), a_source("u", "US", Health.HEALTHY, enabled=False)]
    )

    assert told[0].sources == 0


def test_a_source_that_was_never_read_is_dark_without_a_date() -> None:
    told = coverage(["US"], [a_source("us", "US", Health.NEW, last_success_at=None)])

    assert told[0].dark == (("us", None),)


def test_a_silent_source_was_read_and_is_named_all_the_same() -> None:
    told = coverage(["US"], [a_source("us", "US", Health.SILENT), a_source("other", "US", Health.HEALTHY)])
    (line,) = told
    assert (line.sources, line.healthy, line.dark) == (2, 2, ())
    assert [feed for feed, _, _ in line.silent] == ["us"]
