"""Nothing in a mail that a reader with Gmail, Outlook, Apple Mail or Yahoo would miss."""

from collections.abc import Mapping
from pathlib import Path

from tests.judges.tools import CANIEMAIL, fetched, unsupported
from tests.mails import MAILS, made

pytestmark = fetched(CANIEMAIL, "node")

# What some programs leave out, and nobody misses: corners, wrapping of long words, the dark scheme and the narrow screen of the style
# block (each colour and size also stands inline), words for screen readers that are headings and paragraphs all the same.
LEFT_OUT: Mapping[str, set[str]] = {
    "<style> element": {"gmail"},  # in the browser of a phone
    "@media": {"gmail", "outlook"},
    "Class selector": {"gmail"},
    "Type selector": {"gmail"},
    "<body> element": {"outlook", "yahoo"},  # becomes a div: the table inside has the same ground
    "display:none": {
        "gmail"
    },  # in the browser of a phone: the line behind the subject is of one pixel all the same
    "opacity": {"gmail", "outlook"},
    "overflow": {"outlook"},
    "height property": {"yahoo"},
    "border-radius": {"outlook"},
    "overflow-wrap": {"gmail", "outlook", "yahoo"},
    "word-break": {"outlook", "yahoo"},
    "white-space": {"outlook"},
    "table-layout": {"outlook"},
    "text-underline-offset": {"gmail", "outlook", "yahoo"},
    "aria-label attribute": {"outlook", "yahoo"},
    "role attribute": {"outlook"},
}


def test_no_mail_needs_what_a_mail_program_leaves_out(tmp_path: Path) -> None:
    mails = {f"{name}.{language}": made(language, name).whole.html for language, name in MAILS}
    found = unsupported(mails, tmp_path)
    missed = {title: set(makers) - LEFT_OUT.get(title, set()) for title, makers in found.items()}
    assert {title: makers for title, makers in missed.items() if makers} == {}
    assert found.keys() == LEFT_OUT.keys(), "the list holds what is found and no more"


def test_what_a_program_leaves_out_is_found(tmp_path: Path) -> None:
    found = unsupported({"bad": "<p style='position:fixed'>x</p>"}, tmp_path)
    assert "gmail" in found["position"]
