"""A body decodes to what was encoded, in whatever pieces it comes, and never past its room."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net.body import Body, Room

ROOM = Room(1 << 20)


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


def pack(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes), ("identity", bytes), ("utf-8", bytes), ("gzip", bytes), ("gzip", pack), ("X-GZIP", pack), ("", pack),
    ("deflate", zlib.compress), ("deflate", raw_deflate), ("gzip, gzip", lambda data: pack(pack(data))),
    ("deflate, gzip", lambda data: pack(zlib.compress(data))), ("gzip", lambda data: pack(pack(data))),
    ("gzip", lambda data: pack(data[:7]) + pack(data[7:])),
]  # fmt: skip


def collect(encoding: str, data: bytes, size: int, room: Room = ROOM) -> bytes:
    body = Body(encoding, room)
    for start in range(0, len(data), size):
        body.add(data[start : start + size])
    return body.done()


@given(st.binary(max_size=5000), st.sampled_from(CODINGS), st.integers(1, 6000))
def test_any_text_survives_any_coding_in_any_pieces(
    text: bytes, coding: tuple[str, Callable[[bytes], bytes]], size: int
) -> None:
    text = b"<" + text  # what starts like gzip would rightly be taken for it
    name, encode = coding

    assert collect(name, encode(text), size) == text


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate", "gzip, deflate"]), st.integers(1, 50))
def test_any_bytes_are_read_or_refused(noise: bytes, encoding: str, size: int) -> None:
    try:
        assert len(collect(encoding, noise, size)) <= ROOM.size
    except FetchError as fault:
        assert fault.outcome is Outcome.CONNECTION


@given(st.integers(0, 40), st.integers(1, 40))
def test_a_cut_body_is_the_beginning_of_the_whole(size: int, piece: int) -> None:
    text = b"The quick brown fox jumps over"

    assert collect("gzip", pack(text), piece, Room(size, cut=True)) == text[:size]


@given(st.integers(1, 30))
def test_a_compressed_body_that_stops_early_is_a_fault(missing: int) -> None:
    with pytest.raises(FetchError) as caught:
        collect("gzip", pack(b"The quick brown fox jumps over")[:-missing], 4096)

    assert caught.value.outcome is Outcome.CONNECTION


def test_large_text_of_even_steps_comes_whole() -> None:
    for length in (65535, 65536, 65537, 131072, 262144):
        assert collect("gzip", pack(bytes(length)), 1 << 16) == bytes(length)
        assert collect("deflate", raw_deflate(bytes(length)), 1 << 16) == bytes(length)


def test_bytes_after_the_end_of_gzip_are_dropped() -> None:
    assert collect("gzip", pack(b"text") + b"\0\0 trailing", 4) == b"text"


def test_ratio_counts_only_past_its_threshold() -> None:
    room = Room(1 << 24, ratio=100, ratio_from=1 << 20)

    assert len(collect("gzip", pack(bytes(1 << 20)), 512, room)) == 1 << 20
    with pytest.raises(FetchError) as caught:
        collect("gzip", pack(bytes((1 << 20) + 1)), 512, room)
    assert caught.value.outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "compress", "gzip, gzip, gzip"])
def test_a_coding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError) as caught:
        Body(encoding, ROOM)

    assert caught.value.outcome is Outcome.HTTP_ERROR
