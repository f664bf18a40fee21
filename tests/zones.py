"""A DNS server on loopback that answers from a zone, by UDP and TCP, and goes wrong as told.

    with zone_server({"alerts.example": {"TXT": ["v=spf1 -all"], "MX": "SERVFAIL"}}) as server:
        Resolver(server.listen).ask("alerts.example", "TXT")

In place of records a type may have a fault: SERVFAIL, REFUSED, SILENT (no answer), TRUNCATED (by UDP only the beginning; the
records that follow the word come by TCP), CUT (TCP ends without an answer, and UDP is truncated).
"""

import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from alerts.domain.listens import Listen

FAULTS = ("SERVFAIL", "REFUSED", "SILENT", "TRUNCATED", "CUT")
Zone = Mapping[str, Mapping[str, Sequence[str] | str]]


@dataclass
class ZoneServer:
    """Where it listens; ``asked`` are the questions that came, as name, type and protocol."""

    listen: Listen
    asked: list[tuple[str, str, str]] = field(default_factory=list)


def txt(text: str) -> str:
    """Return a TXT record as a zone file writes it, in strings of at most 255 octets."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)


@contextmanager
def zone_server(zone: Zone) -> Iterator[ZoneServer]:
    """Serve a zone. Names without a final dot are whole; a name that is not in it does not exist."""
    places: list[ZoneServer] = []
    answer = partial(_answer, {name.lower(): dict(kinds) for name, kinds in zone.items()}, places)

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            reply = answer(self.request[0], "udp")
            if reply is not None:
                self.request[1].sendto(reply, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            size = self.rfile.read(2)
            if len(size) == 2:
                reply = answer(self.rfile.read(struct.unpack("!H", size)[0]), "tcp")
                if reply is not None:
                    self.wfile.write(struct.pack("!H", len(reply)) + reply)

    with ExitStack() as stack:
        servers = _both(Udp, Tcp)
        for server in servers:
            stack.enter_context(server)
            server.daemon_threads = True
            threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True).start()
            stack.callback(server.shutdown)
        places.append(ZoneServer(Listen("127.0.0.1", int(servers[0].server_address[1]))))
        yield places[0]


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


def _both(udp: type, tcp: type) -> tuple[socketserver.BaseServer, socketserver.BaseServer]:
    """Return a server of each protocol on one port that is free in both."""
    for _ in range(50):
        first = _Tcp(("127.0.0.1", 0), tcp)
        try:
            return first, socketserver.ThreadingUDPServer(first.server_address, udp)
        except OSError:  # somebody else's datagrams come there
            first.server_close()
    raise OSError("no port is free")


def _answer(
    zone: dict[str, dict[str, Sequence[str] | str]], places: list[ZoneServer], wire: bytes, by: str
) -> bytes | None:
    query = dns.message.from_wire(wire)
    asked = query.question[0]
    kind = dns.rdatatype.to_text(asked.rdtype)
    name = asked.name.to_text(omit_final_dot=True).lower()
    places[0].asked.append((name, kind, by))
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA
    for _ in range(5):
        kinds = zone.get(name)
        alias = (kinds or {}).get("CNAME")
        if not alias:
            break
        reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{alias[0]}."))
        name = alias[0].lower()
    records = (kinds or {}).get(kind, [])
    fault, records = _fault(records)
    if fault == "SILENT" or (fault == "CUT" and by == "tcp"):
        return None
    if fault in ("SERVFAIL", "REFUSED"):
        reply.set_rcode(getattr(dns.rcode, fault))
    elif fault and by == "udp":
        reply.flags |= dns.flags.TC
    elif records:
        values = [txt(one) for one in records] if kind == "TXT" else records
        reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *values))
    elif kinds is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire(max_size=65535)


def _fault(records: Sequence[str] | str) -> tuple[str, Sequence[str]]:
    if isinstance(records, str):
        return records, []
    if records and records[0] in FAULTS:
        return records[0], records[1:]
    return "", records
