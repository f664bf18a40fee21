"""Say in words what was watched and what was dark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.digests import CoverageLine
from alerts.domain.vocabulary import Language
from alerts.render.entry import Frame

ROWS = 12  # lines of their own; a reader of the whole world gets the others in one sentence
FeedName = Callable[[str, Language], str | None]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """One line: ``state`` is read, dark or none; ``dark`` has a sentence for each source that could not be read or is silent."""

    state: str
    place: str
    sentence: str
    dark: tuple[str, ...] = ()


def coverage_views(
    lines: Sequence[CoverageLine], frame: Frame, feed_name: FeedName
) -> tuple[CoverageView, ...]:
    """Return the lines in words. Nothing dark or silent is ever folded away; lines that are all well beyond ``ROWS`` share one."""
    watched = [line for line in lines if line.sources]
    shown = [line for number, line in enumerate(watched) if line.dark or line.silent or number < ROWS]
    rest = [line for line in watched if line not in shown]
    views = [_view(line, frame, feed_name) for line in shown]
    if rest:
        views.append(_rest(rest, frame))
    return (*views, *(_bare(line, frame) for line in lines if not line.sources))


def _view(line: CoverageLine, frame: Frame, feed_name: FeedName) -> CoverageView:
    words = frame.words
    parts = [
        words.ngettext(
            "%(read)s of %(num)s source read",
            "%(read)s of %(num)s sources read",
            line.sources,
            read=line.healthy,
        )
    ]
    if line.last_item_at:
        parts.append(words.gettext("newest notice %(day)s", day=frame.day(line.last_item_at)))
    if line.watched_since:
        parts.append(words.gettext("watched since %(day)s", day=frame.day(line.watched_since)))
    state = "dark" if line.dark else "read"
    dark = tuple(_dark(feed_name(feed, words.language) or feed, since, frame) for feed, since in line.dark)
    silent = tuple(
        _silent(feed_name(feed, words.language) or feed, (since, gap), frame)
        for feed, since, gap in line.silent
    )
    return CoverageView(state, words.place(line.jurisdiction), " · ".join(parts), dark + silent)


def _dark(name: str, since: datetime | None, frame: Frame) -> str:
    if since is not None:
        return frame.words.gettext(
            "%(name)s: could not be read since %(day)s", name=name, day=frame.day(since)
        )
    return frame.words.gettext("%(name)s: not read yet", name=name)


def _silent(name: str, known: tuple[datetime | None, timedelta | None], frame: Frame) -> str:
    """Return that a source could be read but brings nothing new: perhaps its news is elsewhere now."""
    since, gap = known
    day = frame.day(since) if since else "–"
    words = frame.words
    if gap is None:
        return words.gettext("%(name)s: readable, but nothing new since %(day)s", name=name, day=day)
    return words.ngettext(
        "%(name)s: readable, but nothing new since %(day)s, usually something every %(num)s day",
        "%(name)s: readable, but nothing new since %(day)s, usually something every %(num)s days",
        max(1, round(gap / timedelta(days=1))),
        name=name,
        day=day,
    )


def _rest(lines: Sequence[CoverageLine], frame: Frame) -> CoverageView:
    words = frame.words
    places = words.joined([words.place(line.jurisdiction) for line in lines])
    return CoverageView("read", words.gettext("Also read in full"), places)


def _bare(line: CoverageLine, frame: Frame) -> CoverageView:
    """Return the sentence for jurisdictions without a source; a long list is told by its number."""
    words, codes = frame.words, (line.jurisdiction, *line.also)
    if len(codes) <= ROWS:
        return CoverageView(
            "none", words.gettext("Not watched yet"), words.joined([words.place(code) for code in codes])
        )
    number = words.ngettext(
        "%(num)s of your jurisdictions has no source yet: %(codes)s",
        "%(num)s of your jurisdictions have no source yet: %(codes)s",
        len(codes),
        codes=" ".join(codes),
    )
    return CoverageView("none", words.gettext("Not watched yet"), number)
