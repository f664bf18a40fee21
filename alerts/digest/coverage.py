"""Say what was watched in the reader's jurisdictions, so that silence is never taken for health.

A jurisdiction with sources gets a line of its own. Those without any (``world`` expands to more than two hundred
codes) share one line: it names the first and carries the others in ``also``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.domain.digests import CoverageLine, SourceHealth
from alerts.domain.vocabulary import Health

READ = frozenset({Health.HEALTHY, Health.SILENT})


def coverage(jurisdictions: Iterable[str], health: Sequence[SourceHealth]) -> tuple[CoverageLine, ...]:
    """Return a line for each of the jurisdictions that has an enabled source, and one for all that have none.

    Lines with something dark come first, then by code; the line without sources is the last.
    A source that is new or failing counts as dark: it was not read when it should have been. A silent one was read, and is named.
    """
    wanted = sorted(set(jurisdictions))
    known = {code: _enabled(code, health) for code in wanted}
    lines = [_line(code, sources) for code, sources in known.items() if sources]
    lines.sort(key=lambda line: (not line.dark, not line.silent, line.jurisdiction))
    bare = tuple(code for code, sources in known.items() if not sources)
    if bare:
        lines.append(CoverageLine(bare[0], 0, 0, None, None, also=bare[1:]))
    return tuple(lines)


def _enabled(code: str, health: Sequence[SourceHealth]) -> list[SourceHealth]:
    return [
        source
        for source in health
        if source.jurisdiction == code and source.enabled and source.health is not Health.DISABLED
    ]


def _line(code: str, sources: Sequence[SourceHealth]) -> CoverageLine:
    dark = [source for source in sources if source.health not in READ]
    return CoverageLine(
        jurisdiction=code,
        sources=len(sources),
        healthy=len(sources) - len(dark),
        last_item_at=max(_known(source.last_item_at for source in sources), default=None),
        watched_since=min(_known(source.watched_since for source in sources), default=None),
        dark=tuple((source.feed_id, _dark_since(source)) for source in dark),
        silent=tuple(
            (source.feed_id, source.last_item_at, source.usual_gap)
            for source in sources
            if source.health is Health.SILENT
        ),
    )


def _known(instants: Iterable[datetime | None]) -> list[datetime]:
    return [instant for instant in instants if instant is not None]


def _dark_since(source: SourceHealth) -> datetime | None:
    """Return since when nothing was read; None for a source that was never read."""
    return source.dark_since or source.last_success_at
