"""How long a log-in must wait after others that failed.

Tries are counted by network, and by account: for networks from which the account was logged into before, each alone; for all
others together. So a stranger who guesses at a name delays other strangers, not its owner at the usual place; and no lock
outlasts its span, however long the guessing goes on. A try counts from its beginning: a thousand at once are not one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

FORGOTTEN = timedelta(days=1)  # after the last one
KNOWN = timedelta(days=90)  # how long a network counts as one of the account's


@dataclass(frozen=True, slots=True)
class Rule:
    """``free`` tries at once, then a wait that doubles from ``first`` to ``longest``."""

    free: int
    first: timedelta
    longest: timedelta


ACCOUNT = Rule(5, timedelta(seconds=30), timedelta(minutes=15))
NETWORK = Rule(20, timedelta(seconds=30), timedelta(hours=1))


def free_at(rule: Rule, tries: int, last: datetime) -> datetime:
    """Return when the next try may begin after ``tries`` of which the last began at ``last``."""
    over = tries - rule.free
    if over < 0:
        return last
    wait: timedelta = rule.first * (1 << min(over, 20))
    return last + min(wait, rule.longest)


def rules(name_key: str, network: str, *, known: bool) -> dict[str, Rule]:
    """Return the counters that a try is charged to; a name that a stranger typed is kept as its hash only."""
    name = sha256(name_key.encode("utf-8", "replace")).hexdigest()
    account = f"account:{name}@{network}" if known or is_here(network) else f"account:{name}"
    return {account: ACCOUNT, f"network:{network}": NETWORK}


def is_here(network: str) -> bool:
    """Return whether a network is this machine itself: whoever is on it can do more than log in."""
    try:
        return ip_address(network.partition("/")[0]).is_loopback
    except ValueError:
        return False
