"""Companies files: written and read back alike; faults say where."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import roster
from alerts.domain.errors import InputError
from alerts.domain.people import Schedule, Subscription
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria

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
        terms=st.lists(words, max_size=3).map(tuple),
        exclude=st.lists(words, max_size=3).map(tuple),
    ),
    schedule=st.builds(
        Schedule,
        rhythm=st.sampled_from(Rhythm),
        at=st.times().map(lambda t: time(t.hour, t.minute)),
        zone=st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin"]),
        weekday=st.sampled_from(Weekday),
        critical_at_once=st.booleans(),
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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("companies: [", "c.yaml:1:"),
        ("[]", "a mapping with companies is needed"),
        ("companies:\n- nme: A", "nme is not a key here"),
        ("companies:\n- contacts: []", "name is missing"),
        (
            "companies:\n- name: A\n  contacts:\n  - email: a@b.example\n    watches:\n    - regions: [UK]\n",
            "did you mean 'GB'",
        ),
        (
            "companies:\n- name: A\n  contacts:\n  - email: a@b.example\n    rhythm: hourly\n    watches:\n    - regions: [US]\n",
            "rhythm",
        ),
        (
            "companies:\n- name: A\n  contacts:\n  - email: a@b.example\n    zone: Mars/Base\n    watches:\n    - regions: [US]\n",
            "zone",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        roster.read(path)
    assert sentence in str(caught.value)


def test_no_subscriptions_make_a_file_that_reads_as_none(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(roster.write([]))
    assert roster.read(path) == ()
