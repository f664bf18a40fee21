"""Hostile sources on all sides: each costs its own poll, and the healthy one keeps its interval."""

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, Entry, free_port, rss, until
from tests.servers import (
    Answer,
    Scripted,
    SourceServer,
    double_gzip,
    drip,
    endless,
    inflate,
    redirect,
    source_server,
    stall,
)

GOOD = Entry("New trademark examination guideline", "g1", "Mon, 02 Mar 2026 09:00:00 GMT")
ITEM = "<item><title>x</title><author>a@" + "a." * 1_900 + "</author></item>"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE: dict[str, tuple[Scripted, str]] = {
    "silent": (stall(), "timeout"),
    "drip": (lambda _seen: drip(b"<rss>" + b" " * 10_000), "timeout"),
    "slow-head": (
        lambda _seen: Answer(raw=(bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000), every=0.02), "timeout"),
    "endless": (endless(), "too-large"),
    "bomb": (inflate(256 << 20), "too-large"),
    "bomb-in-bomb": (double_gzip(256 << 20), "too-large"),
    "nothing": (
        Answer(body=itertools.repeat(gzip.compress(b"", mtime=0) * 3000), headers={"Content-Encoding": "gzip"}), "too-large"),
    "laughs": (
        Answer(body=f'<!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss><title>&a9;</title></rss>'.encode()), "hostile"),
    "quadratic": (Answer(body=f"<rss version='2.0'><channel>{ITEM * 2_000}</channel></rss>".encode()), "hostile"),
    "inside": (redirect("http://169.254.169.254/latest/meta-data/"), "denied-address"),
    "loop": (redirect("/loop.xml"), "http-error"),
    "lies": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), "connection"),
}  # fmt: skip


@pytest.fixture
def siege(service: Deployment) -> Iterator[SourceServer]:
    """Hostile sources, each on a host of its own; the healthy one stands on the deployment's own server."""
    service.apart = True
    service.settings |= {"ALERTS_LISTEN": f"127.0.0.1:{free_port()}", "ALERTS_METRICS_LISTEN": "off"}
    service.source.answers["/good.xml"] = rss(GOOD)
    with source_server(
        {f"/{name}.xml": answer for name, (answer, _) in HOSTILE.items()}, host="0.0.0.0"
    ) as server:
        yield server


def row(service: Deployment, server: SourceServer, name: str, number: int, **more: str) -> str:
    """Return the row of a feed on the address 127.0.1.``number``."""
    theirs = service.feed(f"bad-{name}", "US", "/x", **more)
    return theirs.replace(service.source.url("/x"), server.url(f"/{name}.xml", f"127.0.1.{number}"))


@pytest.mark.slow
def test_a_healthy_feed_keeps_its_interval_beside_a_dozen_hostile_ones(
    service: Deployment, siege: SourceServer
) -> None:
    service.feeds(
        *(row(service, siege, name, number, timeout="4s") for number, name in enumerate(HOSTILE, 1)),
        service.feed("good", "US", "/good.xml", interval="5m"),
    )
    for minute in (0, 6, 12):  # an interval of 5 minutes with its jitter
        outcome = service.good("run", "--once", "--at", f"2026-03-02T10:{minute:02}Z", "--format", "json")
        polled = {str(line["feed"]): line for line in outcome.lines if line["step"] == "poll"}
        assert polled["good"]["outcome"] in {"ok", "unchanged"}
        due = str(polled["good"]["next"])
        assert f"2026-03-02T10:{minute + 5:02}" <= due < f"2026-03-02T10:{minute + 6:02}"
        if minute == 0:
            assert {name: polled[f"bad-{name}"]["outcome"] for name in HOSTILE} == {
                name: state for name, (_, state) in HOSTILE.items()
            }
            assert all(polled[f"bad-{name}"]["detail"] for name in HOSTILE)


@pytest.mark.slow
def test_tarpits_hold_up_no_other_source_and_take_little_memory(
    service: Deployment, siege: SourceServer
) -> None:
    siege.answers = {f"/pit{number}.xml": stall() for number in range(40)} | siege.answers
    service.feeds(
        *(row(service, siege, f"pit{number}", number + 20) for number in range(40)),
        *(row(service, siege, name, number) for number, name in enumerate(HOSTILE, 1)),
        service.feed("good", "US", "/good.xml"),
    )
    with service.daemon("--no-web") as daemon:
        until(lambda: len({seen.target for seen in siege.requests}) >= 52 and service.source.requests, 30)
        peak = int(Path(f"/proc/{daemon.pid}/status").read_text().split("VmHWM:")[1].split()[0])
        daemon.terminate()
        assert daemon.wait(30) == 0

    assert peak < 400 * 1024
