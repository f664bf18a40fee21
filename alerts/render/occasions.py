"""The words of the letters: coming, leaving, a quiet month, a source that went dark and came back, a link to one's settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.domain.digests import CoverageLine, Links, Message, SourceHealth
from alerts.domain.people import Endpoint
from alerts.domain.places import names
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Language, Rhythm
from alerts.domain.watches import Criteria
from alerts.render.coverage import FeedName, coverage_views
from alerts.render.entry import Frame
from alerts.render.letters import NOBODY, LetterView, empty_letter, spoken
from alerts.render.personal import Personal, Place
from alerts.render.voices import Voices
from alerts.render.wishes import wish_lines
from alerts.render.words import Words

SUMMARY = 480  # columns; no letter shows any


@dataclass(frozen=True, slots=True)
class Addressed:
    """An endpoint that a letter goes to, with its links and its company."""

    endpoint: Endpoint
    links: Links
    company: str


@dataclass(frozen=True, slots=True)
class Stillness:
    """A time in which an endpoint was told nothing: what was watched, and how often the sources were asked."""

    since: datetime
    until: datetime
    coverage: tuple[CoverageLine, ...]
    asked: int = 0
    failed: int = 0


class Letters:
    """Puts the letters into words. ``voices``: the operator's templates, and the shipped ones that are never broken."""

    def __init__(self, voices: Voices, operator: str, feed_name: FeedName) -> None:
        self._voices = voices
        self._operator = operator
        self._feed_name = feed_name

    def confirm(self, language: Language, link: str, hours: int) -> Message:
        """Return the mail that asks whether an address wants our mails; nothing in it comes from the form."""
        words = self._words(language)
        view = self._view(words, words.gettext("Please confirm your alerts"), NOBODY)
        return self._letter(
            "confirm",
            replace(
                view,
                sentences=(
                    words.gettext("Somebody, we hope you, entered this address to get alerts about legal rules and risk warnings on intellectual property."),
                    words.gettext("The page behind this link shows what would be sent. Nothing is sent before you press the button there."),
                ),
                button=(words.gettext("Look and confirm"), link),
                ending=(
                    words.ngettext("The link works for %(num)s hour, once.", "The link works for %(num)s hours, once.", hours),
                    words.gettext("If this was not you, do nothing: you get no alerts. On the same page you can also forbid any further mail like this one."),
                ),
            ),
        )  # fmt: skip

    def access(self, language: Language, link: str, minutes: int) -> Message:
        """Return the mail that leads to one's settings."""
        words = self._words(language)
        view = self._view(words, words.gettext("Your link to change your alerts"), NOBODY)
        return self._letter(
            "access",
            replace(
                view,
                sentences=(
                    words.gettext("This link opens the page where you change, pause or end your alerts."),
                ),
                button=(words.gettext("Open my settings"), link),
                ending=(
                    words.ngettext("The link works for %(num)s minute, once.", "The link works for %(num)s minutes, once.", minutes),
                    words.gettext("If you did not ask for it, ignore this mail: nothing changes."),
                ),
            ),
        )  # fmt: skip

    def moving(self, language: Language, link: str, address: str) -> Message:
        """Return the mail that tells an address that its alerts are to go to another one, and how to keep them."""
        words = self._words(language)
        view = self._view(words, words.gettext("Your alerts are to go to another address"), NOBODY)
        first = words.gettext("On the page with your settings somebody asked that your alerts go to %(address)s from now on. They move as soon as somebody confirms it there.", address=address)  # fmt: skip
        ending = (words.gettext("If it was you, there is nothing to do. The link works for seven days."),)
        button = (words.gettext("This was not me: keep my alerts here"), link)
        return self._letter("moving", replace(view, sentences=(first,), button=button, ending=ending))

    def welcome(self, to: Addressed, watches: Sequence[Criteria]) -> Message:
        """Return what somebody is told who has just come: what is watched, when the first mail comes, how to leave."""
        words = self._words(to.endpoint.language)
        view = self._view(words, words.gettext("Your alerts are on"), to.links)
        points = tuple(line for one in watches for line in wish_lines(one, words))
        return self._letter(
            "welcome",
            replace(
                view,
                sentences=(
                    words.gettext("From now on you are told what is new on intellectual property for:"),
                ),
                points=points,
                ending=(
                    *_when(words, to.endpoint),
                    _still(words, to.endpoint),
                ),
                because=self._because(words, to),
            ),
        )

    def goodbye(self, language: Language, address: str) -> Message:
        """Return the receipt for the deletion of everything that was kept about somebody."""
        words = self._words(language)
        view = self._view(words, words.gettext("Your data is deleted"), NOBODY)
        sentences = (
            words.gettext("The alerts to %(address)s have ended, and your watches, name and address are deleted. This is the last mail.", address=address),
            words.gettext("What was sent stays in our records as numbers without your address, since they prove that nothing was lost."),
        )  # fmt: skip
        return self._letter("goodbye", replace(view, sentences=sentences))

    def quiet(self, to: Addressed, still: Stillness) -> Message:
        """Return the mail that says that nothing happened, and how we know."""
        words = self._words(to.endpoint.language)
        frame = self._frame(words, to.endpoint, still.until)
        view = self._view(words, words.gettext("Nothing new for you, and this is how we know"), to.links)
        first = words.gettext(
            "Between %(since)s and %(until)s nothing came out that your watches take. Your alerts work.",
            since=frame.day(still.since), until=frame.day(still.until),
        )  # fmt: skip
        return self._letter(
            "quiet",
            replace(
                view,
                sentences=(first, *_asked(words, still)),
                ending=(
                    words.gettext("If you expected something, your watches may be too narrow."),
                    words.gettext(
                        "If you do not want to hear of quiet months, your settings switch this mail off."
                    ),
                ),
                button=(words.gettext("Open my settings"), to.links.manage),
                coverage=coverage_views(still.coverage, frame, self._feed_name),
                because=self._because(words, to),
            ),
        )

    def outage(self, to: Addressed, sources: Sequence[SourceHealth], now: datetime) -> Message:
        """Return the mail that says which sources of a reader cannot be read at present."""
        words = self._words(to.endpoint.language)
        subject = words.ngettext(
            "%(num)s source of yours cannot be read at present",
            "%(num)s sources of yours cannot be read at present",
            len(sources),
        )
        view = self._view(words, subject, to.links)
        frame = self._frame(words, to.endpoint, now)
        return self._letter(
            "outage",
            replace(
                view,
                sentences=(
                    words.gettext("What they publish meanwhile reaches you late. Until then look at them yourself where it matters:"),
                ),
                points=tuple(self._source(words, frame, one) for one in sources),
                ending=(
                    words.gettext("We go on asking. As soon as they can be read again, you are told, with everything that they still show."),
                ),
                because=self._because(words, to),
            ),
        )  # fmt: skip

    def restored(self, to: Addressed, sources: Sequence[SourceHealth]) -> Message:
        """Return the mail that says that sources can be read again."""
        words = self._words(to.endpoint.language)
        subject = words.ngettext(
            "%(num)s source of yours can be read again",
            "%(num)s sources of yours can be read again",
            len(sources),
        )
        view = self._view(words, subject, to.links)
        return self._letter(
            "restored",
            replace(
                view,
                sentences=(
                    words.gettext("What they published meanwhile and still show comes with your next digest, critical items at once."),
                ),
                points=tuple(f"{words.place(one.jurisdiction)} · {self._name(one, words)}" for one in sources),
                because=self._because(words, to),
            ),
        )  # fmt: skip

    def dead(self, to: Addressed, address: str, watches: Sequence[Criteria]) -> Message:
        """Return the mail that tells somebody that a colleague's address, masked, takes no mail any more, and what it watched."""
        words = self._words(to.endpoint.language)
        view = self._view(words, words.gettext("A colleague's address takes no mail any more"), to.links)
        return self._letter(
            "colleague",
            replace(
                view,
                sentences=(
                    words.gettext("Mails to %(address)s come back: there is no such mailbox. It is told nothing more.", address=address),
                    words.gettext("It watched:"),
                ),
                points=tuple(line for one in watches for line in wish_lines(one, words)),
                ending=(
                    words.gettext("What it watched is kept. Make sure that somebody at your company is told instead."),
                ),
                because=self._because(words, to),
            ),
        )  # fmt: skip

    def _source(self, words: Words, frame: Frame, source: SourceHealth) -> str:
        since = source.last_success_at or source.dark_since
        name = f"{words.place(source.jurisdiction)} · {self._name(source, words)}"
        if since is None:
            return words.gettext("%(name)s: never read", name=name)
        return words.gettext("%(name)s: last read on %(day)s", name=name, day=frame.day(since))

    def _name(self, source: SourceHealth, words: Words) -> str:
        return self._feed_name(source.feed_id, words.language) or source.feed_id

    def _words(self, language: Language) -> Words:
        return self._voices.words(language)

    def _frame(self, words: Words, endpoint: Endpoint, now: datetime) -> Frame:
        zone = ZoneInfo(endpoint.schedule.zone)
        return Frame(words, zone, now.astimezone(zone).date(), SUMMARY, SUMMARY)

    def _view(self, words: Words, subject: str, links: Links) -> LetterView:
        return empty_letter(words, self._operator, subject, links)

    def _because(self, words: Words, to: Addressed) -> str:
        return words.gettext(
            "You get this at %(address)s because %(company)s signed up for it.",
            address=to.endpoint.address,
            company=one_line(to.company, 120),
        )

    def _letter(self, name: str, view: LetterView) -> Message:
        """Return the letter; what is one reader's own stands in places, so that its words are kept once for all."""
        whole = spoken(self._voices, name, view)
        if not view.because:
            return whole
        links = replace(view.links, unsubscribe=Place("unsubscribe"))
        shared = spoken(self._voices, name, replace(view, because=Place("because"), links=links))
        own = Personal("", "", view.because, view.links.unsubscribe)
        words = own.words(names(shared.text) | names(shared.html))
        shared = replace(shared, words=tuple(sorted(words.items())), headers=whole.headers)
        return shared if shared.whole == whole else whole


def _when(words: Words, endpoint: Endpoint) -> tuple[str, ...]:
    schedule = endpoint.schedule
    if schedule.rhythm is Rhythm.IMMEDIATE or endpoint.next_digest_at is None:
        return (words.gettext("Each notice reaches you as soon as it is out."),)
    moment = words.moment(endpoint.next_digest_at, ZoneInfo(schedule.zone))
    first = words.gettext("Your first digest comes on %(moment)s, if there is anything new.", moment=moment)
    return (first, words.gettext("Critical notices come at once.")) if schedule.critical_at_once else (first,)


def _still(words: Words, endpoint: Endpoint) -> str:
    if not endpoint.schedule.quiet_months:
        return ""
    return words.gettext("If nothing comes for a month, we write all the same and say what was watched.")


def _asked(words: Words, still: Stillness) -> tuple[str, ...]:
    if not still.asked:
        return ()
    asked = words.ngettext(
        "In this time we asked the sources below %(num)s time.",
        "In this time we asked the sources below %(num)s times.",
        still.asked,
    )
    if not still.failed:
        return (asked,)
    failed = words.ngettext(
        "%(num)s time there was no good answer; what was dark is named below.",
        "%(num)s times there was no good answer; what was dark is named below.",
        still.failed,
    )
    return (asked, failed)
