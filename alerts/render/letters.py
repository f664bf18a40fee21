"""Mails that are no digests: one page of sentences in the frame of every mail.

Each has a folder of its own under ``templates/email``; all are laid out by ``email/letter.html`` and ``letter.txt``.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from jinja2 import Environment

from alerts.domain.digests import Links, Message
from alerts.domain.vocabulary import Language
from alerts.render.coverage import CoverageView
from alerts.render.voices import Voices
from alerts.render.words import Words

NOBODY = Links("", "", "", "")  # of a letter by which nothing is left and nothing managed


class View(Protocol):
    """What the templates of a mail show."""

    @property
    def language(self) -> str:
        """The reader's language, as pages name it."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter in words: the values of its templates (templates/README.md lists them)."""

    language: str
    service: str
    operator: str
    subject: str
    title: str
    sentences: tuple[str, ...]
    links: Links
    preheader: str = ""
    points: tuple[str, ...] = ()  # a list behind the sentences
    answer: str = ""  # of another side, word for word
    button: tuple[str, str] = ("", "")  # its words, and where it leads
    ending: tuple[str, ...] = ()  # sentences behind the button
    coverage: tuple[CoverageView, ...] = ()
    because: str = ""


def empty_letter(words: Words, operator: str, subject: str, links: Links) -> LetterView:
    """Return a letter that says no more than its subject."""
    service = words.gettext("IP Risk Alerts")
    return LetterView(words.language.value, service, operator, subject, subject, (), links, preheader=subject)


def letter(environment: Environment, name: str, view: LetterView) -> Message:
    """Return the letter; whoever may leave a list by it finds the way in its headers."""
    headers = list_headers(view.links) if view.links.unsubscribe else ()
    return replace(worded(environment, name, view), headers=headers)


def spoken(voices: Voices, name: str, view: LetterView) -> Message:
    """Return the letter in the operator's templates, in the shipped ones where those are broken."""
    return voices.speak(name, Language(view.language), lambda environment: letter(environment, name, view))


def worded(environment: Environment, name: str, view: View, html: str | None = None) -> Message:
    """Return the three templates of a mail filled in, the subject on one line; ``html``: where that is filled in already."""
    subject = environment.get_template(f"email/{name}/subject.txt").render(view=view)
    text = environment.get_template(f"email/{name}/body.txt").render(view=view)
    if html is None:
        html = page(environment, name, view)
    return Message(" ".join(subject.split()), text, html, view.language)


def page(environment: Environment, name: str, view: View) -> str:
    """Return the HTML of a mail."""
    return environment.get_template(f"email/{name}/body.html").render(view=view)


def list_headers(links: Links) -> tuple[tuple[str, str], ...]:
    """Return the headers by which mail programs offer the way out and in (RFC 2369); out by one https address and one word, as RFC 8058 asks."""
    return (
        ("List-Unsubscribe", f"<{links.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{links.manage}>"),
        ("List-Subscribe", f"<{links.site.rstrip('/')}/subscribe>"),
        ("List-Archive", f"<{links.archive}>"),
    )
