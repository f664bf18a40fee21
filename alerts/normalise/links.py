"""Addresses that may stand in a mail: absolute http(s), a named host, nothing that hides where they lead.

Dropped: user names and passwords. Refused: other schemes, backslashes (browsers read them as slashes), hosts given by
number in any spelling (WHATWG URL 3.5.4: a host that ends in a number is an IPv4 address), ports other than
80 and 443. Hosts in other scripts become A-labels (RFC 5891), so that a look-alike shows as ``xn--``.
"""

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import idna

LONGEST = 4000

_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
# A browser would take the next word for the host.
_WITHOUT_HOST = re.compile(r"https?:(?!//[^/])", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*")
_UNWANTED = re.compile("[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def safe_link(link: str | None, address: str, *, private: bool) -> str | None:
    """Return ``link`` as it may be shown, resolved against ``address``, or None where it may not.

    ``private`` allows numbered hosts and odd ports, for feeds whose admin allowed private networks.
    """
    plain = re.sub("[\t\r\n]", "", link or "").strip()  # browsers drop these inside addresses
    if not plain or "\\" in plain or len(plain) > LONGEST or _WITHOUT_HOST.match(plain):
        return None
    try:
        parts = urlsplit(urljoin(address, plain))
        port = parts.port
    except ValueError:
        return None
    host = _host(parts.hostname or "", private=private)
    if parts.scheme not in {"http", "https"} or host is None:
        return None
    default = port in {None, 80 if parts.scheme == "http" else 443}
    if not default and not private and port not in {80, 443}:
        return None
    netloc = host if default else f"{host}:{port}"
    spelled = SplitResult(
        parts.scheme, netloc, _ascii(parts.path), _ascii(parts.query), _ascii(parts.fragment)
    )
    return urlunsplit(spelled)


def _host(host: str, *, private: bool) -> str | None:
    """Return the host in ASCII, or None where it is none or hides behind a number."""
    if ":" in host or _ENDS_IN_NUMBER.search(host):
        numbered = f"[{host}]" if ":" in host else host
        return numbered if private and re.fullmatch(r"\[[0-9a-f:.]+\]|[\d.]+", numbered) else None
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    plain = plain.rstrip(".").lower()
    named = ("." in plain or private) and not _ENDS_IN_NUMBER.search(plain)
    return plain if named and _HOST.fullmatch(plain) else None


def _ascii(part: str) -> str:
    """Return a path, query or fragment in ASCII; escapes that are there stay, unseen characters go."""
    return quote(
        _UNWANTED.sub(lambda found: "%20" if found[0] == " " else "", part), safe="%/:=&?~#+!$,;'@()*[]-._|"
    )
