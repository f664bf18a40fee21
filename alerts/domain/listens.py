"""An address that a listener is bound to."""

import re
from dataclasses import dataclass

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
