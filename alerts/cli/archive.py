"""``items``: what is stored."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli import choices
from alerts.cli.context import clock, index, store
from alerts.cli.show import Format, FormatOption, cell, json_line, listing, say, since
from alerts.domain.amendments import Amendment, amended
from alerts.domain.changes import change_of
from alerts.domain.errors import InputError
from alerts.domain.identifiers import official_page
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Event, Kind, Right, Severity

if TYPE_CHECKING:
    from alerts.store import Store

Words = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(items)


def items(
    jurisdiction: Annotated[Words, typer.Option(help="WIPO ST.3 code or region; may be repeated.")] = None,
    kind: Annotated[Words, typer.Option(help="legal-rule, risk-warning, information.")] = None,
    right: Annotated[Words, typer.Option(help="patent, trademark, …")] = None,
    event: Annotated[Words, typer.Option(help="exclusion, rule, consultation, …")] = None,
    severity: Annotated[Words, typer.Option(help="critical, high, moderate, low.")] = None,
    since_: Annotated[str | None, typer.Option("--since", help="A date, or a span back such as 7d.")] = None,
    until_: Annotated[str | None, typer.Option("--until", help="The last day, or a span back.")] = None,
    publisher: Annotated[Words, typer.Option(help="A publisher's name; may be repeated.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Words in title or summary, or an identifier in any spelling.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Also items that have nothing to do with intellectual property.")
    ] = False,
    irrelevant: Annotated[
        bool, typer.Option("--irrelevant", help="Only items that were judged to have nothing to do with it.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    number: Annotated[
        int | None, typer.Option("--id", metavar="N", help="One item, and what each revision changed.")
    ] = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Show the archive, newest first."""
    from alerts.domain.jurisdictions import expand

    if number is not None:
        return _one(number, style)
    now = clock().now()
    start, end = since(since_, now), since(until_, now, "--until")
    query = ItemQuery(
        jurisdictions=tuple(expand(choices.regions(jurisdiction, "--jurisdiction"))) if jurisdiction else (),
        kinds=choices.pick("--kind", kind, Kind),
        rights=choices.pick("--right", right, Right),
        events=choices.pick("--event", event, Event),
        severities=choices.pick("--severity", severity, Severity),
        since=start.date() if start else None,
        until=end.date() if end else None,
        publishers=tuple(publisher or ()),
        search=search,
        relevant_only=not all_,
        irrelevant_only=irrelevant,
        limit=min(limit, 1000),
    )
    with store() as opened:
        index(opened, now)
        found = _found(opened, query, limit)
        before = opened.items.before(found[:limit])
    listing(
        (_row(one, before.get(one.id)) for one in found[:limit]),
        style,
        ("id", "first_seen", "jurisdictions", "kind", "severity", "change", "title"),
    )
    return 0


def _found(opened: "Store", query: ItemQuery, limit: int) -> list[StoredItem]:
    page = opened.items.query(query)
    found = list(page.items)
    while page.next_before_id and len(found) < limit:
        page = opened.items.query(replace(query, before_id=page.next_before_id))
        found += page.items
    return found


def _one(number: int, style: Format) -> int:
    """Print the revisions of one item, the oldest first, with what each changed."""
    with store() as opened:
        revisions = opened.items.revisions(number)
    if not revisions:
        raise InputError(f"There is no item {number}; `alerts items` lists them.")
    for before, stored in zip([None, *revisions], revisions, strict=False):
        found = amended(before, stored) if before else None
        if style is Format.JSON:
            say(json_line(_row(stored, before) | {"amendment": found}))
        else:
            _say_revision(stored, before, found)
    return 0


def _say_revision(stored: StoredItem, before: StoredItem | None, found: Amendment | None) -> None:
    item, judgement = stored.item, stored.judgement
    seen = cell(stored.changed_at or stored.first_seen_at)
    say(
        f"revision {stored.number}, {seen}{', held' if stored.held else ''}{', unreviewed' if stored.unreviewed else ''}: {one_line(item.title)}"
    )
    say(f"  {judgement.kind}, {judgement.event}, {judgement.severity}; {item.url or 'no address'}")
    for identifier in judgement.identifiers:
        page = official_page(identifier, item.jurisdiction)
        say(f"  {one_line(identifier)}{f': {page}' if page else ''}")
    if found is None or before is None:
        return
    say(f"  {change_of(before, stored)}, {found.words} words changed")
    for change in found.changes:
        say(f"  … {change.before} [-{change.removed}-] [+{change.added}+] {change.after} …")
    if found.more:
        say(f"  and {found.more} more places")


def pages_of(stored: StoredItem) -> dict[str, str]:
    """Return the official pages of an item's identifiers, of those that have one."""
    pages = {each: official_page(each, stored.item.jurisdiction) for each in stored.judgement.identifiers}
    return {each: page for each, page in pages.items() if page}


def _row(stored: StoredItem, before: StoredItem | None) -> dict[str, object]:
    item, judgement = stored.item, stored.judgement
    return {
        "id": stored.id, "feed": stored.feed_id, "revision": stored.number, "first_seen": stored.first_seen_at,
        "published": item.published.at if item.published else None, "title": item.title, "summary": item.summary,
        "url": item.url, "lang": item.language, "publisher": item.publisher, "relevant": judgement.relevant,
        "kind": judgement.kind, "event": judgement.event, "severity": judgement.severity, "rights": judgement.rights,
        "jurisdictions": stored.jurisdictions, "identifiers": judgement.identifiers, "official_pages": pages_of(stored),
        "obligations": judgement.obligations, "baseline": stored.baseline, "held": stored.held,
        "unreviewed": stored.unreviewed, "key": item.key,
        "matter": stored.matter_id, "change": change_of(before, stored) if before else None, "amendment": stored.amendment,
    }  # fmt: skip
