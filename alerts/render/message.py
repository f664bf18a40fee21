"""Render messages: subject, text and HTML of one telling, in the reader's language.

The HTML part stays below what Gmail shows in full (it cuts at about 102 kB), measured as it travels. A digest beyond
``HTML_BYTES`` loses first the length of its summaries, then its least severe entries, which are counted under "and N
more".
"""

import binascii
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment

from alerts.domain.digests import Digest, Links, Message
from alerts.domain.errors import RenderError
from alerts.domain.events import FeedEvent
from alerts.domain.places import names
from alerts.domain.vocabulary import Language, Severity
from alerts.render.alarm import alarm_view
from alerts.render.coverage import FeedName
from alerts.render.entry import Frame
from alerts.render.help import Stations
from alerts.render.letters import list_headers, page, worded
from alerts.render.occasions import Letters
from alerts.render.operator import OperatorLetters
from alerts.render.personal import impersonal, personal_of
from alerts.render.posted import PostRenderer
from alerts.render.views import DigestView, Setting, digest_view, kept, personal_words
from alerts.render.voices import Voices

HTML_BYTES = 96 * 1024 - 512  # the rest is for the part's own headers
# What is tried in turn: entries written out, display columns of the summaries of critical and high ones, and of the others.
_FITS = (
    (50, 480, 480), (50, 360, 240), (50, 360, 120), (50, 240, 60), (50, 240, 0), (50, 120, 0), (50, 0, 0),
    (40, 0, 0), (30, 0, 0), (20, 0, 0), (10, 0, 0),
)  # fmt: skip


def _unnamed(_feed_id: str, _language: Language) -> str | None:
    return None


class Renderer:
    """Turns digests into messages.

    ``templates`` is an operator's folder whose files win over the shipped ones; ``operator`` says in the footer who
    runs the service; ``feed_name`` gives a feed's name in a language, or None;
    ``stations`` gives the directory of help.
    """

    def __init__(
        self,
        templates: Path | None = None,
        operator: str = "",
        feed_name: FeedName = _unnamed,
        stations: Stations = tuple,
    ) -> None:
        self._operator = operator
        self._feed_name = feed_name
        self._stations = stations
        self.voices = Voices(templates)
        self.posted = PostRenderer(self.voices, operator, feed_name)
        self.letters = Letters(self.voices, operator, feed_name)
        self.operator_letters = OperatorLetters(self.voices, operator)

    def digest_message(self, digest: Digest, links: Links) -> Message:
        """Return the message of a digest, as its reader sees it.

        Raises:
            RenderError: a template or a word catalogue is broken.
        """
        return self.shared("digest", digest, links).whole

    def alert_message(self, digest: Digest, links: Links) -> Message:
        """Return the message of a digest that tells exactly one item at once.

        Raises:
            RenderError: there is not exactly one item, or a template or a word catalogue is broken.
        """
        return self.shared("alert", digest, links).whole

    def shared(self, kind: str, digest: Digest, links: Links) -> Message:
        """Return the message of a digest with places for what is its reader's own.

        A template that does more with a reader's words than print them gives a message without places.

        Raises:
            RenderError: an alert does not tell exactly one item, or a template or a word catalogue is broken.
        """
        if kind == "alert" and (len(digest.entries) != 1 or digest.more):
            raise RenderError(
                f"An alert tells one item; {digest.slot} has {len(digest.entries) + digest.more}."
            )
        return self.voices.speak(
            kind, digest.endpoint.language, lambda environment: self._shared(environment, kind, digest, links)
        )

    def _shared(self, environment: Environment, kind: str, digest: Digest, links: Links) -> Message:
        view, html = self._fitting(environment, kind, digest, links)
        whole = worded(environment, kind, view, html)
        shared = worded(environment, kind, impersonal(view))
        personal = personal_of(view).words(names(shared.text) | names(shared.html))
        shared = replace(shared, words=tuple(sorted(personal.items())))
        message = shared if shared.whole == whole else whole
        return replace(message, headers=_headers(kind, digest, links))

    def personal(self, message: Message, kind: str, digest: Digest, links: Links) -> Message:
        """Return a shared ``message`` with the words and headers of another reader, the one of ``digest``."""
        frame = Frame(self.voices.words(digest.endpoint.language), _zone(digest), _today(digest))
        words = personal_words(digest, frame, links).words(name for name, _ in message.words)
        return replace(message, words=tuple(words.items()), headers=_headers(kind, digest, links))

    def alarm_message(self, events: Sequence[FeedEvent], language: Language) -> Message:
        """Return the operator's mail about what happened to the sources.

        Raises:
            RenderError: a template is broken.
        """
        view = alarm_view(events, language)
        return self.voices.speak("ops", language, lambda environment: worded(environment, "ops", view))

    def _fitting(
        self, environment: Environment, kind: str, digest: Digest, links: Links
    ) -> tuple[DigestView, str]:
        """Return the richest form whose HTML fits."""
        words = self.voices.words(digest.endpoint.language)
        setting = Setting(links, self._operator, self._feed_name, self._stations)
        zone, today = _zone(digest), _today(digest)
        for number, urgent, usual in _FITS:
            view = digest_view(kept(digest, number), Frame(words, zone, today, urgent, usual), setting)
            html = page(environment, kind, view)
            if travelling_size(html) <= HTML_BYTES:
                break
        return view, html


def travelling_size(text: str) -> int:
    """Return the octets that ``text`` takes in a mail: as quoted-printable or as base64, whichever is less."""
    raw = text.encode("utf-8", "replace")
    quoted = binascii.b2a_qp(raw)
    packed = (len(raw) + 56) // 57 * 78  # 76 characters and CRLF for every 57 octets
    return min(len(quoted) + quoted.count(b"\n"), packed)


def _zone(digest: Digest) -> ZoneInfo:
    return ZoneInfo(digest.endpoint.schedule.zone)


def _today(digest: Digest) -> date:
    return digest.built_at.astimezone(_zone(digest)).date()


def _headers(kind: str, digest: Digest, links: Links) -> tuple[tuple[str, str], ...]:
    """Return the headers that depend on the reader and on what is told."""
    headers = list(list_headers(links))
    if digest.thread:  # RFC 5322 section 3.6.4: an amendment answers what it amends
        headers += [(name, " ".join(digest.thread)) for name in ("In-Reply-To", "References")]
    if kind == "alert" and digest.entries[0].stored.judgement.severity is Severity.CRITICAL:
        headers.append(("Importance", "high"))
    return tuple(headers)
