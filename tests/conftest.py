"""For every test: a clean environment, and no socket beyond this machine."""

import functools
import os
import sys
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
import structlog
import typer.main
from hypothesis import settings

from alerts.cli.collector import collect_seldom

# A busy machine decides how long an example takes; what must be bounded is bounded in CPU by its own test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
collect_seldom()

# The tree of commands is the same each time; made anew for each call, as typer does, it takes longer than most commands.
typer.main.get_command = functools.cache(typer.main.get_command)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the developer's leaks into a test."""
    for name in list(os.environ):
        if name.startswith("ALERTS_") and not name.startswith("ALERTS_TEST_"):
            monkeypatch.delenv(name)
    yield
    structlog.reset_defaults()  # a command had set it to write to what was standard error then


def _only_loopback(event: str, args: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = args[1]
    if isinstance(address, tuple) and not _is_local(str(address[0])):
        raise AssertionError(f"a test tried to reach {address[0]}")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


# Nothing is asked beyond this machine; an audit hook cannot be taken back, so it is set once, here.
sys.addaudithook(_only_loopback)
