"""The operator's templates and the shipped ones: where the former are broken the latter speak, so that no message is lost for it."""

import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import structlog
from jinja2 import Environment, TemplateError, TemplateSyntaxError

from alerts.domain.errors import RenderError
from alerts.domain.vocabulary import Language
from alerts.render.environment import make_environment
from alerts.render.words import Words

# What a template of an operator may raise: its own faults, and those of what it does with the values.
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Made = TypeVar("Made")
Make = Callable[[Environment], Made]

log = structlog.get_logger("alerts.templates")


class Voices:
    """Speaks in the templates of an operator's folder, else in the shipped ones; environments are made once for each language.

    ``faults`` holds what was wrong with the operator's, for the operator to be told of.
    """

    def __init__(self, templates: Path | None = None) -> None:
        self.faults: set[str] = set()
        self._own = cache(lambda language: make_environment(self.words(language), templates))
        self._shipped = cache(lambda language: make_environment(self.words(language)))
        self._words = cache(Words)

    def words(self, language: Language) -> Words:
        """Return the words of a language."""
        return self._words(language)

    def speak(self, name: str, language: Language, make: Make[Made]) -> Made:
        """Return what ``make`` makes of the templates of ``name``: the operator's, where they are broken the shipped ones.

        Raises:
            RenderError: a shipped template is broken, or a word catalogue.
        """
        try:
            return _made(name, make, self._own(language))
        except RenderError as fault:
            self._note(str(fault))
            return self.shipped(name, language, make)

    def shipped(self, name: str, language: Language, make: Make[Made]) -> Made:
        """Return what ``make`` makes of the shipped templates of ``name``.

        Raises:
            RenderError: a shipped template is broken, or a word catalogue.
        """
        return _made(name, make, self._shipped(language))

    def _note(self, fault: str) -> None:
        if fault not in self.faults:
            log.error("template.broken", fault=fault)
        self.faults.add(fault)


def _made(name: str, make: Make[Made], environment: Environment) -> Made:
    try:
        return make(environment)
    except BROKEN as error:
        raise RenderError(
            f"The template of {name} is broken: {_place(error)}{type(error).__name__}: {error}"
        ) from error


def _place(error: Exception) -> str:
    """Return the file and the line of a fault, where they are known."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name or 'a template'}:{error.lineno}: "
    frames = [
        one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith((".html", ".txt"))
    ]
    return f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
