"""What a stranger can do with the form: learn who is subscribed by the clock, or flood mailboxes.

    python benchmarks/sign_up.py [--samples 200] [--posts 10000]

Over the real site and a database on disk. Each post comes from a network of its own by way of a proxy of ours, but for those
that flood from one network. Times are of the whole exchange, as a stranger sees them; the order of the kinds changes each round.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from alerts.domain.people import Subscription
from alerts.domain.tokens import Tokens
from alerts.domain.watches import Criteria
from alerts.match import criteria_hash
from alerts.store import Store
from alerts.web import Site, create_app
from tests.clocks import MovedClock
from tests.web.world import serving

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = ("new", "pending", "confirmed", "suppressed")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(
    connection: HTTPConnection, address: str, number: int, path: str = "/subscribe/address"
) -> tuple[int, float]:
    """Return status and seconds of one post from network ``number``."""
    network = f"{1 + number // 65536 % 200}.{number // 256 % 256}.{number % 256}.1"
    body = f"region=US&agree=yes&email={address}"
    began = time.perf_counter()
    connection.request("POST", path, body, FORM | {"X-Forwarded-For": network})
    answer = connection.getresponse()
    answer.read()
    return answer.status, time.perf_counter() - began


def mails(store: Store, until: datetime) -> int:
    """Return how many mails were due until then, and take them."""
    sent = 0
    while claimed := store.requests.claim(until, 1000):
        for request in claimed:
            store.requests.done(request.id)
        sent += len(claimed)
    return sent


def known(store: Store, samples: int) -> None:
    """Let there be addresses that are confirmed and such that forbid to be asked."""
    wish = Criteria(regions=("US",))
    for number in range(samples):
        entry = Subscription("Company", f"confirmed{number}@x.example", wish)
        store.subscribers.subscribe(entry, BEGIN, BEGIN, criteria_hash(wish))


def forbid(store: Store, connection: HTTPConnection, samples: int) -> None:
    """Let addresses forbid to be asked, as their owners do, behind the link of a mail."""
    for number in range(samples):
        post(connection, f"suppressed{number}@x.example", 100_000 + number)
    for request in store.requests.claim(BEGIN, samples):
        store.requests.done(request.id)
        store.requests.forbid(request, BEGIN)


def timing(store: Store, clock: MovedClock, connection: HTTPConnection, samples: int) -> None:
    """Print the medians of each kind and how far they lie apart."""
    known(store, samples)
    forbid(store, connection, samples)
    connection.close()  # it is opened anew: the site ends what is idle
    clock.move(timedelta(days=40))
    for number in range(samples):
        post(connection, f"pending{number}@x.example", 300_000 + number)
    clock.move(timedelta(minutes=2))
    order, number = random.Random(7), 400_000
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for sample in range(samples):
        for kind in order.sample(KINDS, len(KINDS)):
            number += 1
            status, seconds = post(connection, f"{kind}{sample}@x.example", number)
            assert status == 200, (kind, status)
            times[kind].append(seconds * 1000)
    middle = {kind: statistics.median(found) for kind, found in times.items()}
    for kind, value in middle.items():
        print(f"{kind:<11} median {value:6.2f} ms   p95 {sorted(times[kind])[int(samples * 0.95)]:6.2f} ms")
    print(f"medians lie {max(middle.values()) - min(middle.values()):.2f} ms apart ({samples} samples each)")


def floods(store: Store, clock: MovedClock, connection: HTTPConnection, posts: int) -> None:
    """Print how many mails leave, whatever is posted."""
    connection.close()
    clock.move(timedelta(days=40))
    mails(store, clock.now())
    store.requests.forget(clock.now())
    step = timedelta(hours=23) / posts
    for number in range(posts):
        clock.move(step)
        post(connection, "victim@x.example", number)
    print(
        f"{posts} posts for one address within a day: {mails(store, clock.now() + timedelta(hours=1))} mails"
    )
    connection.close()
    clock.move(timedelta(days=40))
    step = timedelta(minutes=59) / posts
    for number in range(posts):
        clock.move(step)
        post(connection, f"v{number}@x.example", 7)
    print(f"{posts} addresses from one network within an hour: {mails(store, clock.now())} mails")


def main(words: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--posts", type=int, default=10_000)
    given = parser.parse_args(words)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        store = Store.open(f"sqlite:///{Path(folder) / 'alerts.db'}")
        stack.callback(store.close)
        store.migrate()
        clock = MovedClock(BEGIN)
        site = Site(store, dict, Tokens((b"k" * 32,)), clock, "http://localhost", hourly=100_000)
        site = replace(site, proxies=frozenset({"127.0.0.1"}))
        place = stack.enter_context(serving(create_app(site)))
        connection = HTTPConnection(place, timeout=60)
        timing(store, clock, connection, given.samples)
        floods(store, clock, connection, given.posts)


if __name__ == "__main__":
    main()
