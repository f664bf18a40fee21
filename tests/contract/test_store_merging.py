"""The index of SQLite is put into one part, and finds afterwards what it found before."""

from sqlalchemy import Connection, text

from alerts.domain.items import ItemQuery
from alerts.store import Store
from alerts.store.merging import FEW
from tests.builders import MONDAY, a_feed, a_poll, a_revision

WORDS = ("trademark", "patent", "seizure", "fees")


def parts(store: Store, table: str = "item_words") -> int:
    def read(connection: Connection) -> int:
        return int(connection.execute(text(f"SELECT count(DISTINCT segid) FROM {table}_idx")).scalar_one())

    return store._db.read(read)


def store_one_by_one(store: Store, first: int, last: int) -> None:
    """Store and index items, each in a round of its own, as they come in over days."""
    for number in range(first, last):
        claim = store.feeds.claim(MONDAY, 1, "worker", due_only=False)[0]
        title = f"Notice {number} of {WORDS[number % 4]} and {WORDS[number % 3]}"
        store.feeds.finish(claim, a_poll(a_revision(f"key {number}", title=title)))
        store.search.catch_up()


def found(store: Store) -> list[list[int]]:
    wishes = [ItemQuery(search=word, limit=1000) for word in WORDS] + [
        ItemQuery(jurisdictions=("US",), limit=1000)
    ]
    return [[one.id for one in store.items.query(wish).items] for wish in wishes]


def test_many_parts_become_one_and_hold_the_same(store: Store) -> None:
    store.feeds.sync([a_feed()], MONDAY)
    store_one_by_one(store, 0, 40)
    before = found(store)
    assert all(before)
    if not store.is_sqlite:
        assert store.search.merge() == 0 and found(store) == before
        return
    assert parts(store) > FEW

    assert store.search.merge() > 0
    assert parts(store) == 1 and found(store) == before
    assert store.search.merge() == 0

    store_one_by_one(store, 40, 41)
    assert found(store)[-1][1:] == before[-1]
