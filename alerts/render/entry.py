"""Put one item into words: what happened, who says so, when, what is due, and why the reader gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alerts.domain.changes import change_of
from alerts.domain.digests import AlertLine, DigestEntry
from alerts.domain.identifiers import official_page
from alerts.domain.items import Item, Obligation
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Severity, severity_rank
from alerts.domain.watches import BEFORE
from alerts.render.changes import NO_CHANGES, ChangesView, changes_view
from alerts.render.columns import cut
from alerts.render.reasons import reason_line
from alerts.render.words import Words, day_of

SHAPES = {Severity.CRITICAL: "◆", Severity.HIGH: "▲", Severity.MODERATE: "●", Severity.LOW: "■"}
NEAR = 14  # days; a date within them is marked
TITLE = 240  # display columns of a title
SHORT_TITLE = 120  # of a further source
SOURCES = 8  # further sources of a matter that are written out
SAMPLES = 5  # notices of a burst that are written out
NUMBERS = 4  # identifiers of one item that are written out
LINE = 70  # columns of a line of text
DUE_DATES = 4  # of one item that are written out


@dataclass(frozen=True, slots=True)
class Frame:
    """What putting an item into words depends on besides the item. ``today`` is the reader's local date.

    ``urgent`` and ``usual`` are the display columns that a summary may take: of critical and high items, of others.
    """

    words: Words
    zone: ZoneInfo
    today: date
    urgent: int = 480
    usual: int = 480

    def day(self, instant: datetime) -> str:
        """Return the reader's calendar date of an instant."""
        return self.words.date(instant.astimezone(self.zone).date())


@dataclass(frozen=True, slots=True)
class DueView:
    """A dated consequence in words. ``state`` is near, ahead or past; ``basis`` is given for computed dates and contradicted ones."""

    on: date
    day: str
    role: str
    left: str
    state: str
    basis: str
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """Another item that an entry speaks for: who published it, its title, and where it can be read."""

    publisher: str
    title: str
    language: str | None
    url: str | None
    host: str


@dataclass(frozen=True, slots=True)
class OfficialView:
    """An identifier with its official page, or None where it has none; ``short`` is the page where a line of text holds it."""

    text: str
    url: str | None
    short: str | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An item in words. ``url`` is None where the source gave no address that may be linked."""

    title: str
    summary: str
    language: str | None
    severity: str
    severity_word: str
    shape: str
    labels: str
    publisher: str
    dates: tuple[str, ...]
    notes: tuple[str, ...]
    dues: tuple[DueView, ...]
    identifiers: str
    official: tuple["OfficialView", ...]
    why: str
    url: str | None
    host: str
    sources: tuple[SourceView, ...] = ()
    alike: str = ""
    samples: tuple[SourceView, ...] = ()
    changes: ChangesView = NO_CHANGES


def entry_view(entry: DigestEntry, publisher: str, frame: Frame) -> EntryView:
    """Return ``entry`` in words; ``publisher`` names who published it, in the reader's language if known."""
    item, judgement, words = entry.stored.item, entry.stored.judgement, frame.words
    title = cut(one_line(item.title), TITLE)
    url, host = _link(item)
    labels = [words.name(judgement.event), *(words.name(right) for right in judgement.rights)]
    return EntryView(
        title=title,
        summary=_summary(entry, title, frame),
        language=item.language,
        severity=judgement.severity.value,
        severity_word=words.name(judgement.severity),
        shape=SHAPES[judgement.severity],
        labels=" · ".join(dict.fromkeys([words.name(judgement.kind), *labels])),
        publisher=cut(one_line(publisher), 80) or host,
        dates=_dates(entry, frame),
        notes=_notes(entry, frame),
        dues=_dues(entry, title, frame),
        identifiers=", ".join(one_line(text, 60) for text in judgement.identifiers[:NUMBERS]),
        official=tuple(_official(text, item) for text in judgement.identifiers[:NUMBERS]),
        why=reason_line(entry.reasons, words),
        url=url,
        host=host,
        sources=_others(entry.sources, SOURCES),
        alike=_alike(entry, words),
        samples=_others(entry.alike, SAMPLES),
        changes=changes_view(entry.stored, entry.told, words),
    )


def _official(identifier: str, item: Item) -> OfficialView:
    text, url = one_line(identifier, 60), official_page(identifier, item.jurisdiction)
    fits = url is not None and url != item.url and len(f"{text}: {url}") <= LINE
    return OfficialView(text, url, url if fits else None)


def _others(lines: Sequence[AlertLine], most: int) -> tuple[SourceView, ...]:
    return tuple(_other(line) for line in lines[:most])


def _other(line: AlertLine) -> SourceView:
    item, (url, host) = line.stored.item, _link(line.stored.item)
    title = cut(one_line(item.title), SHORT_TITLE)
    return SourceView(cut(one_line(line.publisher), 80) or host, title, item.language, url, host)


def _alike(entry: DigestEntry, words: Words) -> str:
    """Return how many notices the entry stands for besides its own; empty for one that stands for itself."""
    if not entry.alike:
        return ""
    return words.ngettext(
        "and %(num)s more notice like it, from the same source",
        "and %(num)s more notices like it, from the same source",
        len(entry.alike),
    )


def _summary(entry: DigestEntry, title: str, frame: Frame) -> str:
    summary = one_line(entry.stored.item.summary, 4000)
    severe = severity_rank(entry.stored.judgement.severity) >= severity_rank(Severity.HIGH)
    return "" if summary == title else cut(summary, frame.urgent if severe else frame.usual)


def _link(item: Item) -> tuple[str | None, str]:
    """Return the address and its host; the host is shown, so that nobody follows a link to somewhere else."""
    url = (item.url or "").strip()
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None, ""
    if parts.scheme not in ("http", "https") or not host or any(mark in url for mark in '\\ "<>\n\r\t'):
        return None, ""
    return url, host.removeprefix("www.")


def _dates(entry: DigestEntry, frame: Frame) -> tuple[str, ...]:
    words, item = frame.words, entry.stored.item
    seen = frame.day(entry.stored.first_seen_at)
    if item.published is None:
        return (words.gettext("no date given"), words.gettext("first seen %(day)s", day=seen))
    published = words.date(day_of(item.published, frame.zone))
    if published == seen:
        return (words.gettext("published %(day)s", day=published),)
    return (words.gettext("published %(day)s", day=published), words.gettext("first seen %(day)s", day=seen))


def _notes(entry: DigestEntry, frame: Frame) -> tuple[str, ...]:
    notes = []
    if entry.stored.unreviewed:
        notes.append(
            frame.words.gettext("Unreviewed: no editor has looked at this yet; the source's words count.")
        )
    if entry.correction:
        notes.append(frame.words.gettext("Correction: you were told an earlier version of this notice."))
    if entry.told is not None:
        change = frame.words.name(change_of(entry.told, entry.stored))
        notes.append(frame.words.gettext("What kind of change: %(change)s", change=change))
    if entry.stored.number > 1:
        changed = entry.stored.changed_at or entry.stored.first_seen_at
        notes.append(
            frame.words.gettext("The source changed this notice on %(day)s.", day=frame.day(changed))
        )
    if entry.echo:
        notes.append(frame.words.gettext("A further source of what you were told before."))
    if any(reason.facet == BEFORE for reason in entry.reasons):
        notes.append(frame.words.gettext("From before you joined."))
    if entry.late:
        notes.append(frame.words.gettext("An older notice that the source made visible only now."))
    return tuple(notes)


def _dues(entry: DigestEntry, title: str, frame: Frame) -> tuple[DueView, ...]:
    """Return the item's dates, those ahead first; more than ``DUE_DATES`` would hide the next one."""
    place = entry.stored.judgement.jurisdictions[:1] or (entry.stored.item.jurisdiction,)
    ordered = sorted(entry.stored.judgement.obligations, key=lambda due: (due.date < frame.today, due.date))
    return tuple(_due(due, title, frame.words.place(place[0]), frame) for due in ordered[:DUE_DATES])


def _due(due: Obligation, title: str, place: str, frame: Frame) -> DueView:
    days = (due.date - frame.today).days
    state = "past" if days < 0 else "near" if days <= NEAR else "ahead"
    return DueView(
        on=due.date,
        day=frame.words.date(due.date),
        role=frame.words.name(due.role),
        left=_left(days, frame.words),
        state=state,
        basis=_basis(due, frame.words),
        title=title,
        place=place,
    )


def _basis(due: Obligation, words: Words) -> str:
    """Return the rule of a computed date, and of a field's date what the text says otherwise."""
    if not due.stated:
        return words.gettext("computed by: %(rule)s", rule=one_line(due.basis, 120))
    if not due.against:
        return ""
    days = words.gettext(", ").join(words.date(each.date) for each in due.against[:DUE_DATES])
    return words.gettext("so in the source's data; its text says %(days)s", days=days)


def _left(days: int, words: Words) -> str:
    if days < 0:
        return words.ngettext("%(num)s day ago", "%(num)s days ago", -days)
    if days == 0:
        return words.gettext("today")
    return words.ngettext("in %(num)s day", "in %(num)s days", days)
