"""Mails that are no digests: one page of sentences in the frame of every mail.

Each has a folder of its own under ``templates/email``; all are laid out by ``email/letter.html`` and ``letter.txt``. Where a
template of the operator is broken the shipped one speaks: none of these mails may be lost for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from jinja2 import Environment, TemplateError

from alerts.domain.digests import Links, Message
from alerts.domain.errors import RenderError
from alerts.domain.vocabulary import Language
from alerts.render.coverage import CoverageView
from alerts.render.words import Words

# What a template of an operator may raise: its own faults, and those of what it does with the values.
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Voice = Callable[[Language], tuple[Words, Environment]]

log = structlog.get_logger("alerts.letters")


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
        raise RenderError(f"The template of {name} is broken: {error}") from error
    return Message(" ".join(subject.split()), text, html, view.language, _headers(view.links))


def letter_by(voices: tuple[Voice, Voice], name: str, view: LetterView) -> Message:
    """Return the letter in the operator's templates, where they are broken in the shipped ones; ``voices`` are both."""
    language = Language(view.language)
    try:
        return letter(voices[0](language)[1], name, view)
    except RenderError as fault:
        log.error("template.broken", fault=str(fault))
        return letter(voices[1](language)[1], name, view)


def _headers(links: Links) -> tuple[tuple[str, str], ...]:
    if not links.unsubscribe:
        return ()
    return (
        ("List-Unsubscribe", f"<{links.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{links.manage}>"),
    )
