"""What a machine must have for outside programs to judge; without it their tests are skipped, but under ``CI=true`` they fail."""

import os
import shutil
from collections.abc import Callable
from typing import TypeVar

import pytest

IN_CI = os.environ.get("CI") == "true"


Test = TypeVar("Test", bound=Callable[..., object])


def needs(program: str) -> Callable[[Test], Test]:
    """Return what marks one test that runs ``program``."""

    def marked(test: Test) -> Test:
        for mark in needed(program):
            test = mark(test)
        return test

    return marked


def needed(*programs: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a module whose tests run ``programs``."""
    missing = [program for program in programs if shutil.which(program) is None]
    why = f"{' and '.join(missing)} not installed"
    return [pytest.mark.judged, pytest.mark.skipif(bool(missing) and not IN_CI, reason=why)]
