"""``/admin/feeds``: how every source stands, with the sentence that helps; one source, and what it answers now."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.domain.errors import CollectError
from alerts.domain.feeds import Feed
from alerts.domain.push_words import describe
from alerts.domain.vocabulary import WORST_FIRST
from alerts.flow.standing import Sources, source_troubles, sources
from alerts.flow.trying import SHOWN
from alerts.web.admin.desk import READ, Desk
from alerts.web.looks import Reader

POLLS = 20


class FeedsDoor:
    """Answers for the sources."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin/feeds", self.feeds, methods=READ)
        router.add_api_route("/admin/feeds/{feed_id}", self.feed, methods=READ)
        router.add_api_route("/admin/feeds/{feed_id}", self.test, methods=["POST"])
        return router

    def feeds(self, request: Request) -> Response:
        """Return all sources, the worst first."""
        session, desk = self._desk.session(request), self._desk
        seen, feeds = sources(desk.site.store, desk.now), desk.site.feeds()
        said = _said(seen, request)
        lines = sorted(seen.health, key=lambda line: (WORST_FIRST.index(line.health), line.feed_id))
        rows = [
            (line, feeds.get(line.feed_id), seen.states[line.feed_id], said.get(line.feed_id, ()))
            for line in lines
        ]
        return desk.page(request, "feeds.html", session, {"rows": rows})

    def feed(self, request: Request) -> Response:
        """Return one source with its last polls."""
        session = self._desk.session(request)
        return self._page(request, session, self._named(request))

    async def test(self, request: Request) -> Response:
        """Ask a source once and show what would be stored; nothing is."""
        desk = self._desk
        session, _ = await desk.form(request)
        feed, by = self._named(request), desk.actor(request, session)
        if not await run_in_threadpool(desk.site.store.acts.test, feed.id, by, desk.now):
            return await run_in_threadpool(self._page, request, session, feed, fault="enough")
        try:
            found: dict[str, object] = {"tried": await desk.office.look(feed)}
        except CollectError as error:
            found = {"refused": error}
        return await run_in_threadpool(self._page, request, session, feed, **found)

    def _named(self, request: Request) -> Feed:
        feed = self._desk.site.feeds().get(request.path_params["feed_id"])
        if feed is None:
            raise HTTPException(404)
        return feed

    def _page(self, request: Request, session: Session, feed: Feed, **found: object) -> Response:
        desk, store = self._desk, self._desk.site.store
        seen = sources(store, desk.now)
        values = {
            "feed": feed,
            "state": seen.states.get(feed.id),
            "health": next((line for line in seen.health if line.feed_id == feed.id), None),
            "said": _said(seen, request).get(feed.id, ()),
            "polls": store.feeds.polls(feed.id, POLLS),
            "pushed": [describe(one, desk.now) for one in seen.pushed if one.feed_id == feed.id],
            "tried": None,
            "refused": None,
            "shown": SHOWN,
            **found,
        }
        return desk.page(request, "feed.html", session, values, 429 if "fault" in found else 200)


def _said(seen: Sources, request: Request) -> Mapping[str, list[str]]:
    """Return what helps, by source, in the sentences of ``alerts status``."""
    said: dict[str, list[str]] = {}
    for one in source_troubles(seen, Reader.of(request).language):
        said.setdefault(one.feed_id, []).append(one.text)
    return said
