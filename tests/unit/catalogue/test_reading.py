"""A good catalogue: what becomes of its settings, defaults, secrets and files."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import check, read
from alerts.catalogue.patterns import compile_fault
from alerts.catalogue.scalars import plain
from alerts.catalogue.values import duration, size, url_fault
from alerts.domain.errors import CatalogueError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Carries, FeedType, Language, Role, Trust

ROW = "  - id: one\n    name: {en: One}\n    url: https://example.org/a\n    jurisdiction: NO\n"


def write(folder: Path, *lines: str, defaults: str = "{}", name: str = "feeds.yaml") -> Path:
    """Return a catalogue of one feed with ``lines`` added to it."""
    file = folder / name
    text = f"version: 1\ndefaults: {defaults}\nfeeds:\n{ROW}" + "".join(f"    {line}\n" for line in lines)
    file.write_text(text, encoding="utf-8")
    return file


def one(folder: Path, *lines: str, defaults: str = "{}") -> Feed:
    """Return the feed of a catalogue of one feed."""
    [feed] = read(write(folder, *lines, defaults=defaults), environment={}).feeds
    return feed


def test_a_short_row_gets_the_defaults_of_the_domain(tmp_path: Path) -> None:
    feed = one(tmp_path)
    bare = Feed(
        "one",
        {Language.ENGLISH: "One", Language.CHINESE: "One"},
        FeedType.FEED,
        "https://example.org/a",
        "NO",
    )
    assert feed == replace(bare, headers={}, adaptive=True)


def test_norway_is_norway_without_quotes(tmp_path: Path) -> None:
    assert one(tmp_path).jurisdiction == "NO"


def test_defaults_hold_until_a_feed_says_otherwise(tmp_path: Path) -> None:
    defaults = (
        "{interval: 30m, look_back: 2d, trust: press, carries: risk-warning, max_bytes: 1MiB, topical: false}"
    )
    feed = one(tmp_path, "trust: official", "topical: true", defaults=defaults)
    assert (feed.interval, feed.look_back) == (timedelta(minutes=30), timedelta(days=2))
    assert not feed.adaptive, "an interval was written, and be it for all"
    assert (feed.trust, feed.carries, feed.topical, feed.max_bytes) == (
        Trust.OFFICIAL, Carries.RISK_WARNING, True, 1024**2,
    )  # fmt: skip


def test_settings_that_belong_to_one_feed_are_no_defaults(tmp_path: Path) -> None:
    codes = [
        found.code
        for found in check([write(tmp_path, defaults="{url: https://a.org/, allow_private_networks: true}")])
    ]
    assert codes == ["unknown-key", "unknown-key"]


def test_mappings_arrive_whole(tmp_path: Path) -> None:
    mapping = (
        "json: {items: results, fields: {title: t, id: n}, dates: {comments-close: c}, answer: json, method: POST, "
        "body: '{}', url_template: 'https://a.org/{id}', script: 'script#data', "
        "paging: {style: cursor, path: next, param: after}}"
    )
    api = one(tmp_path, "type: json", mapping).json
    assert api is not None and api.paging is not None
    assert (api.fields, api.dates) == ({"title": "t", "id": "n"}, {Role.COMMENTS_CLOSE: "c"})
    assert (api.script, api.paging.param, api.paging.max_pages) == ("script#data", "after", 5)
    page = one(tmp_path, "type: page", "page: {rows: 'li', exclude_title: ['^More'], date: time}").page
    assert page is not None and page.exclude_title == ("^More",)


def test_a_bom_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = write(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert [feed.id for feed in read(file).feeds] == ["one"]


def test_anchors_may_be_used_again(tmp_path: Path) -> None:
    feed = one(tmp_path, "filter: {include: &words ['a', 'b'], exclude: *words}")
    assert feed.filter.include == feed.filter.exclude == ("a", "b")


def test_a_folder_is_read_by_name_and_its_digest_changes_with_any_byte(tmp_path: Path) -> None:
    write(tmp_path, name="b.yaml")
    file = write(tmp_path, name="a.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("id: one", "id: two"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no catalogue", encoding="utf-8")
    first = read(tmp_path)
    assert [feed.id for feed in first.feeds] == ["two", "one"]
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert read(tmp_path).digest != first.digest == first.digest.lower()


def test_secrets_come_from_the_environment_and_the_credentials_folder(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "one-key").write_text("s3cret\n", encoding="utf-8")
    file = write(
        tmp_path, "headers: {Authorization: {file: one-key}, X-Token: {env: ONE_TOKEN}, Accept: text/html}"
    )
    [feed] = read(file, credentials=tmp_path / "keys", environment={"ONE_TOKEN": "t0ken"}).feeds
    assert feed.headers == {"Authorization": "s3cret", "X-Token": "t0ken", "Accept": "text/html"}
    assert check([file]) == []


def test_a_missing_secret_is_told_at_its_place(tmp_path: Path) -> None:
    file = write(tmp_path, "headers: {Authorization: {env: ABSENT}}")
    with pytest.raises(CatalogueError) as refused:
        read(file, environment={})
    assert refused.value.lines == (
        f"{file}:8:30: error[secret]: Authorization: The environment variable ABSENT is not set.",
    )


def test_a_disabled_feed_needs_no_secret(tmp_path: Path) -> None:
    assert one(tmp_path, "headers: {Authorization: {env: ABSENT}}", "enabled: false").headers == {}


def test_a_link_in_the_credentials_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("s3cret", encoding="utf-8")
    (tmp_path / "key").symlink_to(tmp_path / "real")
    file = write(tmp_path, "headers: {Authorization: {file: key}}")
    with pytest.raises(CatalogueError, match="no plain file"):
        read(file, credentials=tmp_path, environment={})


@pytest.mark.parametrize("line", ["headers: {Authorization: Bearer abc}", "headers: {x-api-key: abc}"])
def test_a_secret_in_the_file_is_a_warning_and_still_read(tmp_path: Path, line: str) -> None:
    file = write(tmp_path, line)
    [found] = check([file])
    assert (found.severity, found.code, found.line) == ("warning", "literal-secret", 8)
    assert read(file).feeds


def test_an_impatient_interval_is_a_warning(tmp_path: Path) -> None:
    found = [(one.severity, one.code) for one in check([write(tmp_path, "interval: 2m")])]
    assert found == [("warning", "short-interval")]


@given(st.integers(0, 999_999), st.sampled_from("smhdw"))
def test_a_duration_is_its_number_times_its_unit(count: int, unit: str) -> None:
    seconds = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}[unit]
    assert duration(f"{count}{unit}") == timedelta(seconds=count * seconds)


@given(st.integers(1, 256 * 1024))
def test_a_size_in_kibibytes_is_the_same_size_in_bytes(count: int) -> None:
    assert size(f"{count}KiB") == size(count * 1024) == count * 1024


@pytest.mark.parametrize(
    "text", ["NO", "on", "yes", "12:30", "010", "1e3", "0x1f", "1_000", "Off", "=", "<<"]
)
def test_words_that_older_yaml_turns_into_something_else_stay_text(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(("text", "value"), [("true", True), ("~", None), ("-3", -3), ("0", 0), ("1.5", 1.5)])
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    assert plain(text) == value


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a*)*", "(?:a|aa)+b", "((ab)*)+", "(x+x+)+y", r"(\s*\w+)*"])
def test_patterns_that_can_run_away_are_refused(pattern: str) -> None:
    fault = compile_fault(pattern)
    assert fault is not None and fault[0] == "slow-regex"


@pytest.mark.parametrize(
    "pattern", ["(a|b)+", r"\bpatent\w*", "(a{1,3})+", "(?>a+)+b", "(a++)+", "x(?=a+)b*"]
)
def test_harmless_patterns_pass(pattern: str) -> None:
    assert compile_fault(pattern) is None


@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_gets_a_reason(pattern: str) -> None:
    if compile_fault(pattern) is None:
        re.compile(pattern)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.org/", "https://", "https://a b/", "https://[::1/", "https://a.org:99999/", "https://a.org/\\b", "//a.org",
     "https://{year}.org/", "https://u@a.org/", "https://a.org/\n", "https://a.org/{}", "javascript:alert(1)"],
)  # fmt: skip
def test_addresses_that_cannot_be_polled_are_refused(url: str) -> None:
    assert url_fault(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.org",
        "https://a.org/?f[]=x&c[a][]=b",
        "https://a.org/{year}/{since:%Y-%m-%d}",
        "https://[::1]:80/",
    ],
)
def test_addresses_of_sources_are_kept_as_written(url: str) -> None:
    assert url_fault(url) is None
