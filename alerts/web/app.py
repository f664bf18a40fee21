"""Puts the two web applications together: the public site and the inner listener.

Neither offers documentation that runs a script, none but the admins' pages sets a cookie, and every fault is a page (or one
line of JSON) in place of a trace. The server in front of them keeps its access log off: an address can
hold a token.
"""

from collections.abc import Callable

import structlog
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.errors import StoreError
from alerts.web.admin import admin_routes, to_login
from alerts.web.admin.desk import Desk, LoggedOut
from alerts.web.api import Rates, create_api
from alerts.web.archive import UnknownValue
from alerts.web.calendars import CalendarDoor
from alerts.web.dates import DatesPage
from alerts.web.described import ApiPage
from alerts.web.failures import Doorkeeper
from alerts.web.feeds import FeedsOut
from alerts.web.guard import Guard
from alerts.web.kept import OPEN_TO_ALL, Kept
from alerts.web.lately import arrivals
from alerts.web.leaving import Leaving
from alerts.web.looks import Looks
from alerts.web.machine import Machine
from alerts.web.makers import Elsewhere, Makers
from alerts.web.matters import MatterPages
from alerts.web.my import KeepingDoor, MyDoor
from alerts.web.pages import Pages
from alerts.web.push import PushDoor
from alerts.web.signup import SignupDoor
from alerts.web.site import Site

log = structlog.get_logger("alerts.site")


READ_ONLY = (*OPEN_TO_ALL, "/subscribe")  # and the first page: what a process that only reads can answer


def create_app(site: Site, makers: Makers | None = None) -> FastAPI:
    """Return the public site; ``makers`` make the pages that only read, where there are any."""
    looks = Looks(site)
    app = _reading(site, looks)
    app.include_router(Leaving(site, looks).routes())
    app.include_router(MyDoor(site, looks).routes())
    app.include_router(KeepingDoor(site, looks).routes())
    app.include_router(CalendarDoor(site).routes())
    app.include_router(PushDoor(site).routes())
    if site.office is not None:
        desk = Desk(site, site.office, looks)
        app.include_router(admin_routes(desk))
        app.add_exception_handler(LoggedOut, to_login(desk))
    api = create_api(site, Rates(), makers)
    app.include_router(ApiPage(looks, api.openapi, f"{site.public_url}/api/v1").routes())
    app.mount("/api/v1", api)
    if makers is not None:
        app.add_middleware(Elsewhere, makers=makers, paths=READ_ONLY, exact=frozenset({"/"}))
    app.add_middleware(Kept, moment=site.moment, now=site.clock.now)
    app.add_middleware(Doorkeeper, proxies=site.proxies)
    app.add_middleware(Guard, public_url=site.public_url)
    return app


def create_reading(site: Site) -> FastAPI:
    """Return the part of the site that only reads: what a process that makes pages runs."""
    app = _reading(site, Looks(site))
    app.mount("/api/v1", create_api(site))
    return app


def _reading(site: Site, looks: Looks) -> FastAPI:
    app, got = _bare(), arrivals(site)
    app.include_router(FeedsOut(site).routes())
    app.include_router(Pages(site, looks, got).routes())
    app.include_router(DatesPage(site, looks).routes())
    app.include_router(MatterPages(site, looks).routes())
    app.include_router(SignupDoor(site, looks, got).routes())
    app.add_exception_handler(HTTPException, _refusal(looks))
    app.add_exception_handler(UnknownValue, _unknown(looks))
    app.add_exception_handler(StoreError, _silent(looks, 503))
    app.add_exception_handler(Exception, _silent(looks, 500))
    return app


def create_machine_app(site: Site) -> FastAPI:
    """Return the inner listener: ``/livez``, ``/readyz``, ``/metrics``."""
    app = _bare()
    app.include_router(Machine(site).routes())
    app.add_middleware(Guard, public_url=site.public_url, any_host=True)
    return app


def _bare() -> FastAPI:
    return FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)


Answer = Callable[[Request, Exception], Response]


def _refusal(looks: Looks) -> Answer:
    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        page = looks.fault(request, status)
        if isinstance(error, HTTPException) and error.headers:
            page.headers.update(error.headers)
        return page

    return answer


def _unknown(looks: Looks) -> Answer:
    def answer(request: Request, error: Exception) -> Response:
        return looks.fault(request, 400, error.value if isinstance(error, UnknownValue) else None)

    return answer


def _silent(looks: Looks, status: int) -> Answer:
    """The cause goes to the log, not to a stranger."""

    def answer(request: Request, error: Exception) -> Response:
        log.error("site.fault", status=status, exc_info=error)  # without the address: it can hold a token
        return looks.fault(request, status)

    return answer
