"""What is posted instead of mailed, in words or as data; and the mail that says that an endpoint is told nothing more."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.domain.chat import ChatText
from alerts.domain.digests import Digest, Links, Message
from alerts.domain.errors import RenderError
from alerts.domain.people import Endpoint
from alerts.domain.posts import PostState, Shut
from alerts.domain.vocabulary import Language
from alerts.render.chat import Telling, block_of, chat_environment
from alerts.render.coverage import FeedName
from alerts.render.entry import Frame
from alerts.render.letters import BROKEN, LetterView, Voices, letter
from alerts.render.payload import Data, payload
from alerts.render.views import DigestView, Setting, digest_view
from alerts.render.words import Words

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
        self._voice = voices.own
        self._shipped = voices.shipped
        self._operator = operator
        self._feed_name = feed_name

    def chat(self, digest: Digest, links: Links, *, alert: bool, shipped: bool = False) -> ChatText:
        """Return a digest as a message for a chat; ``shipped``: not in the operator's templates.

        Raises:
            RenderError: a template is broken.
        """
        _, environment = (self._shipped if shipped else self._voice)(digest.endpoint.language)
        try:
            return Telling(digest, self._view(digest, links), chat_environment(environment)).text(alert=alert)
        except BROKEN as error:
            raise RenderError(f"A template of chats is broken: {error}") from error

    def payload(self, digest: Digest, links: Links) -> tuple[Data, str]:
        """Return a digest as data, and its subject."""
        view = self._view(digest, links)
        return payload(digest, view), view.subject

    def note(self, endpoint: Endpoint, sentence: str, at: datetime, links: Links) -> ChatText:
        """Return one sentence of ours as a message.

        Raises:
            RenderError: a template is broken.
        """
        words, environment = self._voice(endpoint.language)
        title = words.gettext("IP Risk Alerts")
        values = {"sentence": sentence, "view": _Note(title, links)}
        try:
            head = block_of(chat_environment(environment).get_template("chat/note.txt").render(values))
        except BROKEN as error:
            raise RenderError(f"A template of chats is broken: {error}") from error
        return ChatText(words.language.value, at, title, head, (), ((),), (), ())

    def greeting(self, endpoint: Endpoint, at: datetime, links: Links) -> ChatText:
        """Return what a chat is told when it is entered."""
        words, _ = self._voice(endpoint.language)
        sentence = words.gettext(
            "From now on this chat is told about legal rules and risk warnings on intellectual property."
        )
        return self.note(endpoint, sentence, at, links)

    def trial(self, endpoint: Endpoint, at: datetime, links: Links) -> ChatText:
        """Return what a chat is told when somebody tries whether it hears."""
        words, _ = self._voice(endpoint.language)
        return self.note(endpoint, words.gettext("This is a test. Nothing has happened."), at, links)

    def shut(self, closed: Closed, reader: Reader, *, shipped: bool = False) -> Message:
        """Return the mail that tells somebody that an endpoint is shut; ``shipped``: not in the operator's templates.

        Raises:
            RenderError: a template is broken.
        """
        words, environment = (self._shipped if shipped else self._voice)(reader.language)
        return letter(environment, "shut", _shut_view(words, closed, reader, self._operator))

    def _view(self, digest: Digest, links: Links) -> DigestView:
        words, _ = self._voice(digest.endpoint.language)
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
    view = _view_of(words, operator, subject, sentences, reader)
    return replace(view, answer=state.answer[:300])


def _view_of(
    words: Words, operator: str, subject: str, sentences: tuple[str, ...], reader: Reader
) -> LetterView:
    links = Links("", reader.manage, "", "")
    service = words.gettext("IP Risk Alerts")
    return LetterView(
        words.language.value, service, operator, subject, subject, sentences, links, sentences[0]
    )


def _cause(words: Words, shut: Shut | None) -> str:
    if shut is Shut.GONE:
        return words.gettext("It answered that it is no more: was the robot or the address removed?")
    if shut is Shut.MISCONFIGURED:
        return words.gettext(
            "It refuses what we send: a signature, a key word or a list of addresses is set otherwise."
        )
    return words.gettext("It has failed for days; messages were sent again by plan all the time.")
