"""What goes between the daemon and a process that makes pages: frames of a length and so many bytes.

Pages go as ``marshal`` writes them: plain values, which carry nothing that could be run. The catalogue goes pickled, from the daemon to its
own child alone.
"""

import copyreg
import io
import marshal
import pickle
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple, TypeAlias, cast

from alerts.domain.feeds import Feed
from alerts.web.whole import Answer, Raw

LENGTH = struct.Struct("!I")
MOST = 64_000_000  # bytes of one frame

Feeds: TypeAlias = Mapping[str, Feed]


class Question(NamedTuple):
    """A request that only reads. ``client`` is the address and port that it came from."""

    path: str
    query: bytes
    headers: Raw
    client: tuple[str, int] | None


def framed(payload: bytes) -> bytes:
    """Return bytes as they are sent."""
    return LENGTH.pack(len(payload)) + payload


def read_frame(pipe: BinaryIO) -> bytes | None:
    """Return what the next frame holds, None at the end of the pipe."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = pipe.read(length)
    return payload if len(payload) == length else None


def pack_question(question: Question) -> bytes:
    """Return a question as it is sent."""
    return marshal.dumps(tuple(question))


def pack_feeds(feeds: Feeds) -> bytes:
    """Return the catalogue that is in force as it is sent before the questions that it holds for; no page needs what a source is asked with."""
    plain, written = {name: replace(feed, headers={}) for name, feed in feeds.items()}, io.BytesIO()
    pickler = pickle.Pickler(written)
    pickler.dispatch_table = copyreg.dispatch_table | {MappingProxyType: _read_only}
    pickler.dump(plain)
    return marshal.dumps(written.getvalue())


def _read_only(members: "MappingProxyType[Any, Any]") -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _again, (dict(members),)


def _again(members: dict[Any, Any]) -> "MappingProxyType[Any, Any]":
    return MappingProxyType(members)


def unpack(payload: bytes) -> Question | Feeds:
    """Return what the daemon sent."""
    found = marshal.loads(payload)  # noqa: S302 - from our own parent
    if isinstance(found, bytes):
        return cast(Feeds, pickle.loads(found))  # noqa: S301 - likewise
    return Question(*found)


def pack_answer(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    return marshal.dumps(tuple(answer))


def unpack_answer(payload: bytes) -> Answer:
    """Return what a child sent.

    Raises:
        ValueError: it is not of the shape of an answer.
    """
    try:
        status, headers, body = marshal.loads(payload)  # noqa: S302 - from our own child, and plain values only
    except (EOFError, TypeError, ValueError) as fault:
        raise ValueError("not an answer") from fault
    if not isinstance(status, int) or not isinstance(headers, list) or not isinstance(body, bytes):
        raise ValueError("not an answer")
    return Answer(status, headers, body)
