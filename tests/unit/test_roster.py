"""Companies files: written and read back alike; faults say where."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import roster
from alerts.deliver.address import read_address
from alerts.domain.errors import CatalogueError, InputError
from alerts.domain.people import Schedule, Subscription
from alerts.domain.quiet import Quiet
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria, Facets

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
subscriptions = st.builds(
    Subscription,
    company=words,
    email=st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
    criteria=st.builds(
        Criteria,
        regions=st.lists(
            st.sampled_from(["US", "NO", "asean", "eu"]), min_size=1, max_size=3, unique=True
        ).map(tuple),
        kinds=st.lists(st.sampled_from(Kind), unique=True).map(tuple),
        rights=st.lists(st.sampled_from(Right), unique=True).map(tuple),
        events=st.lists(st.sampled_from(Event), unique=True).map(tuple),
        min_severity=st.sampled_from(Severity),
        terms=st.lists(st.sampled_from(["Anker", "充电器", "no", "5G: hub"]), max_size=3, unique=True).map(
            tuple
        ),
        exclude=st.lists(st.sampled_from(["recall", "召回", "null"]), max_size=3, unique=True).map(tuple),
        publishers=st.lists(st.sampled_from(["USPTO", "us-itc"]), max_size=2, unique=True).map(tuple),
        identifiers=st.lists(st.sampled_from(["337-TA-1234", "2026-01234"]), max_size=2, unique=True).map(
            tuple
        ),
        pinyin=st.booleans(),
        all_of=st.builds(Facets, rights=st.lists(st.sampled_from(Right), max_size=2, unique=True).map(tuple)),
        none_of=st.builds(
            Facets, terms=st.lists(st.sampled_from(["webinar", "讲座"]), max_size=2, unique=True).map(tuple)
        ),
    ),
    schedule=st.builds(
        Schedule,
        rhythm=st.sampled_from(Rhythm),
        at=st.times().map(lambda t: time(t.hour, t.minute)),
        zone=st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin"]),
        weekday=st.sampled_from(Weekday),
        critical_at_once=st.booleans(),
        calendar=st.sampled_from([None, "CN", "DE"]),
        quiet=st.sampled_from([None, Quiet(time(22), time(7)), Quiet(time(12), time(13, 30))]),
        quiet_months=st.booleans(),
    ),
    language=st.sampled_from(Language),
    name=st.none() | words,
    watch_name=words,
    consent=words,
)


@given(subscriptions)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, subscription: Subscription
) -> None:
    path = tmp_path_factory.getbasetemp() / "roundtrip.yaml"
    path.write_text(roster.write([subscription]), encoding="utf-8")
    assert roster.read(path) == (subscription,)


def test_norway_stays_norway(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "companies:\n- name: A\n  contacts:\n  - email: a@b.example\n    watches:\n    - regions: [NO]\n"
    )
    assert roster.read(path)[0].criteria.regions == ("NO",)


WATCH = "companies:\n- name: A\n  contacts:\n  - email: a@b.example\n    watches:\n    - regions: [US]\n"


def faults(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        roster.read(path, lambda written: str(read_address(written)))
    return [line.removeprefix(f"{path}:") for line in caught.value.lines]


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("companies: [", "1:13: error[syntax]", ""),
        ("", "1:1: error[empty]", "'companies:'"),
        ("[]", "1:1: error[type]", "A mapping with companies is needed"),
        ("companies:\n- nme: A\n  name: B\n  contacts: [{email: a@b.example, watches: [{regions: [US]}]}]", "2:3: error[unknown-key]", "Did you mean 'name'"),
        (WATCH.replace("name: A", "name:"), "2:3: error[missing]", "name is missing"),
        (WATCH.replace("name: A", "name: 5"), "2:9: error[type]", "not 5; put it in quotes"),
        (WATCH.replace("[US]", "[UK]"), "6:17: error[value]", "did you mean 'GB'"),
        (WATCH.replace("[US]", "[]"), "6:16: error[empty-list]", "at least one jurisdiction"),
        (WATCH.replace("[US]", "US"), "6:16: error[type]", "a list is needed, not 'US'"),
        (WATCH.replace("regions: [US]", "name: x"), "6:7: error[missing]", "regions is missing"),
        (WATCH + "      terms: hello\n", "7:14: error[type]", "a list is needed, not 'hello'"),
        (WATCH + "      kinds: legal-rule\n", "7:14: error[type]", "a list is needed"),
        (WATCH + "      terms: [Anker, 5]\n", "7:22: error[type]", "put it in quotes"),
        (WATCH + "      terms: [x]\n", "7:14: error[value]", "single character"),
        (WATCH + "      rights: [trademarks]\n", "7:16: error[value]", "Did you mean 'trademark'"),
        (WATCH + "    - regions: [CN]\n", "7:7: error[duplicate]", "stands in line 6 already"),
        (WATCH.replace("- regions: [US]", "  [{regions: [US]}, {regions: [CN]}]"), "6:25: error[duplicate]", "'default'"),
        (WATCH + "  - email: A@B.example\n    watches: [{regions: [CN]}]\n", "7:12: error[duplicate]", "line 4"),
        (WATCH.replace("a@b.example", "nobody"), "4:12: error[address]", "not one plain mail address"),
        (WATCH.replace("watches:\n    - regions: [US]", "watches: []"), "5:14: error[empty-list]", "watch"),
        (WATCH + "    critical_at_once: 'no'\n", "7:23: error[type]", "true or false is needed, not 'no'"),
        (WATCH + "    at: 07:30+05:00\n", "7:9: error[value]", "not a time of day"),
        (WATCH + "    at: 25:00\n", "7:9: error[value]", "not a time of day"),
        (WATCH + "    at: 730\n", "7:9: error[type]", "a text is needed"),
        (WATCH + "    rhythm: hourly\n", "7:13: error[value]", "rhythm"),
        (WATCH + "    zone: Asia/Shanghay\n", "7:11: error[value]", "did you mean Asia/Shanghai"),
        (WATCH + "    weekday: tusday\n", "7:14: error[value]", "Did you mean 'tuesday'"),
        (WATCH + "    name: \"a\\u0007b\"\n", "7:11: error[value]", "control character"),
    ],
)  # fmt: skip
def test_one_fault_is_one_line_with_its_place(tmp_path: Path, text: str, start: str, sentence: str) -> None:
    (line,) = faults(tmp_path / "c.yaml", text)
    assert line.startswith(f"{start}: ")
    assert sentence in line


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = WATCH.replace("[US]", "[UK, XQ]") + "      severity: urgent\n  - email: c d\n    watches: hello\n"
    places = [line.split(": ")[0] for line in faults(tmp_path / "c.yaml", text)]
    assert places == ["6:17", "6:21", "7:17", "8:12", "9:14"]


def test_codes_and_words_are_read_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(WATCH.replace("[US]", "[us, ASEAN]") + "    language: ZH-hans\n    weekday: Friday\n")
    (subscription,) = roster.read(path)
    assert subscription.criteria.regions == ("US", "asean")
    assert subscription.language is Language.CHINESE
    assert subscription.schedule.weekday is Weekday.FRIDAY


def test_a_separator_in_a_name_is_written_so_that_it_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    criteria = Criteria(regions=("US",))
    path.write_text(roster.write([Subscription("A\ufeffB", "a@b.example", criteria)]), encoding="utf-8")
    assert roster.read(path)[0].company == "A\ufeffB"


def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        roster.read(tmp_path / "none.yaml")


def test_no_subscriptions_make_a_file_that_reads_as_none(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(roster.write([]))
    assert roster.read(path) == ()
