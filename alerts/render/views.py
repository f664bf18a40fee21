"""Put a whole digest into words: everything its templates show, ready to be laid out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.domain.digests import Digest, DigestEntry, DigestGroup, Links
from alerts.domain.text import display_width, one_line
from alerts.domain.vocabulary import Rhythm, Severity, severity_rank
from alerts.render.columns import cut
from alerts.render.coverage import CoverageView, FeedName, coverage_views
from alerts.render.entry import SHAPES, DueView, EntryView, Frame, entry_view
from alerts.render.help import HelpView, Stations, help_views
from alerts.render.personal import Personal
from alerts.render.words import Words

AHEAD = 6  # dates in the box of coming dates
SUBJECT = 60  # display columns
_ABBREVIATION = re.compile(r" ?[(（][A-Z]+[)）]$")


@dataclass(frozen=True, slots=True)
class CountView:
    """How many items of one severity; all four are shown, zero too."""

    severity: str
    word: str
    shape: str
    number: int


@dataclass(frozen=True, slots=True)
class GroupView:
    """The items of one jurisdiction."""

    code: str
    place: str
    count: str
    entries: tuple[EntryView, ...]
    help: tuple[HelpView, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest in words: the values of its templates (templates/README.md lists them)."""

    language: str
    service: str
    subject: str
    title: str
    preheader: str
    day: str
    company: str
    heading: str
    counts: tuple[CountView, ...]
    ahead: tuple[DueView, ...]
    groups: tuple[GroupView, ...]
    more: str
    coverage: tuple[CoverageView, ...]
    because: str
    operator: str
    links: Links

    @property
    def entries(self) -> tuple[EntryView, ...]:
        """Return all items in reading order."""
        return tuple(entry for group in self.groups for entry in group.entries)


def by_severity(digest: Digest, view: DigestView) -> list[tuple[str, DigestEntry, EntryView]]:
    """Return place, entry and its words of all items, the most severe first: what is left out for want of room is the rest."""
    groups = zip(digest.groups, view.groups, strict=True)
    found = [
        (seen.place, *pair) for told, seen in groups for pair in zip(told.entries, seen.entries, strict=True)
    ]
    return sorted(found, key=lambda one: -severity_rank(one[1].stored.judgement.severity))


@dataclass(frozen=True, slots=True)
class Setting:
    """What a message depends on besides its digest: the links, the operator's name, the names of feeds."""

    links: Links
    operator: str
    feed_name: FeedName
    stations: Stations = tuple


def digest_view(digest: Digest, frame: Frame, setting: Setting) -> DigestView:
    """Return ``digest`` in the words of ``frame``."""
    words = frame.words
    personal = personal_words(digest, frame, setting.links)
    groups = tuple(_group(group, frame, setting) for group in digest.groups)
    total = sum(number for _, number in digest.counts)
    return DigestView(
        language=words.language.value,
        service=words.gettext("IP Risk Alerts"),
        subject=_subject(digest, groups, words, total),
        title=_title(digest, words, total),
        preheader=_preheader(groups, words),
        day=frame.day(digest.built_at),
        company=personal.company,
        heading=personal.heading,
        counts=_counts(digest, words),
        ahead=_ahead(groups),
        groups=groups,
        more=words.ngettext("and %(num)s more notice", "and %(num)s more notices", digest.more)
        if digest.more
        else "",
        coverage=coverage_views(digest.coverage, frame, setting.feed_name),
        because=personal.because,
        operator=setting.operator,
        links=setting.links,
    )


def personal_words(digest: Digest, frame: Frame, links: Links) -> Personal:
    """Return what of the digest is its reader's own."""
    company = cut(one_line(digest.company), 80)
    heading = f"{frame.day(digest.built_at)} · {company}"
    return Personal(company, heading, _because(digest, frame.words), links.unsubscribe)


def kept(digest: Digest, number: int) -> Digest:
    """Return ``digest`` with its ``number`` most severe entries; the others are added to ``more``."""
    entries = sorted(digest.entries, key=lambda entry: -severity_rank(entry.stored.judgement.severity))
    ids = {entry.alert_id for entry in entries[:number]}
    groups = tuple(_only(group, ids) for group in digest.groups)
    dropped = sum(entry.weight for entry in entries[number:])
    return replace(
        digest, groups=tuple(group for group in groups if group.entries), more=digest.more + dropped
    )


def _only(group: DigestGroup, ids: set[int]) -> DigestGroup:
    return DigestGroup(group.jurisdiction, tuple(entry for entry in group.entries if entry.alert_id in ids))


def _group(group: DigestGroup, frame: Frame, setting: Setting) -> GroupView:
    words = frame.words
    return GroupView(
        code=group.jurisdiction,
        place=words.place(group.jurisdiction),
        count=words.ngettext(
            "%(num)s notice", "%(num)s notices", sum(entry.weight for entry in group.entries)
        ),
        entries=tuple(
            entry_view(entry, _publisher(entry, frame, setting.feed_name), frame) for entry in group.entries
        ),
        help=help_views(group, setting.stations, words.language),
    )


def _publisher(entry: DigestEntry, frame: Frame, feed_name: FeedName) -> str:
    name = feed_name(entry.stored.feed_id, frame.words.language)
    return name or entry.publisher or entry.stored.item.publisher or ""


def _only_corrections(digest: Digest) -> bool:
    """Return whether the reader was told an earlier version of everything in here."""
    return bool(digest.entries) and not digest.more and all(entry.correction for entry in digest.entries)


def _only_echoes(digest: Digest) -> bool:
    """Return whether everything in here is a further source of what the reader was told."""
    return bool(digest.entries) and not digest.more and all(entry.echo for entry in digest.entries)


def _title(digest: Digest, words: Words, total: int) -> str:
    if not total:
        return words.gettext("Nothing new in your jurisdictions")
    if _only_echoes(digest):
        return words.gettext("Further sources of what you were told")
    if _only_corrections(digest):
        return words.ngettext(
            "%(num)s corrected notice on intellectual property",
            "%(num)s corrected notices on intellectual property",
            total,
        )
    return words.ngettext(
        "%(num)s new notice on intellectual property", "%(num)s new notices on intellectual property", total
    )


def _subject(digest: Digest, groups: Sequence[GroupView], words: Words, total: int) -> str:
    """Return the subject: how many, how severe, where. One line of at most ``SUBJECT`` columns."""
    if not total:
        return cut(words.gettext("No new IP notices"), SUBJECT)
    if digest.slot.startswith("item:"):
        return _alert_subject(digest, groups[0], words)
    if _only_corrections(digest):
        count = words.ngettext("%(num)s corrected IP notice", "%(num)s corrected IP notices", total)
    else:
        count = words.ngettext("%(num)s IP notice", "%(num)s IP notices", total)
    worst, number = digest.counts[0]
    if severity_rank(worst) >= severity_rank(Severity.HIGH):
        count = words.gettext(
            "%(count)s, %(number)s %(severity)s", count=count, number=number, severity=words.name(worst)
        )
    return _with_places(count, [group.place for group in groups], words)


def _with_places(count: str, places: Sequence[str], words: Words) -> str:
    """Return the subject with as many whole names as fit."""
    places = [_short(place) for place in places]
    for number in range(len(places), 0, -1):
        named = [*places[:number], "…"] if number < len(places) else places
        subject = words.gettext("%(count)s: %(places)s", count=count, places=words.gettext(", ").join(named))
        if display_width(subject) <= SUBJECT:
            return subject
    return cut(count, SUBJECT)


def _short(place: str) -> str:
    """Return a name without its abbreviation: in Chinese no other letters may be there, and capitals alone look like shouting to filters."""
    return _ABBREVIATION.sub("", place)


def _alert_subject(digest: Digest, group: GroupView, words: Words) -> str:
    """Return the subject of one item: how severe, where, what, whether it corrects what was told, how many are like it."""
    entry, alike, corrected = group.entries[0], digest.entries[0].alike, _only_corrections(digest)
    title = f"(+{len(alike)}) {entry.title}" if alike else entry.title
    values = {"word": entry.severity_word, "place": _short(group.place), "title": title}
    if corrected:
        return cut(words.gettext("[%(word)s, corrected] %(place)s: %(title)s", **values), SUBJECT)
    return cut(words.gettext("[%(word)s] %(place)s: %(title)s", **values), SUBJECT)


def _preheader(groups: Sequence[GroupView], words: Words) -> str:
    """Return what a list of mails shows behind the subject: the first title."""
    first = next((entry for group in groups for entry in group.entries), None)
    if first is None:
        return words.gettext("What was watched, and what could not be read.")
    sentence = words.gettext("%(word)s: %(title)s", word=first.severity_word, title=first.title)
    return cut(sentence, 110)


def _counts(digest: Digest, words: Words) -> tuple[CountView, ...]:
    numbers = dict(digest.counts)
    return tuple(
        CountView(level.value, words.name(level), SHAPES[level], numbers.get(level, 0)) for level in Severity
    )


def _ahead(groups: Sequence[GroupView]) -> tuple[DueView, ...]:
    """Return the next dates of all items, soonest first."""
    dues = [due for group in groups for entry in group.entries for due in entry.dues if due.state != "past"]
    return tuple(sorted(dues, key=lambda due: due.on)[:AHEAD])


def _because(digest: Digest, words: Words) -> str:
    address, company = digest.endpoint.address, one_line(digest.company, 120)
    if digest.slot.startswith("item:"):
        return words.gettext(
            "You get this at %(address)s at once because %(company)s signed up for it.",
            address=address,
            company=company,
        )
    return {
        Rhythm.IMMEDIATE: words.gettext(
            "You get this at %(address)s at once because %(company)s signed up for it."
        ),
        Rhythm.DAILY: words.gettext(
            "You get this at %(address)s every day because %(company)s signed up for it."
        ),
        Rhythm.WEEKLY: words.gettext(
            "You get this at %(address)s every week because %(company)s signed up for it."
        ),
        Rhythm.WORKING_DAYS: words.gettext(
            "You get this at %(address)s on working days because %(company)s signed up for it."
        ),
    }[digest.endpoint.schedule.rhythm] % {"address": address, "company": company}
