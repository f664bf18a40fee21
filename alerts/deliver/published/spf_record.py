"""Read a record of SPF (RFC 7208): its terms, and the macros in their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import quote

from alerts.deliver.published.answers import shown
from alerts.domain.errors import InputError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})  # mechanisms that cost a look-up, section 4.6.4
NAMED = frozenset({"include", "exists"})  # which need a name
MECHANISMS = ASKING | {"all", "ip4", "ip6"}

_START = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
_MECHANISM = re.compile(
    r"([+\-~?]?)([a-z][a-z0-9]*)(?::([^/]+(?:/[^/0-9][^/]*)*))?(?:/(\d{1,3}))?(?://(\d{1,3}))?", re.IGNORECASE
)
_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d*)(r?)([.\-+,/_=]*)\}|([%_-]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A mechanism: ``name`` of ``domain`` (macros unread, empty for the record's own), prefixes for both kinds of addresses."""

    written: str
    qualifier: str
    name: str
    domain: str = ""
    network: Network | None = None
    prefixes: tuple[int, int] = (32, 128)

    @property
    def admits_all(self) -> bool:
        """Return whether the whole internet passes by it."""
        everybody = self.name == "all" or (self.network is not None and self.network.prefixlen == 0)
        return everybody and self.qualifier == "+"


@dataclass(frozen=True, slots=True)
class Record:
    """The mechanisms in their order, and where the record goes on if none fits."""

    terms: tuple[Term, ...]
    redirect: str | None = None


def records_in(values: Sequence[str]) -> list[str]:
    """Return those TXT records that are SPF's."""
    return [value for value in values if _START.match(value)]


def read_record(text: str) -> Record:
    """Return what a record says.

    Raises:
        InputError: it cannot be read; one clause that names the term.
    """
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    for word in text.split(" ")[1:]:
        found = _MODIFIER.fullmatch(word)
        if found and found[1].lower() in MECHANISMS:
            raise InputError(f"{shown(word)!r} needs a colon in place of the equals sign")
        if found:
            _modifier(modifiers, found[1].lower(), found[2])
        elif word:
            terms.append(_term(word))
    return Record(tuple(terms), modifiers.get("redirect"))


def _modifier(modifiers: dict[str, str], name: str, value: str) -> None:
    if name in ("redirect", "exp"):
        if name in modifiers:
            raise InputError(f"{name}= stands there twice")
        if not value:
            raise InputError(f"{name}= names nothing")
    _checked(value)
    modifiers[name] = value


def _term(word: str) -> Term:
    found = _MECHANISM.fullmatch(word)
    name = found[2].lower() if found else ""
    if found is None or name not in MECHANISMS:
        raise InputError(f"{shown(word)!r} is no mechanism")
    qualifier, value = found[1] or "+", found[3] or ""
    if name in ("ip4", "ip6"):
        return Term(word, qualifier, name, network=_network(word, name))
    if (name in NAMED) != bool(value) and name in NAMED | {"all"}:
        raise InputError(f"{shown(word)!r} {'must name a domain' if name in NAMED else 'takes no domain'}")
    if (found[4] or found[5]) and name not in ("a", "mx"):
        raise InputError(f"{shown(word)!r} takes no length of a prefix")
    prefixes = int(found[4] or 32), int(found[5] or 128)
    if prefixes[0] > 32 or prefixes[1] > 128:
        raise InputError(f"{shown(word)!r} has a prefix that is too long")
    return Term(word, qualifier, name, _checked(value), None, prefixes)


def _network(word: str, name: str) -> Network:
    value = word.partition(":")[2]
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise InputError(f"{shown(word)!r} names no address") from None
    if f"ip{network.version}" != name or not re.fullmatch(r"[^/]+(/\d{1,3})?", value):
        raise InputError(f"{shown(word)!r} names no address of that kind")
    return network


def _checked(value: str) -> str:
    if "%" in _MACRO.sub("", value):
        raise InputError(f"{shown(value)!r} has a macro that is none")
    return value


def has_macros(domain: str) -> bool:
    """Return whether a name depends on who sends what from where."""
    return "%" in domain


def expand(spec: str, domain: str, sender: str, address: Address) -> str:
    """Return a name with its macros filled in (section 7); who greeted, and the name of the address, are not known here."""
    local, _, of = sender.rpartition("@")
    dotted = str(address) if address.version == 4 else ".".join(f"{int(address):032x}")
    kind = "in-addr" if address.version == 4 else "ip6"
    values = {
        "s": sender, "l": local, "o": of, "d": domain, "i": dotted, "h": of, "p": "unknown", "v": kind,
        "c": str(address), "r": "unknown", "t": "0",
    }  # fmt: skip

    def filled(found: re.Match[str]) -> str:
        if found[5]:
            return {"%": "%", "_": " ", "-": "%20"}[found[5]]
        parts = re.split(f"[{re.escape(found[4] or '.')}]", values[found[1].lower()])
        parts = parts[::-1] if found[3] else parts
        kept = ".".join(parts[-int(found[2]) :] if found[2] else parts)
        return quote(kept, safe="") if found[1].isupper() else kept

    return _MACRO.sub(filled, spec)
