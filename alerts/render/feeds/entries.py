"""Puts an item into an entry of a feed: its words, a body for people, its facts for programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from alerts.domain.items import Obligation, StoredItem
from alerts.domain.text import clean, one_line
from alerts.domain.watches import Reason
from alerts.render.feeds.markup import add, fragment, tag, unmistakable, uri, without_addresses
from alerts.render.feeds.values import Entry, Label
from alerts.render.reasons import reason_line
from alerts.render.words import Words

TITLE, SUMMARY, BASIS = 300, 1000, 200  # characters
FIRST_YEAR = 1970  # readers take what is older for a mistake


@dataclass(frozen=True, slots=True)
class Setting:
    """What entries depend on besides the item. ``site`` is the public address; ``publisher`` names who published it."""

    words: Words
    site: str
    publisher: Callable[[StoredItem], str | None]


def entry_of(stored: StoredItem, setting: Setting, reasons: Sequence[Reason] = ()) -> Entry:
    """Return the entry of an item; ``reasons`` say why its one reader gets it."""
    item, words = stored.item, setting.words
    page = f"{setting.site}/items/{stored.id}"
    summary = clean(item.summary, SUMMARY)
    source = uri(item.url)
    return Entry(
        ident=tag(setting.site, f"items/{stored.id}"),
        page=page,
        title=one_line(item.title, TITLE) or words.gettext("(no title)"),
        summary=summary,
        body=_body(stored, setting, summary, reasons),
        language=item.language,
        published=published(stored),
        updated=changed(stored),
        publisher=unmistakable(without_addresses(one_line(setting.publisher(stored) or "", 80))),
        labels=_labels(stored, setting),
        source=source,
        warning=f"{page}.cap",
        facts=_facts(stored, source),
    )


def changed(stored: StoredItem) -> datetime:
    """Return when readers got the text that they see."""
    return stored.changed_at or stored.first_seen_at


def published(stored: StoredItem) -> datetime:
    """Return when an item came out; when it was first seen where the source says nothing, or what cannot be."""
    at = stored.item.published.at if stored.item.published else stored.first_seen_at
    plausible = at.year > FIRST_YEAR and at <= stored.first_seen_at
    return at if plausible else stored.first_seen_at


def _labels(stored: StoredItem, setting: Setting) -> tuple[Label, ...]:
    judged, words = stored.judgement, setting.words
    members = [("severity", judged.severity), ("kind", judged.kind), ("event", judged.event)]
    found = [(facet, member.value, words.name(member)) for facet, member in members]
    found += [("right", right.value, words.name(right)) for right in judged.rights]
    found += [("jurisdiction", code, words.place(code)) for code in stored.jurisdictions]
    schemes = {facet: tag(setting.site, f"vocabulary/{facet}") for facet, _, _ in found}
    return tuple(Label(facet, schemes[facet], slug, text) for facet, slug, text in found)


def due_line(due: Obligation, words: Words) -> str:
    """Return a dated consequence in one line, with what it rests on."""
    basis = one_line(due.basis, BASIS)
    values = {"role": words.name(due.role), "day": words.date(due.date), "basis": basis}
    if due.stated:
        return words.gettext("%(role)s: %(day)s (stated: %(basis)s)", **values)
    return words.gettext("%(role)s: %(day)s (computed: %(basis)s)", **values)


def _body(stored: StoredItem, setting: Setting, summary: str, reasons: Sequence[Reason]) -> str:
    words, judged, root = setting.words, stored.judgement, Element("div")
    about = [words.name(member) for member in (judged.kind, judged.event, *judged.rights)]
    where = words.joined([words.place(code) for code in stored.jurisdictions])
    add(root, "p", " · ".join(dict.fromkeys([words.name(judged.severity), where, *about])))
    if stored.unreviewed:
        add(
            root,
            "p",
            words.gettext("Unreviewed: no editor has looked at this yet; the source's words count."),
        )
    dues = sorted(stored.judgement.obligations, key=lambda due: due.date)
    if dues:
        lines = add(root, "ul")
        for due in dues:
            add(lines, "li", due_line(due, words))
    for paragraph in filter(None, summary.split("\n")):
        add(root, "p", paragraph).attrib.update(
            {"lang": stored.item.language} if stored.item.language else {}
        )
    if reasons:
        add(root, "p", reason_line(reasons, words))
    url = uri(stored.item.url)
    if url:
        add(add(root, "p"), "a", words.gettext("Read it at the source"), href=url, rel="noreferrer")
    return fragment(root)


def _facts(stored: StoredItem, source: str | None) -> dict[str, object]:
    judged = stored.judgement
    return {
        "feed": stored.feed_id,
        "revision": stored.number,
        "matter": stored.matter_id,
        "source": source,
        "first_seen": stored.first_seen_at.astimezone(UTC).isoformat(),
        "kind": judged.kind.value,
        "event": judged.event.value,
        "severity": judged.severity.value,
        "rights": [right.value for right in judged.rights],
        "jurisdictions": list(stored.jurisdictions),
        "identifiers": [one_line(text, 80) for text in judged.identifiers],
        "obligations": [
            {
                "role": due.role.value,
                "date": due.date.isoformat(),
                "stated": due.stated,
                "basis": one_line(due.basis),
            }
            for due in judged.obligations
        ],
    }
