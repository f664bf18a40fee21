"""Codes of an authenticator: six digits that change every half minute (RFC 6238 over RFC 4226, SHA-1, as all apps have it)."""

import hmac
import re
from base64 import b32encode
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote, urlencode

STEP = 30  # seconds
WINDOW = 1  # steps before and after the present one, for clocks that are a little off (RFC 6238 section 5.2)
SECRET = 20  # bytes: the length of the hash (RFC 4226 section 4)
CODE = re.compile(r"[0-9]{6}", re.ASCII)


def code(secret: bytes, step: int, digits: int = 6) -> str:
    """Return the code of one step."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: datetime) -> int:
    """Return the number of the half minute since 1970."""
    return int(now.timestamp()) // STEP


def fitting_step(secret: bytes, given: str, now: datetime) -> int | None:
    """Return the step whose code was given, or None; the time taken does not tell which. Whether it was used is the store's to say."""
    here = step_of(now)
    fits = [
        step
        for step in range(here - WINDOW, here + WINDOW + 1)
        if hmac.compare_digest(code(secret, step), given if CODE.fullmatch(given) else "......")
    ]
    return fits[-1] if fits else None


def shown(secret: bytes) -> str:
    """Return the secret as it is typed into an app."""
    return b32encode(secret).decode().rstrip("=")


def address(secret: bytes, name: str, issuer: str) -> str:
    """Return the otpauth address that an app reads from a picture."""
    query = urlencode({"secret": shown(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{name}', safe='')}?{query}"
