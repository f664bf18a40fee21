"""Under which name a source's host is counted: by registrable domain, since one machine often has many names.

The public suffix list (shipped with ``publicsuffixlist``; its private part counts, too, so two customers of one hoster
stay apart) says where a registrable domain ends. Machines of one's own, which only feeds with
``allow_private_networks`` reach, are counted by name and port and need no pause between requests.
"""

import re
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

_PORTS = {"http": 80, "https": 443}
_LOCAL = re.compile(r"(?:.*\.)?(?:localhost|local|internal|lan|home\.arpa)|[^.]+")
_WITH_PORT = re.compile(r".*:\d+")


def host_of(url: str, *, private: bool = False) -> str:
    """Return the name that politeness counts by, lower case; empty for an address without a host.

    ``private`` says that the feed may reach own networks: loopback, private addresses and local names then
    count by name and port.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if private and host and is_local(host):
        return f"{shown}:{port or _PORTS.get(parts.scheme, 0)}"
    return shown if _is_address(host) else registrable(host)


def is_spaced(host: str) -> bool:
    """Return whether a host as :func:`host_of` names it is somebody else's, who is not to be asked at short intervals."""
    return _WITH_PORT.fullmatch(host) is None


def is_local(host: str) -> bool:
    """Return whether a host is a machine of one's own: by its address, or by a name that no public server has."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return _LOCAL.fullmatch(host) is not None


def registrable(host: str) -> str:
    """Return the registrable domain of a host name; the name itself where it has none."""
    return _suffixes().privatesuffix(host) or host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # reading takes about 0.1 s, so it waits until a name is asked for
