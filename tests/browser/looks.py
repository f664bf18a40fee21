"""In which looks pages are seen: in every one, of which the quick part of the suite takes a few that hold each value at least once."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest


def looks(*aspects: Sequence[Any]) -> list[Any]:
    """Return every combination of the aspects' values as parameters; those beside the diagonal are slow."""
    most = max(map(len, aspects))
    quick = {tuple(row % len(aspect) for aspect in aspects) for row in range(most)}
    return [
        pytest.param(
            *(aspect[number] for aspect, number in zip(aspects, numbers, strict=True)),
            marks=() if numbers in quick else pytest.mark.slow,
        )
        for numbers in product(*(range(len(aspect)) for aspect in aspects))
    ]
