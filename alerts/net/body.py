"""Collect the body of an answer, decoding as it comes, and never hold more than was allowed.

A kilobyte can inflate to a gigabyte, so decoding goes in steps of 64 KiB and stops at the step that passes
a limit. Layers are those of Content-Encoding, plus one more when what comes out starts with the gzip magic:
some servers compress twice, or compress without saying so (RFC 1952 section 2.3.1 for the magic).
What goes over the wire counts too: a compression can also be endless and decode to nothing.
``deflate`` is read with and without its zlib wrapper, since servers send both (RFC 9110 section 8.4.1.2).
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome

STEP = 65536
OVERHEAD = 65536  # bytes that a compressed body may be longer than what it decodes to
MEMBERS = 2000  # gzip pieces of one body; programs that write many put 64 KiB into each
_GZIP = b"\x1f\x8b"
_REFUSED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})


@dataclass(frozen=True, slots=True)
class Room:
    """How much may come. Sizes in bytes, decoded.

    Past ``ratio_from`` an answer may be at most ``ratio`` times as large as what went over the wire.
    With ``cut`` the first ``size`` bytes are kept of what is larger or broken; without, it is refused.
    """

    size: int
    ratio: int = 100
    ratio_from: int = 1024 * 1024
    cut: bool = False


class Body:
    """One body as it arrives."""

    def __init__(self, encoding: str, room: Room) -> None:
        self._room = room
        self._layers = [*_layers(encoding), _Layer("gzip")]
        self._parts: list[bytes] = []
        self._size = 0
        self._wire = 0

    @property
    def full(self) -> bool:
        """Return whether a body that may be cut has all it may have."""
        return self._room.cut and (self._filled or self._wire > self._room.size + OVERHEAD)

    @property
    def _filled(self) -> bool:
        return self._room.cut and self._size >= self._room.size

    def add(self, chunk: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            FetchError: TOO_LARGE past a limit, CONNECTION when the compression is damaged.
        """
        self._wire += len(chunk)
        if self._wire > self._room.size + OVERHEAD and not self._room.cut:
            raise self._too_large()
        self._keep(_through(self._layers, (chunk,)))

    def done(self) -> bytes:
        """Return the whole body.

        Raises:
            FetchError: as ``add``, and CONNECTION when a compressed body stopped before its end.
        """
        for depth, layer in enumerate(self._layers):
            self._keep(_through(self._layers[depth + 1 :], layer.finish()))
        if any(layer.unfinished for layer in self._layers) and not self._room.cut:
            raise FetchError(Outcome.CONNECTION, "the compressed answer broke off")
        return b"".join(self._parts)

    def _keep(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                if self._filled:
                    return
                self._take(piece)
        except zlib.error as fault:
            if not self._room.cut:
                raise FetchError(Outcome.CONNECTION, "the compressed answer is damaged") from fault

    def _take(self, piece: bytes) -> None:
        room = self._room
        kept = piece[: room.size - self._size] if room.cut else piece
        self._parts.append(kept)
        self._size += len(kept)
        if self._size > room.size:
            raise self._too_large()
        if self._size > max(room.ratio_from, room.ratio * self._wire):
            raise FetchError(Outcome.TOO_LARGE, f"the answer inflates more than {room.ratio} times")

    def _too_large(self) -> FetchError:
        return FetchError(Outcome.TOO_LARGE, f"the answer is larger than {self._room.size:,} bytes")


class _Layer:
    """One compression. Members that follow each other are one text; other bytes after the end are dropped."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._held = b""  # the first byte of a member, until the second shows what it is
        self._stream: zlib._Decompress | None = None
        self._plain = False
        self._members = 0

    @property
    def unfinished(self) -> bool:
        """Return whether a member began and did not end."""
        return self._stream is not None

    def push(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` decodes to, in steps."""
        while data and not self._plain:
            if self._stream is None:
                data = self._begin(data)
                continue
            yield from _inflate(self._stream, data)
            data = self._stream.unused_data
            if self._stream.eof:
                self._stream = None
        if self._plain and data and not self._members:
            yield data

    def finish(self) -> Iterator[bytes]:
        """Yield what was held back for a look at its beginning."""
        if self._held and not self._members:
            held, self._held = self._held, b""
            yield held

    def _begin(self, data: bytes) -> bytes:
        """Choose how to read the member that starts here; return what is left to push."""
        data, self._held = self._held + data, b""
        if len(data) < 2:
            self._held = data
            return b""
        window = _window(self._coding, data, first=self._members == 0)
        if window is None:
            self._plain = True
            return data
        self._stream = zlib.decompressobj(window)
        self._members += 1
        if self._members > MEMBERS:
            raise FetchError(Outcome.TOO_LARGE, f"the answer has more than {MEMBERS:,} compressed pieces")
        return data


def _inflate(stream: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Yield all that ``stream`` makes of ``data``, in steps."""
    while True:
        piece = stream.decompress(data, STEP)
        if piece:
            yield piece
        data = stream.unconsumed_tail
        if stream.eof or (not data and len(piece) < STEP):
            return


def _window(coding: str, data: bytes, *, first: bool) -> int | None:
    """Return zlib's ``wbits`` for what starts with ``data``, or None for bytes that are not compressed."""
    if data.startswith(_GZIP):
        return 31
    if coding == "gzip" or not first:
        return None
    wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return 15 if wrapped else -15


def _through(layers: list[_Layer], pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``pieces`` after all ``layers``, outermost first."""
    if not layers:
        yield from pieces
        return
    for piece in pieces:
        yield from _through(layers[1:], layers[0].push(piece))


def _layers(encoding: str) -> list[_Layer]:
    """Return a layer for each coding, outermost first; unknown words are taken for no coding."""
    codings = [word.strip().lower().removeprefix("x-") for word in encoding.split(",")]
    refused = _REFUSED.intersection(codings)
    known = [coding for coding in codings if coding in ("gzip", "deflate")]
    if refused or len(known) > 2:
        named = ", ".join(sorted(refused)) or "more than two codings"
        raise FetchError(Outcome.HTTP_ERROR, f"the answer is encoded as {named}, which was not asked for")
    return [_Layer(coding) for coding in reversed(known)]
