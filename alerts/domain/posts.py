"""Endpoints that are posted to (webhooks and chat bots): what is kept of them, when they are asked again, when they are shut.

The plan of retries is that of Standard Webhooks: ten attempts in about 75 hours. Each step is up to a tenth longer, by a
hash and not by chance, so that many who failed together do not come back together and a rehearsal is repeatable.
Source: github.com/standard-webhooks/standard-webhooks, spec, "Deliverability and reliability".
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

PLAN = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
SHUT_AFTER = timedelta(days=3)  # of nothing but failures
SHUT_FAILURES = 5  # at least, so that a clock that jumps, or a service that was off, shuts nobody
FORGOTTEN = timedelta(days=30)  # after which what waits for a shut endpoint is given up


class Shut(StrEnum):
    """Why an endpoint is told nothing more until somebody has mended it."""

    GONE = "gone"  # it says that it is no more
    MISCONFIGURED = "misconfigured"  # it refuses our signature, our address or our words for what they are
    FAILING = "failing"  # it has failed for days


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept sealed of an endpoint: where it is, and its secrets, the newest first. Neither is ever shown."""

    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PostState:
    """How an endpoint that is posted to stands."""

    endpoint_id: int
    sealed: str = field(repr=False)
    verified_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    shut_at: datetime | None = None
    shut: Shut | None = None
    answer: str = ""
    waiting: int = 0  # deliveries that are not done


def step(plan_step: int, salt: str) -> timedelta:
    """Return how long to wait after so many failures before this one; ``salt`` spreads those who failed together."""
    usual = PLAN[min(plan_step, len(PLAN) - 1)]
    return usual * (1 + sha256(salt.encode()).digest()[0] / 2550)


def must_shut(failures: int, failing_since: datetime, now: datetime) -> bool:
    """Return whether an endpoint that has just failed is shut."""
    return failures >= SHUT_FAILURES and now - failing_since >= SHUT_AFTER


def shown(url: str) -> str:
    """Return an address as it may be shown: its host, and a mark by which two addresses there are told apart.

    The rest of the address of a chat bot is a password.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/…{address_key(url)[:8]}"


def address_key(url: str) -> str:
    """Return what makes two addresses one."""
    return sha256(url.strip().encode()).hexdigest()
