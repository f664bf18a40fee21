"""The daemon with processes that make its pages: they show what is stored, follow feeds.yaml, and never outlive it."""

from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.deployment import HUP, KILL, TERM, Deployment, Entry, free_port, rss, until


def children(daemon: int) -> list[int]:
    """Return the processes that make pages for a daemon."""
    found = Path(f"/proc/{daemon}/task/{daemon}/children").read_text().split()
    return [int(one) for one in found if "alerts.cli.making" in command(int(one))]


def command(number: int) -> str:
    """Return what a process runs; nothing once it has ended."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def read(site: str, path: str) -> str:
    with urlopen(f"http://{site}{path}", timeout=20) as answer:
        return str(answer.read().decode())


def answers(site: str) -> bool:
    try:
        return "<html" in read(site, "/items?q=nothing")
    except OSError:
        return False


@pytest.mark.parametrize("number", [TERM, KILL])
def test_pages_come_from_processes_that_end_with_the_daemon(service: Deployment, number: int) -> None:
    site = f"127.0.0.1:{free_port()}"
    service.settings |= {"ALERTS_LISTEN": site, "ALERTS_METRICS_LISTEN": "off", "ALERTS_PAGE_MAKERS": "2"}
    service.source.answers["/a"] = rss(
        Entry("Patent fees rise in spring", "a1", "Mon, 02 Mar 2026 08:00:00 GMT")
    )
    service.feeds(service.feed("first-office", "US", "/a"))

    with service.daemon() as daemon:
        until(lambda: answers(site))
        until(lambda: children(daemon.pid))
        makers = children(daemon.pid)
        until(lambda: "Patent fees rise" in read(site, "/items"))
        service.feeds(service.feed("renamed-office", "US", "/a"))
        daemon.send_signal(HUP)
        until(lambda: "renamed-office" in read(site, "/"))
        assert "first-office" not in read(site, "/") and children(daemon.pid)
        daemon.send_signal(number)
        daemon.wait(20)
        until(lambda: not any("alerts.cli.making" in command(one) for one in makers))


def test_without_them_the_daemon_makes_its_pages_itself(service: Deployment) -> None:
    site = f"127.0.0.1:{free_port()}"
    service.settings |= {"ALERTS_LISTEN": site, "ALERTS_METRICS_LISTEN": "off", "ALERTS_PAGE_MAKERS": "0"}
    service.feeds(service.feed("an-office", "US", "/a"))

    with service.daemon() as daemon:
        until(lambda: answers(site))
        assert answers(site) and not children(daemon.pid)


@pytest.mark.parametrize("written", ["-1", "65", "two", "1.5"])
def test_another_number_of_them_is_refused(service: Deployment, written: str) -> None:
    service.feeds(service.feed("an-office", "US", "/a"))
    service.settings["ALERTS_PAGE_MAKERS"] = written
    refused = service.alerts("status")

    assert refused.code == 2 and "ALERTS_PAGE_MAKERS" in refused.err and "from 0 to 64" in refused.err
