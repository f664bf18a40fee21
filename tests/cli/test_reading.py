"""Commands that read records and documents: a bad line harms no other, and programs get JSON."""

import json
from pathlib import Path

import pytest

from alerts.cli.app import run

GOOD = {"id": "x", "title": "Anker sued over charger patent in Texas", "feed_jurisdiction": "US"}
BAD = (
    {**GOOD, "published": "2026-02-30"},
    {**GOOD, "published": "0001-01-01T00:00:00+23:00"},
    {**GOOD, "title": 5},
    {"id": "y"},
    {**GOOD, "title": "half \ud800"},
    [1],
)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(["subscribe", "ip@acme.example", "--company", "Acme", "--region", "US", "--term", "Anker"])


def written(*records: object, ascii_only: bool = True) -> str:
    text = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    Path("in.jsonl").write_text(text, encoding="utf-8")
    return "in.jsonl"


@pytest.mark.parametrize("command", [["classify"], ["route", "--item"]], ids=lambda words: words[0])
@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_record_is_named_by_its_line_and_the_others_are_read(
    command: list[str], bad: object, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run([*command, written(GOOD, bad, GOOD)]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    (sentence,) = said.err.splitlines()
    assert "line 2: " in sentence and sentence.endswith(".") and not sentence.endswith("..")


@pytest.mark.parametrize("command", [["classify"], ["route", "--item"]], ids=lambda words: words[0])
def test_only_a_line_feed_ends_a_line(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    odd = {**GOOD, "summary": "one\u2028two\u0085three"}
    assert run([*command, written(odd, odd, ascii_only=False)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_route_for_programs_names_item_contact_watch_and_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert run(["route", "--item", written(GOOD), "--format", "json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["item"], line["email"], line["watch"]) == ("x", "ip@acme.example", "default")
    assert {reason["facet"] for reason in line["reasons"]} == {"region", "term"}
    assert run(["route", "--item", written({**GOOD, "title": "Fees"}), "--format", "json"]) == 0
    assert capsys.readouterr().out == ""


def test_short_chinese_titles_are_found_on_an_unknown_page(capsys: pytest.CaptureFixture[str]) -> None:
    names = (
        "首页",
        "联系我们",
        "About us",
        "商标费用公告",
        "关于专利收费标准的通知",
        "Notice on trademark fees",
    )
    links = "".join(f"<li><a href='/{number}'>{name}</a></li>" for number, name in enumerate(names))
    Path("page.html").write_text(f"<!DOCTYPE html><meta charset=utf-8><ul>{links}</ul>", encoding="utf-8")
    capsys.readouterr()
    assert run(["parse", "--type", "page", "page.html"]) == 0
    titles = [json.loads(line)["title"] for line in capsys.readouterr().out.splitlines()]
    assert titles == list(names[3:])


def test_a_file_that_is_no_copy_is_not_restored(capsys: pytest.CaptureFixture[str]) -> None:
    Path("junk.db").write_text("junk")
    capsys.readouterr()
    assert run(["db", "restore", "junk.db"]) == 2
    assert capsys.readouterr().err == "alerts: junk.db is no copy that `alerts db backup` made.\n"


def test_the_schema_is_told_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["db", "current", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == told["this_version"]


@pytest.mark.parametrize("style", ["text", "github"])
def test_a_fault_is_one_line_whatever_a_key_holds(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'version: 1\nfeeds: []\n"a\\n::error::50% b\\r\\e[31m": 1\n'
    Path("odd,name:1.yaml").write_text(text)
    capsys.readouterr()
    assert run(["check", "odd,name:1.yaml", "--format", style]) == 2
    said = capsys.readouterr().out.split("\n")
    start = "::error file=odd%2Cname%3A1.yaml,line=" if style == "github" else "odd,name:1.yaml:"
    assert said[-1] == "" and all(line.startswith(start) for line in said[:-1])
    assert not any(character in "".join(said) for character in "\r\x1b")
    assert ("50%25" in "".join(said)) is (style == "github")


def test_an_identifier_is_explained_with_its_official_page(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    record = {**GOOD, "title": "Anker sued over patents, UPC_CFI_12/2026 and EP 1 234 567 B1"}
    assert run(["classify", "--explain", written(record)]) == 0
    said = capsys.readouterr().out
    assert "EP1234567              https://worldwide.espacenet.com/patent/search?q=pn%3DEP1234567" in said
    assert "UPC_CFI_12/2026        no official page" in said
