"""For the contract tests: the store on every database."""

import pytest

from alerts.store import Store
from tests.databases import KINDS, empty_store


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store; the test runs once on each kind of database."""
    return empty_store(request.param)
