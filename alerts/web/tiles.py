"""What came in lately, as figures: a grid of jurisdictions without borders, and a timeline.

The grid is roughly geographic: a tile is as good as another, whatever the size of a territory, and no line between any two is
drawn. What the table does not place stands in a last row. The same figures stand in a table beside it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.domain.vocabulary import Severity, severity_rank

TILE, GAP = 58, 6  # of the drawing
GRAVEST_FIRST = tuple(sorted(Severity, key=severity_rank, reverse=True))

# Rows from north to south, columns from west to east; a dot is an empty place.
_GRID = """
CA . . . IS NO SE FI EE RU . . .
US . . IE GB DK PL LV LT BY EA KZ MN
MX . . PT FR BX DE CZ UA UZ CN KR JP
CU DO . ES CH IT AT HU RO TR HK MO TW
GT CR CO VE MT SI HR BG GR IL PK IN BD
EC PE BR . MA DZ EG SA AE QA TH VN PH
CL BO PY OA NG KE GC IR LK MM MY ID SG
AR UY . AP ZA ET . . KH LA BN AU NZ
"""
_WIDE = ("WO", "EM", "EP", "QZ")  # organisations without a place on the globe
PLACES: Mapping[str, tuple[int, int]] = {
    code: (column, row)
    for row, line in enumerate(_GRID.strip().splitlines())
    for column, code in enumerate(line.split())
    if code != "."
}

Got = tuple[date, Severity, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tile:
    """One jurisdiction: where it stands in the drawing, and its counts by severity, gravest first."""

    code: str
    x: int
    y: int
    counts: tuple[tuple[Severity, int], ...]

    @property
    def total(self) -> int:
        """Return how many notices there are."""
        return sum(number for _, number in self.counts)

    @property
    def worst(self) -> Severity | None:
        """Return the gravest severity that occurs."""
        return next((severity for severity, number in self.counts if number), None)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the timeline; ``parts`` are severity, top and height of the stacked pieces."""

    day: date
    x: int
    total: int
    parts: tuple[tuple[Severity, int, int], ...]
    counts: tuple[tuple[Severity, int], ...] = ()


def tiles(got: Sequence[Got], watched: Collection[str]) -> tuple[Tile, ...]:
    """Return the tiles of what is watched or had notices, in reading order; rows and columns without any are left out."""
    counts: Counter[tuple[str, Severity]] = Counter(
        (code, severity) for _, severity, codes in got for code in codes
    )
    codes = sorted({*watched, *(code for code, _ in counts)})
    wide = [code for code in (*_WIDE, *codes) if code in codes and code not in PLACES]
    columns, used = (sorted({PLACES[code][side] for code in codes if code in PLACES}) for side in (0, 1))
    places = {
        code: (columns.index(PLACES[code][0]), used.index(PLACES[code][1]))
        for code in codes
        if code in PLACES
    }
    across = max(len(columns), 4)
    for number, code in enumerate(dict.fromkeys(wide)):
        places[code] = (number % across, len(used) + number // across)
    step = TILE + GAP
    found = [
        Tile(code, column * step, row * step, tuple((one, counts[code, one]) for one in GRAVEST_FIRST))
        for code, (column, row) in places.items()
    ]
    return tuple(sorted(found, key=lambda tile: (tile.y, tile.x)))


def bars(got: Sequence[Got], last: date, days: int, height: int = 80) -> tuple[Bar, ...]:
    """Return a bar for each of the ``days`` up to ``last``, the highest as high as ``height``."""
    counts: Counter[tuple[date, Severity]] = Counter((day, severity) for day, severity, _ in got)
    span = [last - timedelta(days=days - 1 - number) for number in range(days)]
    totals = {day: sum(counts[day, one] for one in Severity) for day in span}
    most = max(totals.values(), default=0) or 1
    return tuple(
        Bar(
            day,
            12 * number,
            totals[day],
            _stacked(counts, day, height / most, height),
            tuple((one, counts[day, one]) for one in GRAVEST_FIRST),
        )
        for number, day in enumerate(span)
    )


def _stacked(
    counts: Mapping[tuple[date, Severity], int], day: date, scale: float, height: int
) -> tuple[tuple[Severity, int, int], ...]:
    parts, top = [], height
    for severity in reversed(GRAVEST_FIRST):
        if number := counts.get((day, severity), 0):
            tall = max(2, round(number * scale))
            top -= tall
            parts.append((severity, max(top, 0), tall))
    return tuple(parts)
