"""Addresses that are listened on or asked, and numbers, as the settings write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from alerts.domain.errors import InputError

T = TypeVar("T")

DNS_PORT = 53
MOST_MAKERS = 64


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a listener is bound, or a server is asked."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_listen(text: str) -> Listen:
    """Return the address that was written as ``host:port``.

    Raises:
        InputError: it is none.
    """
    match = re.fullmatch(r"\[?([^\[\]]+?)\]?:(\d{1,5})", text)
    if not match or int(match[2]) > 65535:
        raise InputError(f"{text!r} is not host:port.")
    return Listen(match[1], int(match[2]))


def read_addresses(text: str) -> frozenset[str]:
    """Return the IP addresses of a list with commas between them.

    Raises:
        InputError: one is none.
    """
    found = [one.strip() for one in text.split(",") if one.strip()]
    for one in found:
        try:
            ip_address(one)
        except ValueError:
            raise InputError(f"{one!r} is no IP address, such as 127.0.0.1.") from None
    return frozenset(found)


def unless_off(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """Return the reader of a setting that can be switched off: None for ``off``, anything else as ``read`` reads it."""
    return lambda text: None if text == "off" else read(text)


def read_returns(text: str) -> Listen:
    """Return where mails are taken, written as ``lmtp://host:port``.

    Raises:
        InputError: it is not.
    """
    if not text.startswith("lmtp://"):
        raise InputError(f"{text!r} is neither lmtp://host:port nor off.")
    return read_listen(text.removeprefix("lmtp://"))


def read_dns(text: str) -> Listen | None:
    """Return the DNS server of an IP address with or without a port; None for an empty text.

    Raises:
        InputError: it is none.
    """
    if not text:
        return None
    try:
        return Listen(str(ip_address(text)), DNS_PORT)
    except ValueError:
        server = read_listen(text)
    read_addresses(server.host)
    return server


def read_count(text: str) -> int:
    """Return a number of one or more.

    Raises:
        InputError: it is none.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII):
        raise InputError(f"{text!r} is not a number such as 1000.")
    return int(text)


def read_makers(text: str) -> int:
    """Return how many processes make pages, 0 to 64.

    Raises:
        InputError: it is no such number.
    """
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) or int(text) > MOST_MAKERS:
        raise InputError(f"{text!r} is not a number from 0 to {MOST_MAKERS}.")
    return int(text)


def read_hosts(text: str) -> frozenset[str]:
    """Return the hosts of a list with commas between them, each with or without its port.

    Raises:
        InputError: one is none.
    """
    hosts = {one.strip().lower() for one in text.split(",") if one.strip()}
    for one in sorted(hosts):
        if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[^\s/:@]+)(:\d{1,5})?", one):
            raise InputError(f"{one!r} is neither a host nor host:port.")
    return frozenset(one.replace("[", "").replace("]", "") for one in hosts)


def read_hub(text: str, inside: frozenset[str]) -> str:
    """Return the address of a hub; plain http only to one of the hosts ``inside``, as :func:`read_hosts` returns them.

    Raises:
        InputError: it is no such address.
    """
    try:
        parts = urlsplit(text)
        host, named = parts.hostname or "", {parts.hostname or "", f"{parts.hostname}:{parts.port}"}
    except ValueError:
        raise InputError(f"{text!r} is not an address.") from None
    plain = parts.scheme == "http" and not named.isdisjoint(inside)
    if (
        not host
        or not (parts.scheme == "https" or plain)
        or parts.username
        or parts.fragment
        or not text.isprintable()
    ):
        raise InputError(f"{text!r} is not an https address; http is for hosts in ALERTS_PRIVATE_HOSTS.")
    return text
