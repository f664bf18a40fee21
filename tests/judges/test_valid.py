"""Every page in every state, and every mail, is HTML that the validator of the standard's own has nothing against."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from alerts.domain.vocabulary import Language
from tests.judges.tools import VNU, Fault, fetched, validated
from tests.mails import MAILS, made
from tests.web.every_page import every_page, gathered, rooms

pytestmark = fetched(VNU, "java")

# Outlook alone reads it: without it the line behind the subject would show twice there.
ALLOWED = {"mail": {"CSS: “mso-hide”: Property “mso-hide” doesn't exist."}}
BAD = "<!doctype html><html lang=en><title>T</title><h1>open<p><img src=x>"


def faults(documents: Mapping[str, str], folder: Path) -> list[Fault]:
    """Return what is wrong with documents, besides a page that must be found out."""
    folder.mkdir()
    found = validated({**documents, "bad": BAD}, folder)
    wrong = [one for one in found if one.message not in ALLOWED.get(one.page.partition(".")[0], set())]
    assert [one for one in wrong if one.page == "bad"], "a page that is wrong is found out"
    return [one for one in wrong if one.page != "bad"]


def test_every_mail_is_valid_html(tmp_path: Path) -> None:
    documents = {f"mail.{name}.{language}": made(language, name).whole.html for language, name in MAILS}
    assert faults(documents, tmp_path / "html") == []


@pytest.mark.slow
@pytest.mark.parametrize("language", Language)
def test_every_page_is_valid_html(tmp_path: Path, language: Language) -> None:
    seen = gathered(tmp_path, language, (every_page, rooms))
    assert faults({f"page.{one.name}": one.html for one in seen}, tmp_path / "html") == []
