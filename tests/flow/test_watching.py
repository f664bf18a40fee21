"""Watches in their thousands: an index that is built beside the service, saved, and belongs to its database."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts.domain.items import StoredItem
from alerts.domain.watches import Criteria, Facets
from alerts.flow import watching
from alerts.flow.watching import Watching, read_index, write_index
from alerts.match import criteria_hash
from alerts.store import Store
from tests.builders import DAY, MONDAY, a_judgement, a_subscription, an_item


def a_store(path: Path) -> Store:
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    return store


def subscribe(store: Store, *wishes: Criteria) -> None:
    for number, wish in enumerate(wishes):
        reader = a_subscription(f"reader{number}@exporter.example", criteria=wish)
        store.subscribers.subscribe(reader, MONDAY, MONDAY + DAY, criteria_hash(wish))


def titled(title: str) -> StoredItem:
    return StoredItem(
        1, "f", 1, 1, replace(an_item(), title=title), a_judgement(identifiers=("337-TA-1234",)), MONDAY
    )


WISHES = (
    Criteria(terms=("Acme Ltd.", "华为")),
    Criteria(regions=("US",)),
    Criteria(identifiers=("337-TA-1234",)),
    Criteria(terms=("globex",), all_of=Facets(terms=("initech",))),
)


def test_a_saved_index_finds_what_the_living_one_finds(tmp_path: Path) -> None:
    store = a_store(tmp_path / "a.db")
    subscribe(store, *WISHES)
    write_index(store, tmp_path / "watches.index")
    saved = read_index(store, tmp_path / "watches.index")
    living = Watching(store, None, "")
    living.load()
    for title in ("Acme sues Initech", "华为起诉", "nothing"):
        assert saved.candidates(titled(title)) == living.index.candidates(titled(title))
    assert saved.candidates(titled("Acme sues Initech")) == [1, 2, 3, 4]
    store.close()


def test_what_is_asked_for_after_the_saving_counts_at_once(tmp_path: Path) -> None:
    store = a_store(tmp_path / "a.db")
    subscribe(store, *WISHES)
    write_index(store, tmp_path / "watches.index")
    subscribe(store, Criteria(terms=("Newcomer",)))
    kept = Watching(store, tmp_path / "watches.index", "")
    kept.load()
    assert 5 in kept.index.candidates(titled("Newcomer files"))
    store.close()


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:100],
        lambda data: b"{}\n",
        lambda data: b"",
        lambda data: data.replace(b'"format": 1', b'"format": 9'),
    ],
)
def test_a_saved_index_that_is_damaged_is_left_aside(tmp_path: Path, harm: object) -> None:
    store, path = a_store(tmp_path / "a.db"), tmp_path / "watches.index"
    subscribe(store, *WISHES)
    write_index(store, path)
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
    kept = Watching(store, path, "")
    kept.load()
    assert kept.index.candidates(titled("Acme sues Initech")) == [1, 2, 3, 4]
    store.close()


def test_a_saved_index_of_another_database_is_left_aside(tmp_path: Path) -> None:
    one, other, path = a_store(tmp_path / "a.db"), a_store(tmp_path / "b.db"), tmp_path / "watches.index"
    subscribe(one, *WISHES)
    subscribe(other, *reversed(WISHES))
    write_index(one, path)
    kept = Watching(other, path, "")
    kept.load()
    assert kept.index.candidates(titled("华为起诉")) == [2, 3, 4]
    one.close()
    other.close()


async def grown(kept: Watching) -> bool:
    kept.load()
    return await kept.grow()


def test_many_terms_are_built_in_a_process_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.setattr(watching, "BUILT_FROM", 3)
    store = a_store(tmp_path / "a.db")
    subscribe(store, *WISHES)
    kept = Watching(store, tmp_path / "watches.index", f"sqlite:///{tmp_path / 'a.db'}")
    assert asyncio.run(grown(kept))
    assert kept.index.unbuilt == 0
    assert kept.index.terms == 4
    assert kept.index.candidates(titled("华为起诉")) == [1, 2, 3]
    assert not asyncio.run(grown(kept)), "nothing has grown since"
    store.close()
