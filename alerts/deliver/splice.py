"""Encode the parts of a message once for all its readers, and put each reader's own words in afterwards.

Quoted-printable: words before and after a place are encoded by themselves, with soft line breaks around the place.
Base64: three octets make four characters, so what follows a place depends on how many octets are left over before it;
each of the three forms is encoded once. Lines may end anywhere (RFC 2045 section 6.8), so no word moves another one.
"""

import binascii
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache

from alerts.domain.places import pieces

LINE = 57  # octets that make a line of 76 characters
SOFT = b"=\r\n"


class Part:
    """One MIME part: its own headers, and its text with places."""

    def __init__(self, subtype: str, text: str) -> None:
        plain = "\n".join(text.splitlines()) + "\n"
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


@lru_cache(maxsize=128)
def part(subtype: str, text: str) -> Part:
    """Return the part of a text; the ones used last are kept."""
    return Part(subtype, text)


def _lines(word: str) -> str:
    """Return the word with plain line ends, also at its end."""
    return "\n".join(f"{word}.".splitlines())[:-1]


def _quoted(text: str) -> bytes:
    return binascii.b2a_qp(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


def _base64(raw: bytes) -> bytes:
    lines = (b64encode(raw[at : at + LINE]) + b"\r\n" for at in range(0, len(raw), LINE))
    return b"".join(lines)
