"""The inner listener: is the process alive, is it ready to work, and figures for Prometheus.

``/livez`` answers as long as the process does. ``/readyz`` answers 200 when the database can be asked, its
schema is the one of this program and a catalogue is loaded, else 503; each part is named. The relay
is reported but does not decide: polling, matching and the pages work without it, and mails wait.
"""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from alerts import __version__
from alerts.domain.errors import StoreError
from alerts.web.metrics import CONTENT_TYPE, exposition, relay_fault, relay_seen
from alerts.web.site import Site

READ = ["GET", "HEAD"]
FRESH = {"Cache-Control": "no-store"}

Part = dict[str, object]


class Machine:
    """Answers for machines."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> APIRouter:
        """Return the three addresses."""
        router = APIRouter()
        router.add_api_route("/livez", self.alive, methods=READ)
        router.add_api_route("/readyz", self.ready, methods=READ)
        router.add_api_route("/metrics", self.metrics, methods=READ)
        return router

    def alive(self, request: Request) -> Response:  # noqa: ARG002 - one signature for every route
        """Return 200: the process answers."""
        return JSONResponse({"alive": True, "version": __version__}, headers=FRESH)

    def ready(self, request: Request) -> Response:  # noqa: ARG002
        """Return every part with whether it is good, and 503 when one that decides is not."""
        parts = {
            "database": _part(self._database),
            "schema": _part(self._schema),
            "catalogue": self._catalogue(),
        }
        good = all(part["ok"] for part in parts.values())
        body = {"ready": good, "parts": {**parts, "relay": self._relay()}}
        return JSONResponse(body, 200 if good else 503, FRESH)

    def metrics(self, request: Request) -> Response:  # noqa: ARG002
        """Return the figures in Prometheus' text form."""
        return Response(exposition(self._site), headers={**FRESH, "Content-Type": CONTENT_TYPE})

    def _database(self) -> Part:
        self._site.store.ping()
        return {"ok": True}

    def _schema(self) -> Part:
        current, head = self._site.store.schema()
        return {"ok": current == head, "current": current, "expected": head}

    def _catalogue(self) -> Part:
        enabled = sum(feed.enabled for feed in self._site.feeds().values())
        latest = "in force" if self._site.catalogue_good() else "refused: see the log or `alerts check`"
        return {"ok": enabled > 0, "feeds": enabled, "latest_file": latest}

    def _relay(self) -> Part:
        try:
            seen, fault = relay_seen(self._site.store), relay_fault(self._site.store)
        except StoreError:
            return {"last_seen": None, "fault": None}
        return {"last_seen": seen.isoformat() if seen else None, "fault": fault}


def _part(ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except StoreError as error:
        return {"ok": False, "error": type(error).__name__}
