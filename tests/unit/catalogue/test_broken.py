"""A hundred broken catalogues: each says what is wrong, where, within two seconds and without a traceback."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import check, read
from alerts.catalogue.positions import read_tree
from alerts.domain.errors import CatalogueError

HEAD = "version: 1\nfeeds:\n"
ROW = "  - id: one\n    name: {en: One}\n    url: https://example.org/a\n    jurisdiction: US\n"
LAST = 7  # the first line after ROW


def row(*lines: str) -> bytes:
    """Return a good catalogue of one feed with ``lines`` added to the feed, from line 7 on."""
    return (HEAD + ROW + "".join(f"    {line}\n" for line in lines)).encode()


def changed(old: str, new: str) -> bytes:
    """Return a good catalogue of one feed with one piece of its text changed."""
    assert old in HEAD + ROW
    return (HEAD + ROW).replace(old, new).encode()


API = "json: {items: a, fields: {title: t, url: u}%s}"
BOMB = (
    "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
    "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
    "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
)

# name: bytes, line, column, code, a piece of the sentence
BROKEN: dict[str, tuple[bytes, int, int, str, str]] = {
    "tab": (b"version: 1\nfeeds:\n\t- id: one\n", 3, 1, "tab", "use spaces"),
    "duplicate key": (row("interval: 1h", "interval: 2h"), 8, 5, "duplicate-key", "line 7"),
    "misspelt key": (row("intervall: 1h"), 7, 5, "unknown-key", "Did you mean 'interval'?"),
    "misspelt key at the top": (b"version: 1\nfeed: []\nfeeds: []\n", 2, 1, "unknown-key", "'feeds'"),
    "unquoted NO for a switch": (row("enabled: NO"), 7, 14, "wrong-type", "Write false."),
    "on for a switch": (row("enabled: on"), 7, 14, "wrong-type", "Write true."),
    "text for a switch": (row("topical: maybe"), 7, 14, "wrong-type", "true or false"),
    "review of nothing known": (row("review: maybe"), 7, 13, "bad-review", "required, never or a list"),
    "review of an unknown severity": (row("review: [critcal]"), 7, 13, "unknown-slug", "'critical'"),
    "approvals of none": (row("approvals: {critical: 0}"), 7, 27, "bad-approvals", "1 to 5"),
    "approvals of an unknown severity": (row("approvals: {urgent: 2}"), 7, 25, "unknown-slug", "severity"),
    "a timer of seconds": (row("release_after: 5s"), 7, 20, "bad-duration", "1m to 30d"),
    "minutes as clock time": (row("interval: 12:30"), 7, 15, "bad-duration", "'12:30'"),
    "duration without unit": (row("interval: 30"), 7, 15, "bad-duration", "30s, 15m"),
    "duration too short": (row("interval: 5s"), 7, 15, "bad-duration", "1m to 30d"),
    "octal size": (row("max_bytes: 0o777"), 7, 16, "bad-size", "512KiB"),
    "size with a leading zero and a blank": (row("max_bytes: 05 MiB"), 7, 16, "bad-size", "5MiB"),
    "unknown jurisdiction": (changed("US", "UK"), 6, 19, "unknown-jurisdiction", "Did you mean 'GB'?"),
    "jurisdiction by name": (changed("US", "Germny"), 6, 19, "unknown-jurisdiction", "Did you mean 'DE'?"),
    "region for a jurisdiction": (changed("US", "asean"), 6, 19, "unknown-jurisdiction", "is a region"),
    "number for a jurisdiction": (changed("US", "7"), 6, 19, "wrong-type", "US or EP"),
    "misspelt right": (row("rights: [patents]"), 7, 14, "unknown-slug", "Did you mean 'patent'?"),
    "misspelt type": (row("type: rss"), 7, 11, "unknown-slug", "feed, json, page"),
    "misspelt trust": (row("trust: offical"), 7, 12, "unknown-slug", "Did you mean 'official'?"),
    "bad id": (changed("id: one", "id: One Two"), 3, 9, "bad-id", "a-z, 0-9"),
    "duplicate id": ((HEAD + ROW + ROW).encode(), 7, 9, "duplicate-id", "'one' stands already"),
    "missing key": (changed("    url: https://example.org/a\n", ""), 3, 5, "missing-key", "'url'"),
    "file address": (changed("https://example.org/a", "file:///etc/passwd"), 5, 10, "bad-url", "http and https"),
    "address with a password": (changed("//example", "//me:pw@example"), 5, 10, "bad-url", "password"),
    "address with an unknown word to fill in": (changed("org/a", "org/{yaer}"), 5, 10, "bad-url", "'year'"),
    "own machine": (changed("example.org", "127.0.0.1"), 5, 10, "private-address", "allow_private_networks: true"),
    "own machine by name": (changed("example.org", "localhost"), 5, 10, "private-address", "allow_private_networks: true"),
    "own network in IPv6": (changed("https://example.org/a", "'http://[fd00::1]/a'"), 5, 10, "private-address", "private network"),
    "metadata of a cloud, allowed": (
        changed("example.org", "169.254.169.254") + b"    allow_private_networks: true\n", 5, 10, "private-address", "never asked"),
    "address as one number": (changed("example.org", "2130706433"), 5, 10, "bad-url", "odd spelling"),
    "address in hexadecimal": (changed("example.org", "0x7f.0.0.1"), 5, 10, "bad-url", "odd spelling"),
    "address in octal": (changed("example.org", "0177.0.0.1"), 5, 10, "bad-url", "odd spelling"),
    "host with two dots": (changed("example.org", "ex\u00e4mple..org"), 5, 10, "bad-url", "no host name"),
    "port 0": (changed("example.org", "example.org:0"), 5, 10, "bad-url", "port 0"),
    "port past the last": (changed("example.org", "example.org:99999"), 5, 10, "bad-url", "out of range"),
    "address with a backslash": (changed("https://example.org/a", "'https://example.org\\a'"), 5, 10, "bad-url", "percent-encoded"),
    "duration in words": (row("interval: '5 minutes'"), 7, 15, "bad-duration", "30s, 15m"),
    "duration of ISO 8601": (row("interval: PT5M"), 7, 15, "bad-duration", "30s, 15m"),
    "no duration": (row("interval: 0"), 7, 15, "bad-duration", "30s, 15m"),
    "negative duration": (row("interval: -5m"), 7, 15, "bad-duration", "30s, 15m"),
    "huge duration": (row("interval: 999999w"), 7, 15, "bad-duration", "1m to 30d"),
    "date for a duration": (row("interval: 2026-01-01"), 7, 15, "bad-duration", "'2026-01-01'"),
    "name without a language": (changed("{en: One}", "One"), 4, 11, "wrong-type", "{en: Office"),
    "one word for a list": (row("rights: patent"), 7, 13, "wrong-type", "Write ['patent']."),
    "merge key": (row("<<: {interval: 1h}"), 7, 5, "unknown-key", "'defaults'"),
    "zone by offset": (row("timezone: GMT+8"), 7, 15, "unknown-time-zone", "no IANA time zone"),
    "zone as a path": (row("timezone: ../etc/passwd"), 7, 15, "unknown-time-zone", "no IANA time zone"),
    "language with an underscore": (row("language: zh_CN"), 7, 15, "bad-language", "zh-Hans"),
    "charset that hides markup": (row("type: page", "page: {rows: li, charset: utf-7}"), 8, 31, "unknown-charset", "gb18030"),
    "empty regex": (row("filter: {include: ['']}"), 7, 24, "bad-regex", "matches everything"),
    "alternatives that begin alike": (row("filter: {include: ['(\\w\\s|\\d\\s)+$']}"), 7, 24, "slow-regex", "begin alike"),
    "a billion parts": (row("filter: {include: ['((a{1000}){1000}){1000}']}"), 7, 24, "slow-regex", "smaller counts"),
    "catastrophic link pattern": (row("type: page", "page: {link_pattern: '(a+)+$'}"), 8, 26, "slow-regex", "for ever"),
    "catastrophic date pattern": (row("type: page", "page: {rows: li, date_pattern: '(a*)*x'}"), 8, 36, "slow-regex", "for ever"),
    "catastrophic excluded title": (row("type: page", "page: {rows: li, exclude_title: ['(a|aa)+$']}"), 8, 38, "slow-regex", "for ever"),
    "unknown function": (row("type: json", API.replace("items: a", "items: 'nofn(a)'") % ""), 8, 19, "bad-path", "nofn"),
    "endless selector": (row("type: page", f"page: {{rows: '{'a ' * 600}'}}"), 8, 18, "bad-selector", "1,000"),
    "NUL": (row("publisher: a\0b"), 7, 17, "syntax", "control character"),
    "tab in a value": (row("publisher: a\tb"), 7, 17, "tab", "use spaces"),
    "unquoted percent sign": (row("publisher: %a"), 7, 16, "syntax", "in quotes"),
    "unquoted colon": (row("publisher: a: b"), 7, 17, "syntax", "in quotes"),
    "unclosed quote": (row("publisher: 'a"), 8, 1, "syntax", "not closed"),
    "text that turns direction": (row('publisher: "a\u202eb"'), 7, 16, "bad-text", "printable"),
    "header with a line end": (row('headers: {X-Key: "a\\r\\nb"}'), 7, 22, "bad-header", "one line"),
    "unknown time zone": (row("timezone: Asia/Shangai"), 7, 15, "unknown-time-zone", "'Asia/Shanghai'"),
    "bad regex": (row("filter: {include: ['(a']}"), 7, 24, "bad-regex", "character 1"),
    "catastrophic regex": (row("filter: {exclude: ['(a+)+$']}"), 7, 24, "slow-regex", "for ever"),
    "sha1 without websub": (row("websub_sha1: true"), 7, 5, "mapping", "needs 'websub: true'"),
    "a pushed address that changes": (row("websub: true").replace(b"example.org/", b"example.org/{year}/"), 7, 5, "mapping", "cannot be pushed"),
    "api without mapping": (row("type: json"), 7, 11, "mapping", "'json' mapping"),
    "feed with a page mapping": (row("page: {rows: li}"), 7, 5, "mapping", "this is a feed"),
    "bad JMESPath": (row("type: json", API.replace("items: a", "items: 'a['") % ""), 8, 19, "bad-path", "JMESPath"),
    "unknown entry field": (row("type: json", (API % "").replace("title:", "titel:")), 8, 31, "unknown-key", "'title'"),
    "address template without field": (
        row("type: json", API % ", url_template: 'https://a.org/{nr}'"), 8, 64, "mapping", "'nr'"),
    "paging without its parameter": (row("type: json", API % ", paging: {style: page}"), 8, 66, "mapping", "'param'"),
    "bad selector": (row("type: page", "page: {rows: 'a['}"), 8, 18, "bad-selector", "'a['"),
    "page without rows": (row("type: page", "page: {min_title: 3}"), 8, 5, "mapping", "'rows' or 'link_pattern'"),
    "whole page with rows": (row("type: page", "page: {mode: whole, rows: li}"), 8, 25, "mapping", "whole"),
    "header that the service sets": (row("headers: {Host: a.org}"), 7, 15, "bad-header", "itself"),
    "secret in a folder": (row("headers: {X-Key: {file: ../etc/passwd}}"), 7, 22, "bad-secret", "plain name"),
    "byte-order mark and a fault": (b"\xef\xbb\xbfversion: 2\nfeeds: []\n", 1, 10, "bad-value", "1"),
    "true for the version": (b"version: true\nfeeds: []\n", 1, 10, "bad-value", "1"),
    "UTF-16": ((HEAD + ROW).encode("utf-16"), 1, 1, "encoding", "save it as UTF-8"),
    "Latin-1": (HEAD.encode() + "# caf\xe9".encode("latin-1"), 3, 6, "encoding", "not UTF-8"),
    "CRLF and a fault": (row("intervall: 1h").replace(b"\n", b"\r\n"), 7, 5, "unknown-key", "'interval'"),
    "control character": (b"version: 1\nfeeds: [\x07]\n", 2, 9, "syntax", "control character"),
    "empty": (b"", 1, 1, "empty", "version: 1"),
    "comments only": (b"# nothing\n\n", 1, 1, "empty", "version: 1"),
    "a list at the top": (b"- id: one\n", 1, 1, "wrong-type", "must be a mapping"),
    "two documents": ((HEAD + ROW + "---\n" + HEAD).encode(), 7, 1, "several-documents", "one document"),
    "unclosed bracket": (b"version: 1\nfeeds: [\n", 3, 1, "syntax", "expected the node content"),
    "aliases that expand": (BOMB.encode(), 4, 36, "alias-expansion", "10,000"),
    "alias of itself": (b"version: 1\nfeeds: &all [*all]\n", 2, 14, "alias", "contains itself"),
    "unknown alias": (b"version: 1\nfeeds: *all\n", 2, 8, "alias", "no anchor"),
    "3,000 levels": (b"version: 1\nfeeds: " + b"[" * 3_000, 2, 107, "too-deep", "100 levels"),
    "foreign tag": (row("publisher: !!python/object:os.system x"), 7, 16, "unknown-tag", "!!python/object:os.system"),
    "more than 5 MB": (b"# " + b"x" * 5_000_000, 1, 1, "too-large", "5 MB"),
    "more than 30,000 values": (b"feeds:\n" + b"- 1\n" * 40_000, 29_999, 3, "too-many-nodes", "split"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_at_the_place_of_its_fault(name: str, tmp_path: Path) -> None:
    raw, line, column, code, piece = BROKEN[name]
    file = tmp_path / "feeds.yaml"
    file.write_bytes(raw)
    started = time.process_time()
    found = [one for one in check([file]) if (one.line, one.column, one.code) == (line, column, code)]
    assert time.process_time() - started < 2
    assert found, "\n".join(map(str, check([file])))
    assert piece.casefold() in found[0].text.casefold()
    assert str(found[0]).startswith(f"{file}:{line}:{column}: error[{code}]: ")
    with pytest.raises(CatalogueError) as refused:
        read(file)
    assert str(found[0]) in refused.value.lines


def test_all_faults_are_reported_in_one_run_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_bytes(
        changed("US", "UK") + b"    intervall: 1h\n    type: page\n    max_bytes: 0\n    max_bytes: 1\n"
    )
    found = check([file])
    assert [one.code for one in found] == [
        "unknown-jurisdiction", "unknown-key", "mapping", "bad-size", "duplicate-key",
    ]  # fmt: skip
    assert [(one.line, one.column) for one in found] == sorted((one.line, one.column) for one in found)


def test_the_same_id_in_two_files_is_refused_in_the_second_and_names_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for file in (first, second):
        file.write_text(HEAD + ROW, encoding="utf-8")
    [found] = check([tmp_path])
    assert (found.file, found.line, found.code) == (str(second), 3, "duplicate-id")
    assert f"{first}:3" in found.text


@pytest.mark.parametrize(
    ("raw", "line", "column", "code"),
    [
        (changed("org/a", "org/a?api_key=0123456789abcdef"), 5, 10, "secret-in-url"),
        (row("headers: {Authorization: Bearer 0123}"), 7, 30, "literal-secret"),
        (row("interval: 1m"), 7, 15, "short-interval"),
        ((HEAD + ROW + ROW.replace("id: one", "id: two")).encode(), 9, 10, "duplicate-address"),
    ],
    ids=["secret in the address", "secret in a header", "impatient", "two feeds of one address"],
)  # fmt: skip
def test_what_works_and_is_unwise_is_a_warning(
    raw: bytes, line: int, column: int, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_bytes(raw)
    [found] = check([file])
    assert (found.line, found.column, found.code, found.severity) == (line, column, code, "warning")
    assert read(file, environment={}).feeds


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe.yaml", tmp_path / "loop.yaml"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    assert [(one.file, one.code) for one in check([pipe, loop])] == [
        (str(pipe), "unreadable"), (str(loop), "unreadable"),
    ]  # fmt: skip


def test_locks_of_editors_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + ROW, encoding="utf-8")
    (tmp_path / ".#a.yaml").symlink_to("nobody@nowhere.1")
    assert [feed.id for feed in read(tmp_path).feeds] == ["one"]


def test_a_missing_file_is_a_fault_and_no_traceback(tmp_path: Path) -> None:
    [found] = check([tmp_path / "none.yaml"])
    assert found.code == "unreadable"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no YAML file"):
        read(tmp_path)


def test_a_fault_inside_an_alias_points_at_the_alias(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(
        f"version: 1\ndefaults:\n  rights: &r [patents]\nfeeds:\n{ROW}    rights: *r\n", encoding="utf-8"
    )
    assert [(one.line, one.column) for one in check([file])] == [(3, 15), (9, 13)]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(raw: bytes) -> None:
    read_tree(raw)


PIECES = ("version", ": ", "1", "\n", "feeds", "- ", "  ", "[", "]", "{", "}", "&a ", "*a", "!t ", "'", '"', "|\n", "? ",
          "%YAML 1.1\n", "---\n", "...\n", "#", ",", "id", "\t", "é", "\x85", "\u2028", "<<", "=", "~", "@", "`")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_yaml_like_text_makes_the_check_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    file.write_text(text, encoding="utf-8")
    assert check([file])
