"""The application behind ``/api/v1``: a description of its own, problems instead of pages, a limit for each network."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from alerts import __version__
from alerts.domain.errors import StoreError
from alerts.web.api.events import Events
from alerts.web.api.models import Problem
from alerts.web.api.rates import Rates
from alerts.web.api.reads import Reads
from alerts.web.archive import UnknownValue
from alerts.web.makers import Elsewhere, Makers
from alerts.web.origin import network
from alerts.web.site import Site

ABOUT = (
    "Legal rules and risk warnings on intellectual property, as they were read from their sources. Reading only, no key. "
    "Lists come newest first with a cursor; every answer has an ETag. The source of a notice alone is authoritative."
)
TITLES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    422: "Bad request",
    429: "Too many requests",
}


def create_api(site: Site, rates: Rates | None = None, makers: Makers | None = None) -> FastAPI:
    """Return the API, to be mounted under ``/api/v1``. ``rates`` limits what each network asks, ``makers`` make the answers, where there are any."""
    api = FastAPI(
        title="IP Risk Alerts",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": f"{site.prefix}/api/v1"}],
        root_path_in_servers=False,
        responses={
            status: {"model": Problem, "content": {"application/problem+json": {}}}
            for status in (400, 404, 422, 429)
        },
    )
    api.include_router(Reads(site).routes())
    api.include_router(Events(site).routes())
    if makers is not None:
        api.add_middleware(Elsewhere, makers=makers, paths=("/",))
    if rates is not None:
        api.middleware("http")(_limited(site, rates))
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _refused)
    api.add_exception_handler(UnknownValue, _refused)
    api.add_exception_handler(StoreError, _refused)
    return api


Next = Callable[[Request], Awaitable[Response]]


def _limited(site: Site, rates: Rates) -> Callable[[Request, Next], Awaitable[Response]]:
    async def limited(request: Request, following: Next) -> Response:
        allowed, headers = rates.take(network(request, site.proxies))
        answer = (
            await following(request) if allowed else problem(429, "Ask again when Retry-After has passed.")
        )
        answer.headers.update(headers)
        answer.headers.setdefault("Access-Control-Allow-Origin", "*")
        return answer

    return limited


def _refused(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the framework's signature
    if isinstance(error, UnknownValue):
        return problem(400, str(error))
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        return problem(422, f"{first['loc'][-1]}: {first['msg']}.")
    if isinstance(error, HTTPException):
        answer = problem(error.status_code, str(error.detail).rstrip(".") + ".")
        answer.headers.update(error.headers or {})
        return answer
    return problem(503, "The database does not answer; ask again in a minute.")


def problem(status: int, detail: str) -> Response:
    """Return what was wrong, as RFC 9457 writes it."""
    body = Problem(title=TITLES.get(status, "Fault"), status=status, detail=detail).model_dump()
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
