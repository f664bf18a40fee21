"""Scripted feeds on loopback, in a process of their own: every address of 127.0.0.0/8 is another host.

    python benchmarks/scripted.py PORT_FILE

`/f/N` is a feed of 20 entries with an ETag and answers 304 to who has it; `/set?version=V` publishes one more entry in each;
a path that begins with `/hang/` is never answered. Started and ended by `collecting.py`.
"""

import asyncio
import sys
from pathlib import Path

ENTRIES = 20


class Script(asyncio.Protocol):
    """Answers one request after the other; understands just what a feed client sends."""

    version = 1
    answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._held = b""

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/hang/"):
            return
        if path.startswith("/set?version="):
            type(self).version = int(path.partition("=")[2])
            self._send(b"200 OK", b"", b"")
            return
        type(self).answered += 1
        number, version = int(path.rpartition("/")[2]), self.version
        tag = f'"{number}-{version}"'.encode()
        if b": " + tag in head:
            self._send(b"304 Not Modified", b"ETag: " + tag + b"\r\n", b"")
        else:
            kind = b"Content-Type: application/rss+xml\r\n"
            self._send(b"200 OK", b"ETag: " + tag + b"\r\n" + kind, body(number, version))

    def _send(self, status: bytes, headers: bytes, content: bytes) -> None:
        size = b"" if status.startswith(b"304") else b"Content-Length: %d\r\n" % len(content)
        self._transport.write(b"HTTP/1.1 " + status + b"\r\n" + headers + size + b"\r\n" + content)  # type: ignore[attr-defined]


def body(number: int, version: int) -> bytes:
    """Return the document of a feed: its newest 20 entries."""
    entries = "".join(
        f"<item><guid>{number}-{k}</guid><title>Patent notice {k} of office {number}</title><link>https://office.example/{number}/{k}</link>"
        f"<pubDate>Mon, 02 Mar 2026 09:{k % 60:02}:00 GMT</pubDate><description>Notice {k}: {'the office amends the rules on patents. ' * 6}</description></item>"
        for k in range(version + ENTRIES - 1, version - 1, -1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Office {number}</title>{entries}</channel></rss>'.encode()


async def main(port_file: Path) -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Script, "0.0.0.0", 0, backlog=4096)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
