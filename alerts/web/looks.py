"""Puts values into pages: the reader's language, addresses within the site, names of things.

Templates are ``web/*.html``; the style sheet and the icon beside them are served under an address that
holds their hash, so that a browser may keep them for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Language
from alerts.render.environment import make_environment
from alerts.render.words import day_of
from alerts.web.guard import HEADERS
from alerts.web.pieces import Pieces
from alerts.web.site import Site
from alerts.web.words import ago, language_named, preferred, until, words_of

UTC = ZoneInfo("UTC")
STATIC = {"site.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
PUBLIC = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
# Addresses that a page must not repeat.
SECRET = ("/u/", "/calendar/", "/private/", "/confirm/", "/access/", "/keep/", "/my/")
PERSONAL = {
    "Cache-Control": "private, no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page: in which language, and whether it was asked for in the address."""

    language: Language
    chosen: bool

    @classmethod
    def of(cls, request: Request, otherwise: Language | None = None) -> "Reader":
        """Return the reader of a request; ``otherwise`` wins over the browser's wish, not over the address."""
        chosen = language_named(request.query_params.get("lang"))
        wished = otherwise or preferred(request.headers.get("accept-language"))
        return cls(chosen or wished, chosen is not None)


@cache
def _environment(language: Language, overrides: Path | None) -> Environment:
    return make_environment(words_of(language), overrides)


class Looks:
    """Makes answers from templates."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._environments = {language: _environment(language, site.templates) for language in Language}
        self._pieces: Pieces[Markup] = Pieces()
        self._static = {file: self._source(f"web/{file}") for file in STATIC}
        self._marks = {file: sha256(text).hexdigest()[:12] for file, text in self._static.items()}

    def page(
        self, template: str, reader: Reader, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """Return a public page."""
        environment = self._environments[reader.language]
        text = environment.get_template(f"web/{template}").render(self._context(reader) | dict(values))
        return HTMLResponse(text, status, {**PUBLIC, "Content-Language": reader.language.value})

    def personal(
        self, template: str, reader: Reader, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """Return a page that nobody but its reader may keep."""
        answer = self.page(template, reader, {"personal": True, **values}, status)
        answer.headers.update(PERSONAL)
        return answer

    def fault(self, request: Request, status: int, unknown: str | None = None) -> HTMLResponse:
        """Return the page for a request that could not be answered; it carries the guard's headers itself."""
        here = "/" if request.url.path.startswith(SECRET) else request.url.path
        values = {"status": status, "unknown": unknown, "here": here, "personal": True}
        answer = self.page("fault.html", Reader.of(request), values, status)
        answer.headers.update({**HEADERS, **PERSONAL})
        return answer

    def static(self, request: Request) -> Response:
        """Return the style sheet or the icon."""
        file = request.path_params["file"]
        if file not in STATIC:
            return self.fault(request, 404)
        mark = f'"{self._marks[file]}"'
        keep = {"ETag": mark, "Cache-Control": "public, max-age=31536000, immutable"}
        if request.query_params.get("v") != self._marks[file]:
            keep["Cache-Control"] = "public, max-age=300"
        if mark in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=keep)
        return Response(self._static[file], headers=keep, media_type=STATIC[file])

    def _source(self, template: str) -> bytes:
        environment = self._environments[Language.ENGLISH]
        assert environment.loader is not None, "the environment always has a loader"
        return environment.loader.get_source(environment, template)[0].encode()

    def _context(self, reader: Reader) -> dict[str, object]:
        now, words = self._site.clock.now(), words_of(reader.language)
        tongue = {"lang": reader.language.value} if reader.chosen else {}
        return {
            "language": reader.language.value,
            "languages": [(language.value, _LANGUAGE_NAMES[language]) for language in Language],
            "request_language": tongue.get("lang"),
            "now": now,
            "minute": now.replace(second=0, microsecond=0),
            "words": words,
            "moment": lambda instant: words.moment(instant, UTC),
            "ago": lambda instant: ago(words, instant, now),
            "until": lambda day: until(words, day, now.date()),
            "published_day": published_day,
            "publisher": lambda stored: publisher_of(self._site, stored, reader.language),
            "feed_name": lambda feed: feed.name.get(reader.language) or next(iter(feed.name.values())),
            "station_word": lambda texts: texts.get(reader.language) or next(iter(texts.values()), ""),
            "href": lambda path, **query: _address(self._site.prefix + path, tongue | query),
            "origin": self._site.public_url.removesuffix(self._site.prefix),
            "static": lambda file: _address(f"{self._site.prefix}/static/{file}", {"v": self._marks[file]}),
            "once": lambda key, macro, *values: self._pieces.once((reader, *key), macro, *values),
            "host": host,
            "contact": _contact(self._site.operator_contact),
            "here": "/",
            "query": {},
            "feeds": (),
            "personal": False,
        }


def publisher_of(site: Site, stored: StoredItem, language: Language) -> str | None:
    """Return who published an item; a feed's own name is given in the reader's language."""
    feed, publisher = site.feeds().get(stored.feed_id), stored.item.publisher
    named_by_feed = feed is not None and publisher in feed.name.values()
    return feed.name.get(language, publisher) if feed and named_by_feed else publisher


def published_day(stored: StoredItem) -> date:
    """Return the day on which an item came out, else the day it was first seen."""
    return day_of(stored.item.published, UTC) if stored.item.published else stored.first_seen_at.date()


_LANGUAGE_NAMES = {Language.ENGLISH: "English", Language.CHINESE: "简体中文"}


def _address(path: str, query: Mapping[str, object]) -> str:
    kept = {
        key: value if isinstance(value, list) else str(value)
        for key, value in query.items()
        if value not in (None, "", [])
    }
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def host(url: str) -> str:
    """Return the host of an address, to be printed beside its link."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _contact(contact: str | None) -> dict[str, str] | None:
    """Return the operator's contact as text and link; what is neither mail nor web is text alone."""
    if not contact:
        return None
    if contact.startswith(("https://", "http://", "mailto:")):
        return {"text": contact.removeprefix("mailto:"), "link": contact}
    return {"text": contact, "link": f"mailto:{contact}" if "@" in contact else ""}
