"""The words of the letters to the operator: a company that nobody can tell anything, a template that is broken."""

from dataclasses import replace

from alerts.domain.digests import Message
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Language
from alerts.render.letters import NOBODY, empty_letter, letter
from alerts.render.voices import Voices


class OperatorLetters:
    """Puts what the operator must know into words."""

    def __init__(self, voices: Voices, operator: str) -> None:
        self._voices = voices
        self._operator = operator

    def unwarned(self, language: Language, company: str, address: str) -> Message:
        """Return the operator's mail about a company of which nobody can be told anything any more."""
        words = self._voices.words(language)
        view = empty_letter(
            words, self._operator, words.gettext("A company is told nothing any more"), NOBODY
        )
        sentences = (
            words.gettext("Mails to %(address)s come back, and nobody else of %(company)s is entered.", address=address, company=one_line(company, 120)),
            words.gettext("Ask the company for another address and enter it with alerts subscribe."),
        )  # fmt: skip
        view = replace(view, sentences=sentences)
        return self._voices.speak(
            "unwarned", language, lambda environment: letter(environment, "unwarned", view)
        )

    def template_fault(self, language: Language, fault: str) -> Message:
        """Return the operator's mail about a template of theirs that is broken; it is in the shipped ones."""
        words = self._voices.words(language)
        view = empty_letter(words, self._operator, words.gettext("A template of yours is broken"), NOBODY)
        view = replace(
            view,
            sentences=(words.gettext("Until it is mended the shipped one is used, so no mail is lost:"),),
            answer=fault[:500],
            ending=(words.gettext("The command alerts templates check shows every fault of the folder."),),
        )
        return self._voices.shipped(
            "broken", language, lambda environment: letter(environment, "broken", view)
        )
