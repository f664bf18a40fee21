"""What the DNS answered, as values: the rules about records get the asking as an argument and never look anything up themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from alerts.domain.errors import InputError
from alerts.domain.text import one_line

LONGEST = 160  # characters of a record that a sentence repeats


class Kind(StrEnum):
    """How a question ended."""

    FOUND = "found"
    EMPTY = "empty"  # the name is there, without a record of this type
    MISSING = "missing"  # the name is not there
    FAILED = "failed"  # nobody answered, or only that it went wrong


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of one name and type: TXT joined, MX as ``10 host``, names without their last dot; ``why`` it failed."""

    kind: Kind
    values: tuple[str, ...] = ()
    why: str = ""

    @property
    def exchangers(self) -> list[str]:
        """Return the hosts of an MX answer, in its order; one may be empty or a dot (null MX)."""
        return [value.partition(" ")[2] for value in self.values]


Ask = Callable[[str, str], Answer]  # a name and a type of record: TXT, MX, A, AAAA, PTR


def addresses_of(host: str, ask: Ask) -> Answer:
    """Return the addresses of a host, of both kinds."""
    answers = [ask(host, "A"), ask(host, "AAAA")]
    found = tuple(value for answer in answers for value in answer.values)
    if found:
        return Answer(Kind.FOUND, found)
    return next((answer for answer in answers if answer.kind is Kind.FAILED), answers[0])


def read_tags(text: str) -> dict[str, str]:
    """Return a list of ``tag=value`` with semicolons between them, as DKIM and DMARC write it (RFC 6376 section 3.2), tags in lower case.

    Raises:
        InputError: it is none, or names a tag twice; one clause.
    """
    tags: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise InputError(f"{shown(part)!r} is no tag=value")
        if name.strip().lower() in tags:
            raise InputError(f"{name.strip()}= stands there twice")
        tags[name.strip().lower()] = value.strip()
    return tags


def shown(text: str) -> str:
    """Return what others wrote as a sentence may repeat it."""
    return one_line(text, LONGEST)
