"""Every sentence of the mails is there in every language, with the same values, compiled, and rightly written."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from alerts.deliver.mime import NAMES
from alerts.domain.vocabulary import Language
from alerts.render.words import FOLDERS, LOCALE, Words

ROOT = LOCALE.parent.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def catalogue(folder: str) -> Catalog:
    with (LOCALE / folder / "LC_MESSAGES" / "mail.po").open("rb") as file:
        return read_po(file, locale=folder, domain="mail")


def sentences(folder: str) -> list[Message]:
    return [message for message in catalogue(folder) if message.id]


def used() -> set[str]:
    """Return every sentence in code and templates, plural forms by their first."""
    found = extract_from_dir(ROOT / "alerts" / "render", [("**.py", "python")], {}, KEYWORDS)
    templates = [("**.html", "jinja2"), ("**.txt", "jinja2")]
    options = {pattern: {"newstyle_gettext": "true", "silent": "false"} for pattern, _ in templates}
    folders = (ROOT / "templates" / name for name in ("email", "chat"))
    shown = [one for folder in folders for one in extract_from_dir(folder, templates, options, KEYWORDS)]
    return {_key(message) for _, _, message, _, _ in (*found, *shown)}


def _key(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _values(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


FOLDER = pytest.mark.parametrize("folder", list(FOLDERS.values()))


@FOLDER
def test_a_catalogue_has_exactly_the_sentences_that_are_used(folder: str) -> None:
    assert {_key(message.id) for message in sentences(folder)} == used()


@FOLDER
def test_every_sentence_is_translated_and_none_is_a_guess(folder: str) -> None:
    for message in sentences(folder):
        assert _forms(message.string), message.id
        assert all(form.strip() for form in _forms(message.string)), message.id
        assert not message.fuzzy, message.id


@FOLDER
def test_a_translation_has_the_values_of_its_sentence(folder: str) -> None:
    for message in sentences(folder):
        for form in _forms(message.string):
            assert _values(form) == _values(_forms(message.id)[-1]), message.id


@FOLDER
def test_the_compiled_catalogue_is_that_of_the_source(folder: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(folder))
    kept = read_mo(io.BytesIO((LOCALE / folder / "LC_MESSAGES" / "mail.mo").read_bytes()))
    compiled.seek(0)

    assert {str(m.id): m.string for m in read_mo(compiled)} == {str(m.id): m.string for m in kept}


def test_english_says_what_the_sources_say() -> None:
    for message in sentences("en"):
        assert _forms(message.string) == _forms(message.id)


def test_chinese_uses_full_width_punctuation_and_the_word_for_jurisdiction() -> None:
    for message in sentences("zh_Hans"):
        for form in _forms(message.string):
            text = re.sub(r"%\(\w+\)s", "", form)
            assert not re.search(r"[,;:!?()\"']", text), form
            assert "国家" not in text, form
            assert not re.search(r"[\u4e00-\u9fff] [A-Za-z]|[A-Za-z] [\u4e00-\u9fff]", text), form


def test_the_name_of_the_sender_is_the_name_of_the_service() -> None:
    for language in Language:
        assert NAMES[language] == Words(language).gettext("IP Risk Alerts")


def test_every_language_has_a_folder() -> None:
    assert set(FOLDERS) == set(Language)
    assert all((Path(LOCALE) / folder).is_dir() for folder in FOLDERS.values())
