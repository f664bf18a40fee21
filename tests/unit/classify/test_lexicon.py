"""Lexicons are data: what they may say, and how their faults are told."""

from pathlib import Path

import pytest

from alerts.classify import LexiconError, load


def write(folder: Path, text: str, name: str = "xx.yaml") -> Path:
    folder.joinpath(name).write_text(text, "utf-8")
    return folder


def test_the_shipped_lexicons_are_without_fault() -> None:
    assert {"en", "zh"} <= load().terms.keys()
    assert load() is load()


def test_a_folder_replaces_the_shipped_lexicons(tmp_path: Path) -> None:
    lexicons = load(write(tmp_path, "language: xx\nright:\n  patent: patentti; keksintö\n"))
    assert {term.text for term in lexicons.terms["xx"]} == {"patentti", "keksintö"}


def test_two_files_of_one_language_add_up(tmp_path: Path) -> None:
    write(tmp_path, "language: xx\nright:\n  patent: patentti\n")
    write(tmp_path, "language: xx\nright:\n  design: malli\n", "more.yaml")
    assert len(load(tmp_path).terms["xx"]) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("language: xx\nrights:\n  patent: a1\n", 2, "unknown section 'rights'"),
        ("language: xx\nright:\n  patents: abc\n", 3, "'patents' is no slug"),
        ("language: xx\nevent:\n  fraud:\n    huge: scam\n", 4, "'huge' is no weight"),
        ("language: xx\nevent:\n  fraud: |\n    scam\n    a*; ok word\n", 5, "'a*' a stem needs"),
        ("language: xx\nplace:\n  USA: america\n", 3, "'USA' is no slug"),
        ("language: xx\nright: [patent]\n", 2, "slugs with terms are expected"),
        ("right:\n  patent: abc\n", 1, "language is missing"),
        ("language: [\n", 2, "expected"),
        ("- a\n", 1, "a mapping"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(LexiconError) as caught:
        load(write(tmp_path, text))
    assert any(f"xx.yaml:{line}: " in fault and words in fault for fault in caught.value.faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LexiconError) as caught:
        load(write(tmp_path, "language: xx\nright:\n  one: abc\n  two: abc\n"))
    assert len(caught.value.faults) == 2


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no lexicon here"):
        load(tmp_path)


def test_a_file_of_the_operator_replaces_the_shipped_one_of_its_name_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "de.yaml").write_text("language: de\nright:\n  patent: |\n    eigenwort\n", "utf-8")

    own, shipped = load(tmp_path), load()

    assert [term.text for term in own.terms["de"]] == ["eigenwort"]
    assert own.terms["en"] == shipped.terms["en"]
    assert set(own.terms) == set(shipped.terms)
