"""An address that a listener is bound to."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from alerts.domain.errors import InputError


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a listener is bound."""

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


def read_proxies(text: str) -> frozenset[str]:
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
