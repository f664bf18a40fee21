"""Write header fields: folded at 78 columns, other letters in encoded-words, list headers letter for letter.

Python's own ``EmailMessage`` wraps any token longer than its line in encoded-words, which ruins a
``List-Unsubscribe`` with a long address (cpython issue 85725): there the address must stand literally (RFC 8058).
So text is folded here: ASCII between words, everything else in encoded-words of at most 75 characters, none of which
splits a character (RFC 2047 section 5). ``Literal`` fields fold only where the grammar has a gap, after ``,`` or a space.
"""

import re
from base64 import b64encode
from functools import lru_cache

from alerts.domain.errors import InputError

COLUMNS = 78  # RFC 5322 section 2.1.1
_WORD_BYTES = 42  # 56 characters in base64; with =?utf-8?b? and ?= 68, under the 75 that are allowed
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def one_line(text: str) -> str:
    """Return ``text`` without line breaks and control characters, which would end a header or start another."""
    return " ".join(_UNSAFE.sub(" ", text).split())


@lru_cache(maxsize=1024)
def text_field(name: str, value: str) -> str:
    """Return a field of free text, such as a subject, with its final line break."""
    clean = one_line(value)
    # What looks like an encoded-word would be decoded by the reader: it is encoded to stay what it is.
    plain = clean.isascii() and "=?" not in clean and all(len(word) < COLUMNS - 2 for word in clean.split())
    return _fold(name, clean.split(" ") if plain else _encoded_words(clean))


def literal_field(name: str, value: str) -> str:
    """Return a field whose value stands as it is; it is folded at spaces and never inside an address.

    Raises:
        InputError: the value holds a control character or something beyond ASCII.
    """
    if _UNSAFE.search(value) or not value.isascii():
        raise InputError(f"{name} cannot hold {value!r}")
    return _fold(name, value.split(" "))


@lru_cache(maxsize=1024)
def mailbox_field(name: str, phrase: str, address: str) -> str:
    """Return a field with a display name and an address; the address may hold other letters only under SMTPUTF8."""
    clean = one_line(phrase)
    if not clean:
        return f"{name}: {address}\r\n"
    if not clean.isascii() or "=?" in clean:
        words = _encoded_words(clean)
    elif _PLAIN_PHRASE.fullmatch(clean):
        words = clean.split(" ")
    else:
        escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
        words = [f'"{escaped}"']
    return _fold(name, [*words, f"<{address}>"])


def _encoded_words(text: str) -> list[str]:
    """Return ``text`` as encoded-words; readers drop the blanks between them."""
    words, chunk = [], b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    return [f"=?utf-8?b?{b64encode(word).decode()}?=" for word in [*words, chunk]]


def _fold(name: str, words: list[str]) -> str:
    """Return the field with line breaks before words that would pass the limit."""
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > COLUMNS and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line]) + "\r\n"
