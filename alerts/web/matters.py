"""The pages of matters: events with all that was published on each. ``/matters``, ``/matters/{number}``, and one matter as a feed.

A matter that was joined to another leads there for good, so that an address that was once given stays of use.
"""

from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from alerts.domain.changes import stays_withdrawn
from alerts.domain.facets import shown_day
from alerts.domain.identifiers import official_page
from alerts.domain.items import StoredItem
from alerts.domain.matter_facts import MatterFacts, facts_of, headline
from alerts.domain.matters import Matter, Member
from alerts.domain.stations import Need, helpers
from alerts.domain.vocabulary import Language
from alerts.render.feeds import FORMS, Head, Setting, entry_of
from alerts.render.feeds.heads import author_of, called, subtitle_of
from alerts.render.feeds.markup import tag
from alerts.render.words import Words
from alerts.web.archive import is_number, read_filter
from alerts.web.choices import choices
from alerts.web.conditional import OPEN, Copy, answer
from alerts.web.feeds import LENGTH, link_headers
from alerts.web.looks import Looks, Reader, publisher_of
from alerts.web.site import Site
from alerts.web.words import language_named

READ = ["GET", "HEAD"]
GONE_ON = 308  # permanent, whatever the method


@dataclass(frozen=True, slots=True)
class Line:
    """A matter as a list shows it; ``named`` is the item whose title it goes by."""

    matter: Matter
    facts: MatterFacts
    named: StoredItem


class MatterPages:
    """Answers for the pages of matters."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/matters", self.matters, methods=READ)
        router.add_api_route("/matters/{number}.{form}", self.feed, methods=READ)
        router.add_api_route("/matters/{number}", self.matter, methods=READ)
        return router

    def matters(self, request: Request) -> Response:
        """Return one page of the matters that the filters leave."""
        reader, wish = Reader.of(request), read_filter(request.query_params)
        page = self._site.store.matters.query(wish.query(self._site.feeds()))
        values = {
            "page": page,
            "lines": [_line(one, reader.language) for one in page.matters if one.members],
            "wish": wish,
            "choices": choices(self._site, wish, reader.language),
            "here": "/matters",
            "query": wish.place(),
        }
        return self._looks.page("matters.html", reader, values)

    def matter(self, request: Request) -> Response:
        """Return one matter with everything that is known of it."""
        reader, matter = Reader.of(request), self._found(request.path_params["number"])
        path = f"/matters/{matter.id}"
        if str(matter.id) != request.path_params["number"]:
            return self._lead_on(request, path)
        line = _line(matter, reader.language)
        facts = line.facts
        need = Need(facts.jurisdictions, reader.language, facts.rights)
        codes = {one.stored.item.jurisdiction for one in matter.members}
        values = {
            "line": line,
            "members": sorted(matter.members, key=_by_day, reverse=True),
            "withdrawn": self._is_withdrawn(facts),
            "official": {
                each: next(filter(None, (official_page(each, code) for code in sorted(codes))), None)
                for each in facts.identifiers
            },
            "sources": [(one, self._site.feeds().get(one)) for one in facts.feeds],
            "help": helpers(self._site.stations(), need),
            "here": path,
            "feeds": [
                (form.media, form.name, f"{self._site.prefix}{path}.{name}{_tongue(reader.language)}")
                for name, form in FORMS.items()
            ],
        }
        return self._looks.page("matter.html", reader, values)

    def feed(self, request: Request) -> Response:
        """Return one matter as a feed of its newest notices."""
        name, matter = request.path_params["form"], self._found(request.path_params["number"])
        if name not in FORMS:
            raise HTTPException(404)
        path = f"/matters/{matter.id}.{name}"
        if str(matter.id) != request.path_params["number"]:
            return self._lead_on(request, path)
        language, form = language_named(request.query_params.get("lang")) or Language.ENGLISH, FORMS[name]
        site, now = self._site, self._site.clock.now()
        setting = Setting(Words(language), site.public_url, lambda one: publisher_of(site, one, language))
        items = [one.stored for one in matter.members][-LENGTH:]
        entries = sorted(
            (entry_of(one, setting) for one in items), key=lambda one: (one.updated, one.ident), reverse=True
        )
        head = replace(self._head(matter, name, language), updated=entries[0].updated)
        latest = site.store.items.freshest([one.id for one in items])
        headers = {**OPEN, **link_headers(head)}
        return answer(
            request, Copy(form.write(head, entries), f"{form.media}; charset=utf-8", headers, now, latest)
        )

    def _head(self, matter: Matter, name: str, language: Language) -> Head:
        site, words = self._site.public_url, Words(language)
        addresses = {key: f"{site}/matters/{matter.id}.{key}{_tongue(language)}" for key in FORMS}
        title = headline(matter, language).item.title
        return Head(
            ident=tag(site, f"matters/{matter.id}"),
            address=addresses[name],
            home=f"{site}/matters/{matter.id}?lang={language.value}",
            title=called(words, title),
            subtitle=subtitle_of(words),
            author=author_of(words),
            language=language,
            updated=self._site.clock.now(),
            forms=tuple((FORMS[key].media, address) for key, address in addresses.items() if key != name),
        )

    def _found(self, number: str) -> Matter:
        found = self._site.store.matters.current(int(number)) if is_number(number) else None
        if found is None:
            raise HTTPException(404)
        return found

    def _lead_on(self, request: Request, path: str) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{self._site.prefix}{path}{query}", GONE_ON, {"Cache-Control": "no-cache"})

    def _is_withdrawn(self, facts: MatterFacts) -> bool:
        return stays_withdrawn(self._site.store.items.seen(facts.latest.id) or [facts.latest])


def _line(matter: Matter, language: Language) -> Line:
    return Line(matter, facts_of(matter), headline(matter, language))


def _by_day(member: Member) -> tuple[date, int]:
    return shown_day(member.stored), member.stored.id


def _tongue(language: Language) -> str:
    return f"?lang={language.value}" if language is not Language.ENGLISH else ""
