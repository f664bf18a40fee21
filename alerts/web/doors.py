"""What the doors share that open by a form or by a mailed word."""

from collections.abc import Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.requests import Answered
from alerts.domain.requests import Request as Asked
from alerts.web.looks import Looks, Reader
from alerts.web.origin import from_our_page
from alerts.web.site import Site

CROWDED = (Answered.NETWORK, Answered.BUSY)
LATER = 600  # seconds


async def form_of(request: Request, site: Site, most: int = 10) -> FormData:
    """Return the form that a page of ours sends; of ``most`` fields at most, without files.

    Raises:
        HTTPException: 400, it is larger; 403, another site sends it.
    """
    from_our_page(request, site.public_url)
    return await request.form(max_files=0, max_fields=most)


async def sent(
    request: Request, site: Site, act: Callable[[Request, FormData], Response], most: int = 10
) -> Response:
    """Return how ``act`` answers the form that a page of ours sends; it is called beside the loop.

    Raises:
        HTTPException: as ``form_of`` says.
    """
    form = await form_of(request, site, most)
    return await run_in_threadpool(act, request, form)


def request_behind(site: Site, request: Request, door: str) -> Asked:
    """Return the request whose mailed word stands in the address, if its link leads to this ``door``.

    Raises:
        HTTPException: 404, it does not, or there is no such word.
    """
    public_id = site.tokens.read_request(request.path_params["token"])
    asked = site.store.requests.find(public_id) if public_id else None
    if asked is None or asked.door != door:
        raise HTTPException(404)
    return asked


def crowded(looks: Looks, reader: Reader, done: Answered, where: dict[str, object]) -> Response:
    """Return the page for whoever is one of too many (RFC 6585 section 4); ``where`` is the page they were on."""
    values = where | {"everybody": done is Answered.BUSY}
    page = looks.personal("signup/busy.html", reader, values, 429)
    page.headers["Retry-After"] = str(LATER)
    return page
