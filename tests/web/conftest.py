"""Worlds to look at, worlds to change, and browsers of their listeners."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import Furnished, Visitor, furnish
from tests.web.world import Browser, World, a_world, browsing, settled


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three items of one office and one subscriber; to be copied, not to be used."""
    return settled(tmp_path_factory.mktemp("web") / "alerts.db")


@pytest.fixture(scope="session")
def still(database: Path) -> Iterator[World]:
    """A world that every test may look at and none changes; the time is noon."""
    with a_world(Path(shutil.copy(database, database.with_name("still.db")))) as made:
        yield made


@pytest.fixture(scope="session")
def reader(still: World) -> Iterator[Browser]:
    """A browser of the world that none changes."""
    with browsing(still.site) as made:
        yield made


@pytest.fixture
def world(database: Path, tmp_path: Path) -> Iterator[World]:
    """A world of the test's own."""
    with a_world(Path(shutil.copy(database, tmp_path / "alerts.db"))) as made:
        yield made


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    """A browser of the test's own world."""
    with browsing(world.site) as made:
        yield made


@pytest.fixture
def inner(world: World) -> Iterator[Browser]:
    """A browser of the listener for machines."""
    with browsing(world.site, inner=True) as made:
        yield made


@pytest.fixture
def furnished(world: World) -> Furnished:
    """What an admin finds in the test's own world."""
    return furnish(world.site.store)


@pytest.fixture
def visitor(world: World, browser: Browser) -> Visitor:
    """An admin who is entered and not logged in."""
    visitor = Visitor(world, browser)
    assert visitor.given.codes
    return visitor


@pytest.fixture
def admin(furnished: Furnished, visitor: Visitor) -> Visitor:
    """An admin who is logged in, with something in every room."""
    assert visitor.log_in().status == 303
    return visitor
