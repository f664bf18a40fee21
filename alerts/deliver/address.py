"""Check mail addresses before they stand in an envelope or a header.

The rule is narrower than RFC 5321: no quoted local parts, no comments, no lists. A relay library may send to the
part of an address that stands before a line break, so nothing that could be read as two addresses is taken.
A domain with other letters goes out as A-labels (IDNA 2008, UTS 46); such a local part needs SMTPUTF8 (RFC 6531).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from alerts.domain.errors import InputError

# RFC 5322 atext, and letters beyond ASCII as RFC 6531 allows them; dots only between atoms.
_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\W_])+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_HOST = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that may be mailed to; ``domain`` is ASCII."""

    local: str
    domain: str

    @property
    def needs_utf8(self) -> bool:
        """Whether the relay must offer SMTPUTF8."""
        return not self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


@lru_cache(maxsize=1024)
def read_address(text: str) -> Mailbox:
    """Return the mailbox that ``text`` names.

    Raises:
        InputError: it is not one plain address, is longer than RFC 5321 allows (64 octets before the at sign, 254 in
            all), or its domain is not a host name.
    """
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise InputError(f"{text!r} is not one plain mail address.")
    mailbox = Mailbox(local, ascii_domain(domain))
    if len(local.encode()) > 64 or len(str(mailbox).encode()) > 254:
        raise InputError(f"{text!r} is longer than a mail address may be.")
    return mailbox


def original_recipient(mailbox: Mailbox) -> str:
    """Return the value of ORCPT, by which reports name the address that we wrote to, whoever passed the mail on.

    Source: RFC 3461 section 4.2 (xtext), RFC 6533 section 3 (addresses with other letters, in ASCII).
    """
    form = "\\x{{{:X}}}" if mailbox.needs_utf8 else "+{:02X}"
    kept = (
        letter if "!" <= letter <= "~" and letter not in "+=\\" else form.format(ord(letter))
        for letter in str(mailbox)
    )
    return f"{'utf-8' if mailbox.needs_utf8 else 'rfc822'};{''.join(kept)}"


def ascii_domain(domain: str) -> str:
    """Return ``domain`` in A-labels, lower case.

    Raises:
        InputError: it is not a host name.
    """
    try:
        name = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise InputError(f"{domain!r} is not a domain name: {error}.") from error
    if not _HOST.fullmatch(name) or len(name) > 253:
        raise InputError(f"{domain!r} is not a domain name.")
    return name
