"""What a platform wants and what its answers mean: one :class:`Dialect` for each, in a module of its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from alerts.domain.chat import ChatText
from alerts.domain.posts import Keep
from alerts.net import Answer

JSON = {"Content-Type": "application/json; charset=utf-8"}
LONGEST_WAIT = timedelta(hours=24)


class Said(StrEnum):
    """What an answer amounts to."""

    TAKEN = "taken"
    BUSY = "busy"  # too many at a time: wait
    REFUSED = "refused"  # this message, whenever it comes
    GONE = "gone"  # the endpoint is no more
    MISCONFIGURED = "misconfigured"  # nothing gets through until somebody mends it
    FAILED = "failed"  # not taken now
    UNSURE = "unsure"  # perhaps taken


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer means; ``wait`` is the patience that it asks for, ``code`` the number that decided."""

    said: Said
    words: str = ""
    wait: timedelta | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it leaves."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes


@dataclass(frozen=True, slots=True)
class Posting:
    """One message on its way: its words, the mark that is the same for all its copies, and the time it is signed with."""

    body: str
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dialect:
    """One platform.

    ``hosts``: where its addresses lie (an entry with a leading dot is an ending); empty: anywhere. ``gap``: between two
    messages to one address. ``signed``: whether there may be a secret. ``body`` puts a chat into the platform's words, within its limits.
    """

    hosts: tuple[str, ...]
    gap: timedelta
    signed: bool
    body: Callable[[ChatText], str]
    call: Callable[[Keep, Posting], Call]
    hear: Callable[[Answer], Heard]

    def serves(self, host: str) -> bool:
        """Return whether an address on this host is one of the platform's."""
        return not self.hosts or any(
            host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts
        )


def encoded(value: object) -> str:
    """Return ``value`` as JSON without needless bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain_call(keep: Keep, posting: Posting) -> Call:
    """Return the request of a platform whose address says all."""
    return Call(keep.url, JSON, posting.body.encode("utf-8", "replace"))


def words_of(answer: Answer) -> str:
    """Return what an answer says, for a person."""
    return " ".join(answer.body[:2000].decode("utf-8", "replace").split())


def numbers_of(answer: Answer) -> Mapping[str, object]:
    """Return the object that an answer is in JSON; empty for anything else."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def patience(answer: Answer, at: datetime) -> timedelta | None:
    """Return the Retry-After of an answer, at most a day; None where it has none."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**6)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(until - at, timedelta(0)), LONGEST_WAIT)


def by_status(answer: Answer) -> Heard:
    """Return what an answer means by its status alone."""
    said = Said.FAILED
    if 200 <= answer.status < 300:
        said = Said.TAKEN
    elif answer.status == 410:
        said = Said.GONE
    elif answer.status == 429:
        said = Said.BUSY
    words = words_of(answer)
    if 300 <= answer.status < 400:
        words = f"a redirect is not followed {words}".rstrip()
    return Heard(said, words, code=answer.status)


def by_number(number: object, table: Mapping[Said, frozenset[int]], answer: Answer) -> Heard:
    """Return what an answer means by the number in it: 0 is taken, a number that nobody knows is tried again.

    A success without a number is no answer of the platform: a proxy's page, or nothing.
    """
    by_http = by_status(answer)
    if isinstance(number, bool) or not isinstance(number, int):
        unsure = by_http.said is Said.TAKEN
        words = f"no answer of the platform: {by_http.words}"
        return Heard(Said.UNSURE, words, code=answer.status) if unsure else by_http
    if number == 0:
        return Heard(by_http.said, by_http.words, code=0 if by_http.said is Said.TAKEN else answer.status)
    said = next((said for said, numbers in table.items() if number in numbers), None)
    if said is None:
        said = Said.FAILED if by_http.said is Said.TAKEN else by_http.said
    return Heard(said, by_http.words, code=number)
