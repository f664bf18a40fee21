"""The words of the letters to the operator: a company that nobody can tell anything, a broken template, sign-ups that are used up."""

from dataclasses import replace

from alerts.domain.digests import Message
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Language
from alerts.render.letters import NOBODY, empty_letter, letter, spoken
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
        return spoken(self._voices, "unwarned", replace(view, sentences=sentences))

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

    def full(self, language: Language, hourly: int) -> Message:
        """Return the operator's mail that the sign-ups of an hour are used up."""
        words = self._voices.words(language)
        view = empty_letter(words, self._operator, words.gettext("Nobody can sign up at present"), NOBODY)
        sentences = (
            words.ngettext("Within an hour %(num)s mail asked for a confirmation or brought a link to settings; that is all that ALERTS_SIGN_UPS allows.", "Within an hour %(num)s mails asked for a confirmation or brought a link to settings; that is all that ALERTS_SIGN_UPS allows.", hourly),
            words.gettext("Whoever signs up now is asked to come back later. Alerts go on as always."),
            words.gettext("If many people come at present, raise the limit. If not, somebody posts other people's addresses: your proxy's log shows from where."),
        )  # fmt: skip
        return spoken(self._voices, "full", replace(view, sentences=sentences))
