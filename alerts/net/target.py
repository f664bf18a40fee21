"""Read an address strictly, and say where a redirect may lead.

Two programs that read one address differently are how a check is passed and another host dialled. So an
address is taken apart once, here, by the narrowest reading, and what goes to the HTTP library is put
together again from the parts. What cannot be read without doubt is refused: other schemes, user names,
backslashes, control characters, host names with anything but letters, digits, dots, hyphens and underscores
once international names are in their ASCII form (UTS 46).

The path and the query stay as written, byte for byte; only spaces and characters outside ASCII, which
HTTP cannot carry, are percent-encoded (RFC 3987 section 3.1).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome

DEFAULT_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^#]*)(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@\[\]]+)(?::(?P<port>[0-9]{0,5}))?")
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOUBTFUL = re.compile(r"[\x00-\x1f\x7f\\]")
_NOT_SENDABLE = re.compile(r"[^\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts. ``host`` is ASCII, IPv6 without brackets; ``path`` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return what must be equal for two addresses to share credentials (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """Return the address put together again; a default port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def is_among(self, hosts: Collection[str]) -> bool:
        """Return whether it leads to one of ``hosts``, each named with its port or without."""
        return self.host in hosts or f"{self.host}:{self.port}" in hosts


@lru_cache(maxsize=16_384)  # the same addresses are asked again and again
def read_target(address: str) -> Target:
    """Return ``address`` in its parts, without its fragment.

    Raises:
        FetchError: DENIED_ADDRESS, since it cannot be read without doubt.
    """
    text = address.strip(" \t\r\n")
    if _DOUBTFUL.search(text):
        raise _refusal("has a backslash or a control character")
    whole = _ADDRESS.fullmatch(text)
    if whole is None:
        raise _refusal("is not http or https")
    if "@" in whole["authority"]:
        raise _refusal("carries a user name")
    parts = _AUTHORITY.fullmatch(whole["authority"])
    if parts is None:
        raise _refusal("has no readable host")
    scheme = whole["scheme"].lower()
    port = int(parts["port"]) if parts["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise _refusal("has a port that does not exist")
    return Target(scheme, _host(parts["host"]), port, _path(whole["path"]))


def next_target(here: Target, location: str) -> Target:
    """Return where a redirect from ``here`` leads; ``location`` may be relative.

    Raises:
        FetchError: DENIED_ADDRESS, when the address is doubtful or leaves https for http.
    """
    target = read_target(_joined(here, location.strip(" \t\r\n")))
    if here.scheme == "https" and target.scheme == "http":
        raise FetchError(Outcome.DENIED_ADDRESS, "a redirect leaves https for http")
    return target


def _joined(here: Target, location: str) -> str:
    """Return ``location`` in full; one that names a scheme is left as it is, since urljoin would mend it."""
    if _DOUBTFUL.search(location) or _SCHEME.match(location):
        return location
    try:
        return urljoin(here.url, location)
    except ValueError as fault:
        raise _refusal("has no readable host") from fault


def check_port(target: Target, configured: int, *, private: bool) -> None:
    """Refuse a port that the admin did not choose.

    Ports 80 and 443 are open, so is the one in the configured address, and any within own networks.

    Raises:
        FetchError: DENIED_ADDRESS.
    """
    if not private and target.port not in (80, 443, configured):
        raise _refusal(f"has port {target.port}, which was not configured")


def _host(text: str) -> str:
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except ValueError as fault:
            raise _refusal("has no readable host") from fault
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError as fault:
        raise _refusal("has a host that is no international name") from fault
    name = name.lower()
    if len(name) > 253 or _NAME.fullmatch(name) is None or _is_odd_number(name):
        raise _refusal("has no readable host")
    return name


def _is_odd_number(name: str) -> bool:
    """Return whether ``name`` would be dialled as a number without being a plain IPv4 address (127.1, 0x7f.1)."""
    if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]) is None:
        return False
    try:
        return str(IPv4Address(name)) != name
    except ValueError:
        return True


def _path(text: str) -> str:
    path = _NOT_SENDABLE.sub(lambda found: quote(found.group(), errors="replace"), text)
    return path if path.startswith("/") else "/" + path


def _refusal(why: str) -> FetchError:
    return FetchError(Outcome.DENIED_ADDRESS, f"the address {why}")
