"""The directory of help: every fault with its place, the nearest help first, the shipped one good."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import directory
from alerts.domain.errors import CatalogueError
from alerts.domain.stations import Need, Station, StationKind, helpers
from alerts.domain.vocabulary import Language, Right

SHIPPED = Path(__file__).parents[2] / "stations.yaml"
ONE = """version: 1
stations:
  - id: cn-one
    name: {en: One, zh-Hans: 一}
    url: https://one.example/
    home: [CN]
    targets: [US]
    languages: [zh-Hans]
    kind: guidance-centre
    source: https://proof.example/
    checked: 2026-11-25
"""


def station(name: str, home: str, **more: object) -> Station:
    made = Station(
        name, {Language.ENGLISH: name}, {}, "https://x.example/", (home,), ("US",), (Language.ENGLISH,),
        StationKind.HELPDESK, "https://p.example/", date(2026, 11, 25),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_the_shipped_directory_is_good_and_every_entry_has_both_languages_and_a_proof() -> None:
    found = directory.read(SHIPPED)
    assert found and not directory.check(SHIPPED)
    assert all(set(one.names) == set(Language) and one.source.startswith("http") for one in found)


@pytest.mark.parametrize(
    ("before", "after", "place", "word"),
    [
        ("home: [CN]", "home: [China]", "6:12", "CN"),
        ("kind: guidance-centre", "kind: guidance-center", "9:11", "guidance-centre"),
        ("url: https://one.example/", "url: javascript:alert(1)", "5:10", "web address"),
        ("url: https://one.example/", "url: https://u:p@one.example/", "5:10", "password"),
        (", zh-Hans: 一", "", "4:11", "both languages"),
        ("checked: 2026-11-25", "checked: soon", "11:14", "day"),
        ("id: cn-one", "id: CN one", "3:9", "dashes"),
        ("    kind: guidance-centre\n", "", "3:5", "kind"),
        ("targets: [US]", "targets: []", "7:14", "target"),
        ("    kind:", "    sort: x\n    kind:", "9:5", "not a key"),
    ],
)
def test_a_fault_has_its_place_and_a_hint(
    tmp_path: Path, before: str, after: str, place: str, word: str
) -> None:
    path = tmp_path / "stations.yaml"
    path.write_text(ONE.replace(before, after), encoding="utf-8")
    faults = [str(one) for one in directory.check(path)]
    assert any(f":{place}:" in one and word in one for one in faults), faults
    with pytest.raises(CatalogueError):
        directory.read(path)


def test_a_broken_edit_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "stations.yaml"
    path.write_text(ONE, encoding="utf-8")
    stations = directory.watched(path)
    assert [one.id for one in stations()] == ["cn-one"]
    path.write_text("stations: [", encoding="utf-8")
    assert [one.id for one in stations()] == ["cn-one"]
    path.write_text(ONE.replace("cn-one", "cn-two"), encoding="utf-8")
    assert [one.id for one in stations()] == ["cn-two"]


def test_help_of_the_own_province_comes_before_that_of_the_state_and_of_everybody() -> None:
    all_three = [station("w", "world"), station("s", "CN"), station("p", "CN-GD")]
    need = Need(("US",), Language.CHINESE, home="CN-GD")
    assert [one.id for one in helpers(all_three, need)] == ["p", "s", "w"]
    assert [one.id for one in helpers(all_three, replace(need, home="CN-BJ"))] == ["s", "w"]
    assert [one.id for one in helpers(all_three, Need(("US",), Language.ENGLISH))] == ["w"]
    assert helpers(all_three, Need(("JP",), Language.CHINESE)) == ()


@given(
    st.lists(st.sampled_from(["CN", "CN-GD", "world", "eu", "US"]), max_size=8),
    st.sampled_from([None, "CN", "CN-GD", "DE", "US"]),
    st.sampled_from(list(Language)),
)
def test_the_choice_is_short_the_same_each_time_and_never_off_the_mark(
    homes: list[str], home: str | None, language: Language
) -> None:
    stations = [station(f"s{number}", place, rights=(Right.PATENT,)) for number, place in enumerate(homes)]
    need = Need(("US",), language, (Right.PATENT,), home)
    found = helpers(stations, need)
    assert len(found) <= 3
    assert found == helpers(stations[::-1], need)
    assert not helpers(stations, replace(need, rights=(Right.TRADEMARK,)))
