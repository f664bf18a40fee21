"""The words of the pages: complete in both languages, compiled, and well set in Chinese."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.vocabulary import Language
from alerts.web.words import ago, language_named, preferred, until, words_of
from tests.clocks import NOON

ROOT = Path(__file__).parents[2]
PLACES = ((ROOT / "alerts" / "web", ("**.py", "python")), (ROOT / "templates" / "web", ("**.html", "jinja2")))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
FIELD = re.compile(r"%\((\w+)\)s")


def catalogue(locale: str) -> Catalog:
    with (ROOT / "alerts" / "locale" / locale / "LC_MESSAGES" / "web.po").open("rb") as file:
        return read_po(file, locale=locale)


def said() -> set[str]:
    found = set()
    for folder, method in PLACES:
        for _, _, message, _, _ in extract_from_dir(folder, [method], keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def forms(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_each_catalogue_holds_what_the_pages_say_and_nothing_else(locale: str) -> None:
    messages = [message for message in catalogue(locale) if message.id]

    assert {first(message.id) for message in messages} == said()
    assert not [message.id for message in messages if message.fuzzy or not all(message.string)]


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_what_is_compiled_is_what_was_written(locale: str) -> None:
    """After a change: ``pybabel compile -D web -d alerts/locale``."""
    with (ROOT / "alerts" / "locale" / locale / "LC_MESSAGES" / "web.mo").open("rb") as file:
        compiled = {first(message.id): forms(message.string) for message in read_mo(file) if message.id}

    assert compiled == {
        first(message.id): forms(message.string) for message in catalogue(locale) if message.id
    }


def test_translations_fill_in_the_same_values() -> None:
    for message in catalogue("zh_Hans"):
        texts = (message.string,) if isinstance(message.string, str) else message.string
        assert all(
            set(FIELD.findall(text)) == set(FIELD.findall(first(message.id))) for text in texts if message.id
        )


def test_chinese_is_set_in_full_width_punctuation() -> None:
    for message in catalogue("zh_Hans"):
        text = first(message.string)
        assert not message.id or not re.search(
            r"[\u4e00-\u9fff][,.:;!?()]|[,.:;!?()][\u4e00-\u9fff]", text
        ), text
        assert not message.id or not re.search(r"[\u4e00-\u9fff] [\w]|[\w] [\u4e00-\u9fff]", text), text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de,zh;q=0.2,en;q=0.1", "zh-Hans"),
        ("en;q=0, zh;q=0.1", "zh-Hans"),
        ("zh;q=0", "en"),
        ("zh;q=high, en;q=0.1", "en"),
        ("fr", "en"),
        ("ZH_hans", "zh-Hans"),
    ],
)
def test_the_language_that_a_browser_likes_best_is_spoken(header: str | None, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=200))
def test_any_header_names_one_of_our_languages(header: str) -> None:
    assert preferred(header) in Language


@pytest.mark.parametrize("tag", ["zhx", "english", "", " ", None, "x-zh"])
def test_a_tag_of_another_language_names_none(tag: str | None) -> None:
    assert language_named(tag) is None


@pytest.mark.parametrize(
    ("past", "english", "chinese"),
    [
        (timedelta(seconds=59), "just now", "刚刚"),
        (timedelta(minutes=1), "1 minute ago", "1分钟前"),
        (timedelta(minutes=59), "59 minutes ago", "59分钟前"),
        (timedelta(hours=1), "1 hour ago", "1小时前"),
        (timedelta(hours=47), "47 hours ago", "47小时前"),
        (timedelta(days=2), "2 days ago", "2天前"),
        (timedelta(seconds=-90), "just now", "刚刚"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(past: timedelta, english: str, chinese: str) -> None:
    now: datetime = NOON

    assert ago(words_of(Language.ENGLISH), now - past, now) == english
    assert ago(words_of(Language.CHINESE), now - past, now) == chinese


@pytest.mark.parametrize(("days", "text"), [(-1, "past"), (0, "today"), (1, "in 1 day"), (30, "in 30 days")])
def test_a_deadline_is_counted_in_days(days: int, text: str) -> None:
    today = date(2026, 3, 2)

    assert until(words_of(Language.ENGLISH), today + timedelta(days=days), today) == text
