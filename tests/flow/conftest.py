"""A fresh deployment for each story."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import migrated_file
from tests.deployment import Deployment, deployment


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose database is migrated: a copy is quicker than what its first command would do."""
    (tmp_path / "var").mkdir()
    shutil.copy(migrated_file(), tmp_path / "var" / "alerts.db")
    with deployment(tmp_path) as running:
        yield running


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment as an operator has it: nothing is there yet, and each command is a process that begins anew."""
    with deployment(tmp_path) as running:
        running.apart = True
        yield running
