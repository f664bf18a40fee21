"""Feeds out: ``/feeds/{place}.atom``, ``.rss`` and ``.json``, narrowed by the archive's own filters; ``/items/{number}.cap``.

``place`` is a jurisdiction or a region (``world``: all). Each feed has one address, which it names itself whatever order its
parameters came in; its language is part of it, never negotiated, so that a cache may keep it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.items import ItemPage, StoredItem
from alerts.domain.jurisdictions import is_jurisdiction, is_region
from alerts.domain.vocabulary import Language
from alerts.render.cap import MEDIA, Origin, message
from alerts.render.feeds import FORMS, Entry, Head, Setting, entry_of
from alerts.render.feeds.entries import changed
from alerts.render.feeds.heads import author_of, subtitle_of, title_of
from alerts.render.feeds.markup import tag
from alerts.render.feeds.topics import HEARD, address, feed_path
from alerts.render.words import Words
from alerts.web.archive import Filter, is_number, read_filter
from alerts.web.conditional import OPEN, Copy, answer
from alerts.web.looks import publisher_of
from alerts.web.pieces import Pieces
from alerts.web.site import Site
from alerts.web.words import language_named

READ = ["GET", "HEAD"]
WORLD = "world"
LENGTH = 50  # entries of a page
ENTRIES = 10_000  # that are kept, of about 4 kB: the newest page of each place in both languages


@dataclass(frozen=True, slots=True)
class Asked:
    """Which feed: of what place, narrowed to what, in which language."""

    place: str
    wish: Filter
    language: Language

    def path(self, form: str, *, before: int | None = None) -> str:
        """Return the address of a page of the feed within the site; the newest where ``before`` is None."""
        return feed_path(self.place, form, self.narrowed(), self.language, before)

    def home(self) -> str:
        """Return the page that shows the same list to people."""
        where = {"jurisdiction": self.place} if self.place != WORLD else {}
        return address("/items", {**where, **self.narrowed(), "lang": self.language.value})

    @property
    def is_heard(self) -> bool:
        """Return whether a hub tells of news in this feed: of the newest page, narrowed by kind and right at most."""
        return self.wish.before is None and self.narrowed().keys() <= HEARD

    def narrowed(self) -> dict[str, str]:
        """Return the filters as parameters."""
        return replace(self.wish, jurisdiction=None).params()


def feed_links(site: Site, wish: Filter, language: Language) -> list[tuple[str, str, str]]:
    """Return media type, name and address of the feeds of what a page of the archive shows."""
    asked = Asked(wish.jurisdiction or WORLD, wish, language)
    return [(form.media, form.name, site.prefix + asked.path(name)) for name, form in FORMS.items()]


class FeedsOut:
    """Answers feed readers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._entries: Pieces[Entry] = Pieces(ENTRIES)

    def routes(self) -> APIRouter:
        """Return the addresses of the feeds."""
        router = APIRouter()
        router.add_api_route("/feeds/{place}.{form}", self.feed, methods=READ)
        router.add_api_route("/items/{number}.cap", self.warning, methods=READ)
        return router

    def warning(self, request: Request) -> Response:
        """Return one item as a CAP message; of what was never about intellectual property there is none."""
        number = request.path_params["number"]
        seen = self._site.store.items.seen(int(number)) if is_number(number) else []
        if not any(one.judgement.relevant for one in seen):
            raise HTTPException(404)
        site, feed = self._site, self._site.feeds().get(seen[-1].feed_id)
        name = partial(publisher_of, site)
        origin = Origin(site.public_url, site.operator_contact, name, feed.trust if feed else None)
        body, media = message(seen, origin), f"{MEDIA}; charset=utf-8"
        return answer(request, Copy(body, media, OPEN, site.clock.now(), changed(seen[-1])))

    def feed(self, request: Request) -> Response:
        """Return one page of a feed."""
        name = request.path_params["form"]
        if name not in FORMS:
            raise HTTPException(404)
        asked = _asked(request.path_params["place"], request.query_params)
        words, form = Words(asked.language), FORMS[name]
        page = self._page(asked)
        setting = Setting(
            words, self._site.public_url, lambda one: publisher_of(self._site, one, asked.language)
        )
        made = [self._entry(one, setting, asked.language) for one in page.items]
        entries = sorted(made, key=_updated, reverse=True)
        head = self._head(asked, name, page, words)
        latest = self._site.store.items.freshest([one.id for one in page.items])
        now = self._site.clock.now()
        head = replace(head, updated=max([one.updated for one in entries], default=_midnight(now)))
        body = form.write(head, entries)
        media, headers = f"{form.media}; charset=utf-8", {**OPEN, **link_headers(head)}
        return answer(request, Copy(body, media, headers, now, latest))

    def _entry(self, stored: StoredItem, setting: Setting, language: Language) -> Entry:
        key = (
            language,
            stored.revision_id,
            stored.unreviewed,
            stored.judgement,
            stored.matter_id,
            setting.publisher(stored),
        )
        return self._entries.once(key, entry_of, stored, setting)

    def _page(self, asked: Asked) -> ItemPage:
        query = replace(asked.wish, jurisdiction=asked.place).query(self._site.feeds())
        return self._site.store.items.query(replace(query, limit=LENGTH))

    def _head(self, asked: Asked, name: str, page: ItemPage, words: Words) -> Head:
        site, before, later = self._site.public_url, asked.wish.before, page.next_before_id
        wish = asked.wish
        members = [one for one in (wish.kind, wish.right, wish.event, wish.severity) if one is not None]
        others = tuple((form.media, site + asked.path(key)) for key, form in FORMS.items() if key != name)
        return Head(
            ident=tag(site, asked.path("feed").lstrip("/")),
            address=site + asked.path(name, before=before),
            home=site + asked.home(),
            title=title_of(
                words, asked.place, members, [wish.publisher, wish.since, wish.until, wish.search]
            ),
            subtitle=subtitle_of(words),
            author=author_of(words),
            language=asked.language,
            updated=self._site.clock.now(),
            hub=self._site.hub if asked.is_heard else None,
            first=site + asked.path(name) if before else None,
            next=site + asked.path(name, before=later) if later else None,
            forms=() if before else others,
        )


def _asked(place: str, params: Mapping[str, str]) -> Asked:
    code, slug = place.upper(), place.lower()
    named = code if is_jurisdiction(code) else slug if is_region(slug) else None
    if named is None:
        raise HTTPException(404)
    wish = replace(read_filter({**params, "jurisdiction": named}), jurisdiction=None)
    return Asked(named, wish, language_named(params.get("lang")) or Language.ENGLISH)


def link_headers(head: Head) -> dict[str, str]:
    """Return the addresses of a feed as headers, for readers that look no further."""
    links = [("self", head.address), *head.relations]
    line = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links)
    return {"Link": line, "Content-Language": head.language.value}


def _updated(entry: Entry) -> tuple[datetime, str]:
    return entry.updated, entry.ident


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
