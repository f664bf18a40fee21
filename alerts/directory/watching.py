"""The directory as its file stands now; while a new edit is broken, as it last stood."""

from collections.abc import Callable
from pathlib import Path

import structlog

from alerts.directory.reading import read
from alerts.domain.errors import CatalogueError, InputError
from alerts.domain.stations import Station

log = structlog.get_logger("alerts.directory")


def watched(path: Path) -> Callable[[], tuple[Station, ...]]:
    """Return what gives the stations; asking costs one stat, a broken edit is logged once."""
    seen: list[object] = [None]
    good: list[tuple[Station, ...]] = [()]

    def stations() -> tuple[Station, ...]:
        try:
            stat = path.stat()
            now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if now != seen[0]:
                seen[0] = now
                good[0] = read(path)
        except (OSError, CatalogueError, InputError) as fault:
            log.error("stations.refused", fault=str(fault)[:500])
        return good[0]

    return stations
