"""What is posted instead of mailed, in words or as data; and the mail that says that an endpoint is told nothing more."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.domain.chat import ChatText
from alerts.domain.digests import Digest, Links, Message
from alerts.domain.people import Endpoint
from alerts.domain.posts import PostState, Shut
from alerts.domain.vocabulary import Language
from alerts.render.chat import Telling, block_of, chat_environment
from alerts.render.coverage import FeedName
from alerts.render.entry import Frame
from alerts.render.letters import LetterView, empty_letter, spoken
from alerts.render.payload import Data, payload
from alerts.render.views import DigestView, Setting, digest_view
from alerts.render.voices import Voices
from alerts.render.words import Words

CHAT = "chats"  # as faults of their templates name them
COLUMNS = 480  # of a summary in a payload


@dataclass(frozen=True, slots=True)
class Closed:
    """An endpoint that is told nothing more, and how it stands."""

    endpoint: Endpoint
    state: PostState


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told about it: their language and zone, where they change what they get, and what only they are told."""

    language: Language
    zone: str
    manage: str
    also: str = ""


class PostRenderer:
    """Puts into words what is posted; ``voices`` are the operator's templates and the shipped ones."""

    def __init__(self, voices: Voices, operator: str, feed_name: FeedName) -> None:
        self._voices = voices
        self._operator = operator
        self._feed_name = feed_name

    def chat(self, digest: Digest, links: Links, *, alert: bool) -> ChatText:
        """Return a digest as a message for a chat."""
        view = self._view(digest, links)
        return self._voices.speak(
            CHAT,
            digest.endpoint.language,
            lambda environment: Telling(digest, view, chat_environment(environment)).text(alert=alert),
        )

    def payload(self, digest: Digest, links: Links) -> tuple[Data, str]:
        """Return a digest as data, and its subject."""
        view = self._view(digest, links)
        return payload(digest, view), view.subject

    def note(self, endpoint: Endpoint, sentence: str, at: datetime, links: Links) -> ChatText:
        """Return one sentence of ours as a message."""
        title = self._voices.words(endpoint.language).gettext("IP Risk Alerts")
        values = {"sentence": sentence, "view": _Note(title, links)}
        head = self._voices.speak(
            CHAT,
            endpoint.language,
            lambda environment: block_of(
                chat_environment(environment).get_template("chat/note.txt").render(values)
            ),
        )
        return ChatText(endpoint.language.value, at, title, head, (), ((),), (), ())

    def greeting(self, endpoint: Endpoint, at: datetime, links: Links) -> ChatText:
        """Return what a chat is told when it is entered."""
        words = self._voices.words(endpoint.language)
        sentence = words.gettext(
            "From now on this chat is told about legal rules and risk warnings on intellectual property."
        )
        return self.note(endpoint, sentence, at, links)

    def trial(self, endpoint: Endpoint, at: datetime, links: Links) -> ChatText:
        """Return what a chat is told when somebody tries whether it hears."""
        words = self._voices.words(endpoint.language)
        return self.note(endpoint, words.gettext("This is a test. Nothing has happened."), at, links)

    def shut(self, closed: Closed, reader: Reader) -> Message:
        """Return the mail that tells somebody that an endpoint is shut."""
        view = _shut_view(self._voices.words(reader.language), closed, reader, self._operator)
        return spoken(self._voices, "shut", view)

    def _view(self, digest: Digest, links: Links) -> DigestView:
        words = self._voices.words(digest.endpoint.language)
        zone = ZoneInfo(digest.endpoint.schedule.zone)
        today = digest.built_at.astimezone(zone).date()
        frame = Frame(words, zone, today, COLUMNS, COLUMNS)
        return digest_view(digest, frame, Setting(links, self._operator, self._feed_name))


@dataclass(frozen=True, slots=True)
class _Note:
    service: str
    links: Links


def _shut_view(words: Words, closed: Closed, reader: Reader, operator: str) -> LetterView:
    endpoint, state = closed.endpoint, closed.state
    since = state.failing_since or state.shut_at
    channel, moment = (
        words.name(endpoint.channel),
        words.moment(since, ZoneInfo(reader.zone)) if since else "",
    )
    subject = words.gettext("No more messages to %(channel)s until it is mended", channel=channel)
    sentences = (
        words.gettext(
            "%(channel)s at %(address)s has taken nothing since %(since)s.",
            channel=channel, address=endpoint.address, since=moment,
        ),
        _cause(words, state.shut),
        words.ngettext(
            "%(num)s message waits for it and goes out once it has been mended and verified again.",
            "%(num)s messages wait for it and go out once it has been mended and verified again.",
            state.waiting,
        ),
        words.gettext("After 30 days it is removed. Your mails are not touched by this."),
        reader.also,
    )  # fmt: skip
    view = empty_letter(words, operator, subject, Links("", reader.manage, "", ""))
    return replace(view, sentences=sentences, preheader=sentences[0], answer=state.answer[:300])


def _cause(words: Words, shut: Shut | None) -> str:
    if shut is Shut.GONE:
        return words.gettext("It answered that it is no more: was the robot or the address removed?")
    if shut is Shut.MISCONFIGURED:
        return words.gettext(
            "It refuses what we send: a signature, a key word or a list of addresses is set otherwise."
        )
    return words.gettext("It has failed for days; messages were sent again by plan all the time.")
