"""Let one line speak for others: the sources of a matter, and a burst of like notices.

A matter is told once with all its sources. A burst (an office that publishes 300 corrections in a day, one plaintiff
against 40 sellers) is told as one entry with its count. Every line stays a row of the ledger and counts as told by the
digest it stands in.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alerts.domain.digests import AlertLine
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import severity_rank

BURST = 6  # like notices of one source and day; fewer are read as fast one by one

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|《[^》]*》|「[^」]*」|『[^』]*』|„[^“]*“|«[^»]*»|[(（][^)）]*[)）]")
_VERSUS = re.compile(r"^(.{3,120}?)\s(?:v|vs)\.?\s|^(.{2,40}?)(?:诉|起诉|訴)")
_NUMBER = re.compile(r"[A-Za-z0-9./-]*\d[A-Za-z0-9./-]*")
_FIRM = re.compile(r"[\u3400-\u9fff]{2,30}?(?:有限责任公司|股份有限公司|有限公司|公司|集团|商行|经营部|会社)")
_LATIN_NAME = re.compile(r"(?<=\s)[A-ZÀ-ÖØ-ÞА-Я][^\W\d_]*|\b[A-Z]{2,}\b")
_WORD = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A line that speaks for ``sources``, items of the same matter, and for ``alike``, the rest of a burst."""

    line: AlertLine
    sources: tuple[AlertLine, ...] = ()
    alike: tuple[AlertLine, ...] = ()

    @property
    def lines(self) -> tuple[AlertLine, ...]:
        """Return all lines of the bundle, the speaker first."""
        return self.line, *self.sources, *self.alike

    @property
    def weight(self) -> int:
        """Return for how many notices it stands."""
        return 1 + len(self.alike)


def bundles(lines: Sequence[AlertLine]) -> list[Bundle]:
    """Return the lines put together, in the order of their speakers; of each group the first given speaks.

    Corrections speak for themselves: each amends something else that the reader was told.
    """
    matters = {first.alert_id: Bundle(first, tuple(rest)) for first, *rest in _grouped(lines, _matter)}
    found: list[Bundle] = []
    for group in _grouped([one.line for one in matters.values()], _burst):
        members = [matters[line.alert_id] for line in group]
        found += members if len(group) < BURST else [_folded(members)]
    places = {line.alert_id: place for place, line in enumerate(lines)}
    return sorted(found, key=lambda one: places[one.line.alert_id])


def spoken(bundle: Bundle) -> StoredItem:
    """Return the speaker's item with the obligations and identifiers of all that it speaks for."""
    own = bundle.line.stored
    if len(bundle.lines) == 1:
        return own
    judged = [line.stored.judgement for line in bundle.lines]
    due = {(one.role, one.date): one for each in reversed(judged) for one in each.obligations}
    of_matter = [line.stored.judgement for line in (bundle.line, *bundle.sources)]
    named = dict.fromkeys(one for each in of_matter for one in each.identifiers)
    obligations = tuple(sorted(due.values(), key=lambda one: (one.date, one.role)))
    return replace(own, judgement=replace(own.judgement, obligations=obligations, identifiers=tuple(named)))


def template(title: str) -> str:
    """Return what a title shares with its like: without numbers, quotations and names; of a lawsuit the plaintiff."""
    if found := _VERSUS.search(title):
        return f"{(found.group(1) or found.group(2)).casefold()} v."
    plain = _NUMBER.sub(" ", _FIRM.sub(" ", _QUOTED.sub(" ", title)))
    words = _WORD.findall(_LATIN_NAME.sub(" ", plain).casefold())
    return " ".join(words) if len(words) >= 2 else title.casefold()


def _folded(members: Sequence[Bundle]) -> Bundle:
    """Return one bundle for a burst; the further sources of its members stay listed."""
    sources = tuple(line for one in members for line in one.sources)
    return Bundle(members[0].line, sources, tuple(one.line for one in members[1:]))


def _grouped(
    lines: Iterable[AlertLine], key_of: Callable[[AlertLine], Hashable]
) -> Iterator[list[AlertLine]]:
    groups: defaultdict[Hashable, list[AlertLine]] = defaultdict(list)
    for line in lines:
        groups[key_of(line)].append(line)
    yield from groups.values()


def _matter(line: AlertLine) -> Hashable:
    matter = line.stored.matter_id
    return ("alone", line.alert_id) if matter is None or line.correction else (matter, line.echo)


def _burst(line: AlertLine) -> Hashable:
    """Return what the lines of one burst share; a term that the reader watches keeps its lines from the others."""
    if line.correction:
        return line.alert_id
    item, judgement = line.stored.item, line.stored.judgement
    terms = frozenset(reason.value for reason in line.reasons if reason.facet == "term")
    day = (item.published.at if item.published else line.stored.first_seen_at).date()
    labels = (judgement.kind, judgement.event, severity_rank(judgement.severity), line.echo)
    return line.stored.feed_id, labels, item.jurisdiction, terms, day, template(item.title)
