"""What each command prints and leaves behind, run as an operator runs it."""

import json
from pathlib import Path

import pytest

from alerts.cli.app import run

FEED = b"""<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>x</title><item><guid>a1</guid>
<title>\xb9\xd8\xd3\xda\xc9\xcc\xb1\xea\xb7\xd1\xd3\xc3\xb5\xc4\xb9\xab\xb8\xe6</title><link>https://office.example/a1</link>
<pubDate>Mon, 02 Mar 2026 09:00:00 +0800</pubDate></item></channel></rss>"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_init_writes_a_folder_that_checks_and_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "mine"]) == 0
    names = sorted(path.name for path in Path("mine").iterdir())
    assert names == [".env", "README.md", "feeds.schema.json", "feeds.yaml"]
    assert (
        Path("mine/feeds.yaml").read_text().startswith("# yaml-language-server: $schema=feeds.schema.json\n")
    )
    assert run(["check", "--strict", "mine/feeds.yaml"]) == 0
    capsys.readouterr()
    assert run(["init", "mine"]) == 2
    assert "already holds" in capsys.readouterr().err


def test_check_prints_each_fault_in_each_form(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.yaml").write_text("version: 1\nfeeds:\n  - id: a\n    nme: x\n")
    assert run(["check", "bad.yaml"]) == 2
    text = capsys.readouterr().out.splitlines()
    assert all(line.startswith("bad.yaml:") and " error[" in line for line in text)
    assert any("Did you mean 'name'" in line for line in text)
    assert run(["check", "bad.yaml", "--format", "json"]) == 2
    assert len(lines(capsys)) == len(text)
    assert run(["check", "bad.yaml", "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error file=bad.yaml,line=")


def test_parse_prints_items_as_they_would_be_stored(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cn.xml").write_bytes(FEED)
    assert run(["parse", "--jurisdiction", "CN", "cn.xml"]) == 0
    (item,) = lines(capsys)
    assert item["title"] == "关于商标费用的公告"
    assert item["published"] == "2026-03-02T01:00:00Z"
    assert (item["relevant"], item["rights"], item["event"]) == (True, ["trademark"], "fees")
    assert item["findings"]


def test_parse_says_what_is_wrong_with_a_document_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    Path("page.html").write_text("<!DOCTYPE html><html><body>Hello</body></html>")
    assert run(["parse", "page.html"]) == 1
    assert "not-a-feed" in capsys.readouterr().err


def test_classify_reads_and_writes_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    record = {
        "id": "x1",
        "title": "USITC issues general exclusion order on chargers, patent infringement found",
        "lang": "en",
    }
    Path("in.jsonl").write_text(json.dumps(record) + "\n\nnot json\n")
    assert run(["classify", "in.jsonl"]) == 1, "one line was bad"
    said = capsys.readouterr()
    (label,) = [json.loads(line) for line in said.out.splitlines()]
    assert label["id"] == "x1"
    assert label["labels"]["event"] == "exclusion"
    assert label["labels"]["severity"] == "critical"
    assert label["reasons"]
    assert "line 3" in said.err


def test_a_subscription_survives_export_and_import(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--company",
        "示例有限公司",
        "--region",
        "US",
        "--region",
        "asean",
        "--term",
        "Anker",
        "--language",
        "zh-Hans",
        "--tz",
        "Asia/Shanghai",
    ]
    assert run(["subscribe", "ip@acme.example", *words]) == 0
    assert run(["companies", "export", "all.yaml"]) == 0
    capsys.readouterr()
    assert run(["companies", "import", "all.yaml", "--dry-run", "--format", "json"]) == 0
    assert [line["change"] for line in lines(capsys)] == ["same"]
    Path("all.yaml").write_text(Path("all.yaml").read_text().replace('"asean"', '"eu"'))
    assert run(["companies", "import", "all.yaml", "--dry-run", "--format", "json"]) == 0
    assert [line["change"] for line in lines(capsys)] == ["changed"]
    assert run(["companies", "import", "all.yaml"]) == 0
    assert run(["companies", "export"]) == 0
    assert '"eu"' in capsys.readouterr().out


def test_route_says_who_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    run(["subscribe", "ip@acme.example", "--company", "Acme", "--region", "US", "--term", "Anker"])
    Path("item.json").write_text(
        json.dumps({"id": "1", "title": "Anker sued over charger patent in Texas", "feed_jurisdiction": "US"})
    )
    capsys.readouterr()
    assert run(["route", "--item", "item.json"]) == 0
    said = capsys.readouterr().out
    assert "ip@acme.example" in said
    assert "Anker" in said and "title" in said
    Path("item.json").write_text(
        json.dumps({"id": "1", "title": "Patent fees in Japan", "feed_jurisdiction": "JP"})
    )
    assert run(["route", "--item", "item.json"]) == 0
    assert capsys.readouterr().out == "Nobody.\n"


def test_a_backup_is_restored_and_what_was_there_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    run(["subscribe", "one@acme.example", "--company", "Acme", "--region", "US"])
    assert run(["db", "backup", "copy.db"]) == 0
    run(["subscribe", "two@acme.example", "--company", "Acme", "--region", "US"])
    assert run(["db", "restore", "copy.db"]) == 0
    capsys.readouterr()
    run(["companies", "export"])
    said = capsys.readouterr().out
    assert "one@acme.example" in said and "two@acme.example" not in said
    assert run(["db", "current"]) == 0


def test_an_opml_list_goes_out_and_comes_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["feeds", "export-opml", "out.opml"]) == 0
    assert run(["feeds", "import-opml", "out.opml"]) == 0
    said = capsys.readouterr()
    assert said.out == "feeds: []\n", "all of them are configured already"


def test_doctor_names_each_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--format", "json"]) in (0, 1)
    assert {"feeds.yaml", "database", "mail", "clock", "disk"} <= {line["part"] for line in lines(capsys)}


def test_a_preview_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(["subscribe", "ip@acme.example", "--company", "Acme", "--region", "US"])
    for form in ("text", "html", "eml", "json"):
        capsys.readouterr()
        assert run(["digest", "preview", "ip@acme.example", "--format", form]) == 0
        assert capsys.readouterr().out
    assert run(["digest", "run", "--format", "json"]) == 0
    assert lines(capsys) == [{"digests": 0, "urgent": 0, "nothing_to_tell": 0}]


def test_an_imported_list_goes_into_a_new_file_and_what_is_known_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    known = "<outline text='x' xmlUrl='{}'/>"
    assert run(["feeds", "list", "--format", "json"]) == 0
    first = next(
        row for row in map(json.loads, capsys.readouterr().out.splitlines()) if row["type"] == "feed"
    )
    url = first["url"].replace("&", "&amp;")
    fresh = "<outline text='New' xmlUrl='https://new.example/feed'/>" * 2
    Path("in.opml").write_text(f"<opml><body>{known.format(url)}{fresh}</body></opml>")

    assert run(["feeds", "import-opml", "in.opml", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"configured already as {first['id']}." in said.err
    assert "https://new.example/feed: stands twice in the list." in said.err
    assert run(["feeds", "import-opml", "in.opml", "--to", "new.yaml"]) == 0
    assert run(["check", "new.yaml"]) == 0
    assert "wo-new" in Path("new.yaml").read_text()
    assert run(["feeds", "import-opml", "in.opml", "--to", "new.yaml"]) == 2
    assert "exists already" in capsys.readouterr().err
