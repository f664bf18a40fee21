"""Who sends a form: our own page, or another site in a visitor's name. And from which network.

Browsers say where a form comes from (``Sec-Fetch-Site``, ``Origin``); what says another site is refused. What says nothing is no
browser of today: it holds no cookie of ours on the public pages, where there is none, and is refused behind ``/admin``.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from alerts.domain.requests import network_of


def from_our_page(request: Request, public_url: str, *, strict: bool = False) -> None:
    """Let the request pass if it may come from a page of ours. ``strict``: it must say so, for a cookie gives it power.

    Raises:
        HTTPException: 403, another site sends it, or nobody says which.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in (("same-origin",) if strict else ("same-origin", "none")):
        raise HTTPException(403)
    known = {_origin(public_url), f"{request.url.scheme}://{request.headers.get('host', '')}".lower()}
    if strict:
        # A page that tells no address to others is "null" to itself, too; the browser's own word then decides.
        silent = {None, "null"} if site is not None else set()
        if origin not in silent and (origin or "").lower() not in known:
            raise HTTPException(403)
    elif site is None and origin is not None and origin.lower() not in known:
        raise HTTPException(403)


def network(request: Request, proxies: Collection[str]) -> str:
    """Return the network of the visitor: of who connects, or behind ``proxies`` of our own of who they say connects."""
    address = request.client.host if request.client else "unknown"
    if address in proxies:
        named = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",")]
        address = next((one for one in reversed(named) if one and one not in proxies), address)
    return network_of(address)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
