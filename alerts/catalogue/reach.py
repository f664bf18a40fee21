"""Can the address of a feed be reached at all, and does it give something away.

What the guard of :mod:`alerts.domain.dialled` will refuse at every poll is told before the first one. Names are not
looked up here: what a name means is known when it is dialled.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from alerts.catalogue.diagnostics import Finding, Path
from alerts.catalogue.secrets import looks_secret
from alerts.domain.dialled import allowed

_LONG = 8  # characters; a shorter value is a page number or a language


def reach_findings(feed: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with where one feed points."""
    url = feed.get("url")
    if not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return  # the shape says so
    where = (*path, "url")
    private = feed.get("allow_private_networks") is True
    if _is_address(host) and not allowed(host, private=private):
        yield Finding(where, "private-address", _sentence(host, allowed(host, private=True)))
    elif (host == "localhost" or host.endswith(".localhost")) and not private:
        yield Finding(where, "private-address", _sentence(host, helps=True))
    for name, value in parse_qsl(parts.query):
        if looks_secret(name) and len(value) >= _LONG and "{" not in value:
            text = (
                f"{name} in the address looks like a secret, and addresses are shown to readers and in logs; "
                "send it as a header with {file: name} or {env: NAME} if the source allows it."
            )
            yield Finding(where, "secret-in-url", text, severity="warning")


def _is_address(host: str) -> bool:
    return ":" in host or (host.count(".") == 3 and host.replace(".", "").isdecimal())


def _sentence(host: str, helps: bool) -> str:
    if helps:
        return f"{host} is in a private network and is not asked; if it is yours, add 'allow_private_networks: true'."
    return f"{host} is a special address that is never asked; name the source's public host."
