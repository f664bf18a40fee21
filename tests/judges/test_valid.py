"""Every page in every state, and every mail, is HTML that the validator of the standard's own has nothing against."""

from pathlib import Path

from alerts.domain.vocabulary import Language
from tests.judges.tools import VNU, fetched, validated
from tests.mails import MAILS, made
from tests.web.every_page import every_page, gathered, rooms

pytestmark = fetched(VNU, "java")

# Outlook alone reads it: without it the line behind the subject would show twice there.
ALLOWED = {"mail": {"CSS: “mso-hide”: Property “mso-hide” doesn't exist."}}
BAD = "<!doctype html><html lang=en><title>T</title><h1>open<p><img src=x>"


def test_every_page_and_every_mail_is_valid_html(tmp_path: Path) -> None:
    documents = {f"mail.{name}.{language}": made(language, name).whole.html for language, name in MAILS}
    for language in Language:
        documents |= {
            f"page.{one.name}.{language}": one.html
            for one in gathered(tmp_path, language, (every_page, rooms))
        }
    (tmp_path / "html").mkdir()
    found = validated({**documents, "bad": BAD}, tmp_path / "html")
    wrong = [one for one in found if one.message not in ALLOWED.get(one.page.partition(".")[0], set())]
    assert [one for one in wrong if one.page != "bad"] == []
    assert wrong, "a page that is wrong is found out"
