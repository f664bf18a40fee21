"""Encode the parts of a message once for all its readers, and put each reader's own words in afterwards.

Quoted-printable: words before and after a place are encoded by themselves, with soft line breaks around the place.
Base64: three octets make four characters, so what follows a place depends on how many octets are left over before it;
each of the three forms is encoded once. Lines may end anywhere (RFC 2045 section 6.8), so no word moves another one.

What comes out is its own canonical form (RFC 6376 section 3.4.4, relaxed and simple alike): no two blanks beside each other, none at
the end of a line, no tab. So a signature is over the bytes as they are, and a relay that tidies blanks breaks nothing.
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property, lru_cache
from hashlib import sha256

from alerts.domain.places import pieces

LINE = 57  # octets that make a line of 76 characters
SOFT = b"=\r\n"
_BLANKS = re.compile(rb"(?<= )(?= )")


class Part:
    """One MIME part: its own headers, and its text with places."""

    def __init__(self, subtype: str, text: str) -> None:
        plain = "\n".join(text.replace("\t", " ").splitlines()) + "\n"
        self._pieces = pieces(plain)
        self._raw = [piece.encode("utf-8", "replace") for piece in self._pieces[::2]]
        raw = b"".join(self._raw)
        quoted, packed = len(binascii.b2a_qp(raw)), (len(raw) + 2) // 3 * 4 + len(raw) // LINE
        self._quoted = quoted <= packed
        name = "quoted-printable" if self._quoted else "base64"
        head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
        self._head = head.encode()
        self._packed: dict[tuple[int, int], tuple[bytes, bytes]] = {}
        self._plain = [_quoted(piece) for piece in self._pieces[::2]] if self._quoted else []

    def encoded(self, words: Mapping[str, str]) -> bytes:
        """Return the part with ``words`` in their places."""
        own = [_lines(words.get(name, "")) for name in self._pieces[1::2]]
        return self._head + (self._in_quoted(own) if self._quoted else self._in_base64(own))

    def _in_quoted(self, own: list[str]) -> bytes:
        out = [self._plain[0]]
        for word, after in zip(own, self._plain[1:], strict=True):
            for stretch in (_quoted(word), after):
                if stretch:
                    joined = out[-1].endswith(b"\r\n") or stretch.startswith(b"\r\n") or not out[-1]
                    out += [stretch] if joined else [SOFT, stretch]
        return b"".join(out)

    def _in_base64(self, own: list[str]) -> bytes:
        out, rest = self._stretch(0, 0)
        done = [out]
        for number, word in enumerate(own, start=1):
            middle = rest + word.encode("utf-8", "replace")
            start = -len(middle) % 3
            middle += self._raw[number][:start]
            if len(middle) % 3:  # so few shared words that they end before the next triple does
                rest = middle
                continue
            done.append(_base64(middle))
            out, rest = self._stretch(number, start)
            done.append(out)
        done.append(_base64(rest))
        return b"".join(done)

    def _stretch(self, number: int, start: int) -> tuple[bytes, bytes]:
        """Return a stretch of shared words from an octet on: its whole triples encoded, and what is left over."""
        found = self._packed.get((number, start))
        if found is None:
            raw = self._raw[number][start:]
            whole = len(raw) // 3 * 3
            found = self._packed[number, start] = _base64(raw[:whole]), raw[whole:]
        return found


class Body:
    """What follows the headers: multipart/alternative, text first (RFC 2046), the same for all its readers but for their own words.

    The boundary follows from the shared words. It cannot occur in them: neither encoding writes ``=_``.
    """

    def __init__(self, text: str, html: str) -> None:
        self.boundary = f"=_{sha256(f'{text}{chr(0)}{html}'.encode('utf-8', 'replace')).hexdigest()[:32]}"
        self._limit = f"--{self.boundary}".encode()
        self._parts = (Part("plain", text), Part("html", html))

    def filled(self, words: Mapping[str, str]) -> bytes:
        """Return the body with ``words`` in their places."""
        return self._filled(words) if words else self._shared

    def hashed(self, words: Mapping[str, str]) -> tuple[bytes, bytes]:
        """Return the body with ``words`` in their places and its SHA-256; what all readers get is hashed once."""
        content = self.filled(words)
        return content, sha256(content).digest() if words else self._hash

    @cached_property
    def _shared(self) -> bytes:
        return self._filled({})

    @cached_property
    def _hash(self) -> bytes:
        return sha256(self._shared).digest()

    def _filled(self, words: Mapping[str, str]) -> bytes:
        plain, rich = (part.encoded(words) for part in self._parts)
        limit = self._limit
        return b"".join((limit, b"\r\n", plain, limit, b"\r\n", rich, limit, b"--\r\n"))


@lru_cache(maxsize=128)
def body(text: str, html: str) -> Body:
    """Return the body of two texts; the ones used last are kept."""
    return Body(text, html)


def _lines(word: str) -> str:
    """Return the word with plain line ends, also at its end, and blanks for tabs."""
    return "\n".join(f"{word}.".replace("\t", " ").splitlines())[:-1]


def _quoted(text: str) -> bytes:
    quoted = binascii.b2a_qp(text.encode("utf-8", "replace"))
    if b"  " in quoted:  # between two blanks of a line the library puts no soft line break
        quoted = _BLANKS.sub(b"=\n", quoted)
    return quoted.replace(b"\n", b"\r\n")


def _base64(raw: bytes) -> bytes:
    lines = (b64encode(raw[at : at + LINE]) + b"\r\n" for at in range(0, len(raw), LINE))
    return b"".join(lines)
