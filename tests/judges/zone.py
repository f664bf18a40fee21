"""A name server on loopback for one zone: what a receiver looks up about a sender, and nothing else (RFC 1035, UDP, no compression but for the question)."""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16}
Records = Mapping[tuple[str, str], str]


@contextmanager
def name_server(records: Records) -> Iterator[int]:
    """Yield the port of a server that knows ``records``, by name and type; every other name does not exist."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(listener, records))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.sendto(b"", listener.getsockname())
            thread.join()


def _serve(listener: socket.socket, records: Records) -> None:
    while True:
        question, place = listener.recvfrom(4096)
        if not question:
            return
        listener.sendto(_answer(question, records), place)


def _answer(question: bytes, records: Records) -> bytes:
    name, end = _name(question)
    number = int.from_bytes(question[end : end + 2], "big")
    found = [value for (one, kind), value in records.items() if one == name and TYPES[kind] == number]
    there = any(one == name or one.endswith(f".{name}") for one, _ in records)
    data = [_data(number, value) for value in found]
    head = question[:2] + struct.pack(">HHHHH", 0x8580 | (0 if there else 3), 1, len(data), 0, 0)
    rows = b"".join(struct.pack(">HHHIH", 0xC00C, number, 1, 60, len(one)) + one for one in data)
    return head + question[12 : end + 4] + rows


def _name(question: bytes) -> tuple[str, int]:
    """Return the name that is asked for, and where it ends."""
    at, parts = 12, []
    while size := question[at]:
        parts.append(question[at + 1 : at + 1 + size].decode("ascii").lower())
        at += size + 1
    return ".".join(parts), at + 1


def _data(number: int, value: str) -> bytes:
    if number == TYPES["A"]:
        return socket.inet_aton(value)
    if number == TYPES["TXT"]:
        pieces = [value[at : at + 255].encode() for at in range(0, len(value), 255)]
        return b"".join(bytes([len(piece)]) + piece for piece in pieces)
    host = b"".join(bytes([len(part)]) + part.encode() for part in value.split(".")) + b"\0"
    return struct.pack(">H", 10) + host if number == TYPES["MX"] else host
