"""What the service asks again and again never walks through a table that grows with the archive."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from tests.deployment import Deployment, Entry, rss

GROWING = "item|item_revision|seen_key|alert|delivery|attempt|digest|poll|ledger|matter|matter_key"
WALKED = re.compile(rf"SCAN (?:{GROWING})\b(?: USING (?:COVERING )?INDEX (?P<index>\w+))?")
COUNTED = (
    "SELECT delivery.state, count(*)"  # status says how many there are of each: one walk through an index
)
NEWEST = re.compile(r"ORDER BY \w+\.id DESC\s+LIMIT")  # read from one end, until the page is full


@contextmanager
def statements() -> Iterator[set[tuple[str, tuple[object, ...]]]]:
    """Yield what this process asks any database, as statement and values."""
    seen: set[tuple[str, tuple[object, ...]]] = set()

    def note(
        _connection: Connection, _cursor: object, statement: str, values: object, _context: object, many: bool
    ) -> None:
        if not many and isinstance(values, tuple):
            seen.add((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_no_round_and_no_look_at_how_things_stand_walks_through_the_archive(service: Deployment) -> None:
    entries = [Entry(f"Patent fees rise {n}", f"a{n}", "Mon, 02 Mar 2026 08:00:00 GMT") for n in range(8)]
    service.source.answers["/a"] = rss(*entries)
    service.feeds(service.feed("an-office", "US", "/a"))
    service.subscribe("ip@firm.example", "US", now="2026-03-02T09:00Z")
    service.round("2026-03-02T09:30Z")
    with statements() as asked:
        service.source.answers["/a"] = rss(
            *entries, Entry("Trademark fees rise", "b", "Mon, 02 Mar 2026 11:00:00 GMT")
        )
        service.round("2026-03-02T12:00Z")
        service.round("2026-03-03T12:00Z")
        service.alerts("status", "--at", "2026-03-03T12:01Z")

    reading = [
        (text, values)
        for text, values in asked
        if text.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    ]
    assert len(reading) > 60
    database = sqlite3.connect(service.folder / "var" / "alerts.db")
    partial = {
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
    }
    walked = {}
    for text, values in reading:
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {text}", values)]
        steps = [(step, WALKED.match(step)) for step in plan]
        found = [
            step for step, walk in steps if walk and walk["index"] not in partial
        ]  # these hold only what is to be done
        if found and not NEWEST.search(text) and COUNTED not in text:
            walked[" ".join(text.split())] = found
    database.close()
    assert walked == {}, "\n".join(f"{plan}: {text}" for text, plan in walked.items())
