"""For the contract tests: the store on every database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.store import Store
from tests.databases import KINDS, open_database


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store; the test runs once on each kind of database."""
    opened = open_database(request.param, tmp_path)
    yield opened
    opened.close()
