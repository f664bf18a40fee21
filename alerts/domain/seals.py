"""The seal on what a hub sends: HMAC over the body, named in ``X-Hub-Signature: method=hex`` (WebSub section 7.1)."""

import hmac
import re

STRONG = frozenset({"sha256", "sha384", "sha512"})
_SEAL = re.compile(r"\s*(sha1|sha256|sha384|sha512)\s*=\s*([0-9A-Fa-f]{40,128})\s*")


class Seal:
    """A seal that is being checked while the body goes by; the body is not kept."""

    def __init__(self, method: str, given: str, secret: str) -> None:
        self._given = given.lower().encode()
        self._hash = hmac.new(secret.encode(), digestmod=method)

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._hash.update(chunk)

    def holds(self) -> bool:
        """Return whether the seal is that of the bytes; the time taken tells nothing."""
        return hmac.compare_digest(self._hash.hexdigest().encode(), self._given)


def read_seal(header: str | None, secret: str, *, sha1: bool) -> Seal | None:
    """Return the seal to check, or None where there is none that counts.

    SHA-1 counts only with ``sha1``: hubs of before 2018 know nothing else.
    """
    found = _SEAL.fullmatch(header or "")
    if found is None or (found[1] not in STRONG and not sha1):
        return None
    return Seal(found[1], found[2], secret)
