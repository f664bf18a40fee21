"""Mails that are no digests: one page of sentences in the frame of every mail.

Each has a folder of its own under ``templates/email``; all are laid out by ``email/letter.html`` and ``letter.txt``. Where a
template of the operator is broken the shipped one speaks: none of these mails may be lost for it.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from jinja2 import Environment, TemplateError, TemplateSyntaxError

from alerts.domain.digests import Links, Message
from alerts.domain.errors import RenderError
from alerts.domain.vocabulary import Language
from alerts.render.coverage import CoverageView
from alerts.render.words import Words

# What a template of an operator may raise: its own faults, and those of what it does with the values.
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Voice = Callable[[Language], tuple[Words, Environment]]

log = structlog.get_logger("alerts.templates")


@dataclass(frozen=True, slots=True)
class Voices:
    """The operator's templates and the shipped ones, which are never broken; ``faults`` holds what was wrong with the former."""

    own: Voice
    shipped: Voice
    faults: set[str] = field(default_factory=set)

    def words(self, language: Language) -> Words:
        """Return the words of a language."""
        return self.own(language)[0]

    def fault(self, fault: RenderError) -> None:
        """Note what was wrong: the operator is told once of each."""
        if str(fault) not in self.faults:
            log.error("template.broken", fault=str(fault))
        self.faults.add(str(fault))


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


def told(error: Exception) -> str:
    """Return what a template did wrong, and where where that is known."""
    place = _place(error)
    return f"{place}{type(error).__name__}: {error}" if place else f"{type(error).__name__}: {error}"


def _place(error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name or 'a template'}:{error.lineno}: "
    frames = [
        one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith((".html", ".txt"))
    ]
    return f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""


def letter(environment: Environment, name: str, view: LetterView) -> Message:
    """Return the letter; whoever may leave a list by it finds the way in its headers (RFC 8058).

    Raises:
        RenderError: a template is broken.
    """
    try:
        subject, text, html = (
            environment.get_template(f"email/{name}/{part}").render(view=view)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    except BROKEN as error:
        raise RenderError(f"The template of {name} is broken: {told(error)}") from error
    return Message(" ".join(subject.split()), text, html, view.language, _headers(view.links))


def letter_by(voices: Voices, name: str, view: LetterView) -> Message:
    """Return the letter in the operator's templates, where they are broken in the shipped ones."""
    language = Language(view.language)
    try:
        return letter(voices.own(language)[1], name, view)
    except RenderError as fault:
        voices.fault(fault)
        return letter(voices.shipped(language)[1], name, view)


def _headers(links: Links) -> tuple[tuple[str, str], ...]:
    if not links.unsubscribe:
        return ()
    return (
        ("List-Unsubscribe", f"<{links.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{links.manage}>"),
    )
