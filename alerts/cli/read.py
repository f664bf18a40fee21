"""``parse``, ``classify``, ``route``: what the service makes of a document or an item, without storing it."""

import asyncio
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts import workdays
from alerts.cli import choices
from alerts.cli.explaining import explained, show_rejudged
from alerts.cli.show import AtOption, Format, FormatOption, content, instant, json_line, say, warn
from alerts.domain.collected import Document
from alerts.domain.errors import InputError, ParseError
from alerts.domain.feeds import Feed
from alerts.domain.items import Item, Revision
from alerts.domain.text import one_line
from alerts.domain.vocabulary import FeedType, Language
from alerts.settings import read_settings

if TYPE_CHECKING:  # heavy: `alerts --help` does without
    from alerts.classify import SourceContext
    from alerts.flow.inspect import Routed

FileArgument = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="- or nothing: standard input.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(parse)
    app.command()(classify)
    app.command()(route)


def parse(
    file: FileArgument = None,
    feed: Annotated[
        str | None, typer.Option(metavar="ID", help="Read it as this feed of feeds.yaml.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--type", help="feed, json or page, where no --feed is named.")
    ] = "feed",
    jurisdiction: Annotated[str, typer.Option(help="WIPO ST.3 code of the publisher.")] = "WO",
    url: Annotated[str | None, typer.Option(help="Address the document came from.")] = None,
    content_type: Annotated[str | None, typer.Option(help="Content-Type header it came with.")] = None,
    at: AtOption = None,
) -> int:
    """Print the items of a saved document as they would be stored, with findings, one JSON object a line."""
    from alerts.cli.context import clock

    source = _feed(feed, kind, jurisdiction, url)
    headers = {"content-type": content_type or _guess(file, source.type)}
    now = clock(instant(at)).now()
    document = Document(source.url, url or source.url, 200, headers, content(file), now)
    try:
        revisions = asyncio.run(_read(source, document))
    except ParseError as error:
        warn(f"alerts: {file or 'standard input'}: {error.outcome}: {error.detail}")
        return 1
    for revision in revisions:
        say(json_line(as_stored(revision, source)))
    return 0


async def _read(source: Feed, document: Document) -> tuple[Revision, ...]:
    from alerts.classify import load
    from alerts.flow.inspect import read
    from alerts.parse import ParserPool

    pool = ParserPool(size=1)
    try:
        parsed = await pool.parse(document, source)
    finally:
        await pool.close()
    return read(load(read_settings().terms, workdays), source, parsed, document.fetched_at)


def as_stored(revision: Revision, feed: Feed) -> dict[str, object]:
    """Return an item with its findings as one flat mapping: what ``parse`` prints and ``route`` reads."""
    item, judgement = revision.item, revision.judgement
    return {
        "feed": feed.id, "key": item.key, "title": item.title, "summary": item.summary, "url": item.url,
        "lang": item.language, "publisher": item.publisher, "feed_jurisdiction": item.jurisdiction,
        "published": item.published.at if item.published else None,
        "published_origin": item.published.origin if item.published else None,
        "published_day_only": item.published.day_only if item.published else None,
        "updated": item.updated.at if item.updated else None,
        "document_number": item.document_number, "document_type": item.document_type, "categories": item.categories,
        "content_hash": revision.content_hash, "relevant": judgement.relevant, "kind": judgement.kind,
        "event": judgement.event, "severity": judgement.severity, "rights": judgement.rights,
        "jurisdictions": judgement.jurisdictions, "identifiers": judgement.identifiers,
        "obligations": judgement.obligations, "findings": judgement.findings,
    }  # fmt: skip


def classify(
    file: FileArgument = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say in words what led to each finding, and how sure it is.")
    ] = False,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            metavar="OLD_TERMS",
            help="Instead: the stored items that the present terms judge otherwise than those in this folder.",
        ),
    ] = None,
) -> int:
    """Read items as JSON lines and print their labels with reasons, one JSON object a line."""
    from alerts.classify import judge, label, load

    lexicons = load(read_settings().terms, workdays)
    if diff is not None:
        return show_rejudged(diff, lexicons)
    bad = 0
    for record in _records(content(file)):
        if isinstance(record, _Unusable):
            bad += 1
            warn(f"alerts: line {record.line}: {record.why}")
            continue
        judgement = judge(record.item, record.source, lexicons)
        if explain:
            say(explained(record.id, record.item, judgement))
            continue
        labels = label(judgement)
        reasons = labels.pop("reasons", [])
        say(json_line({"id": record.id, "labels": labels, "reasons": reasons}))
    return 1 if bad else 0


def route(
    item: Annotated[
        Path,
        typer.Option(
            "--item", metavar="FILE", help="A line that `parse` printed, or a record as `classify` reads it."
        ),
    ],
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Print who would be told of an item, and why."""
    from alerts.classify import judge, load
    from alerts.cli.context import clock, store
    from alerts.domain.identity import content_hash
    from alerts.flow.inspect import route as routed

    lexicons = load(read_settings().terms, workdays)
    told = bad = 0
    with store() as opened:
        now = clock(instant(at)).now()
        for record in _records(content(item)):
            if isinstance(record, _Unusable):
                bad += 1
                warn(f"alerts: {item}: line {record.line}: {record.why}")
                continue
            judgement = judge(record.item, record.source, lexicons)
            for entry in routed(opened, Revision(record.item, judgement, content_hash(record.item)), now):
                told += 1
                say(_told(entry, record, style))
    if not (told or bad or style is Format.JSON):
        say("Nobody.")
    return 1 if bad else 0


@dataclass(frozen=True, slots=True)
class _Record:
    """A line that holds an item; ``id`` is printed as it came."""

    id: object
    item: Item
    source: "SourceContext"


@dataclass(frozen=True, slots=True)
class _Unusable:
    """A line that holds none, and the sentence that says why."""

    line: int
    why: str


def _told(entry: "Routed", record: _Record, style: Format) -> str:
    from alerts.cli.reasons import in_words

    who = entry.contact
    if style is Format.TEXT:
        return f"{who.email} ({who.company}, watch {entry.watch}): {in_words(entry.reasons)}"
    return json_line(
        {
            "item": record.id,
            "company": who.company,
            "email": who.email,
            "watch": entry.watch,
            "reasons": entry.reasons,
        }
    )


def _records(data: bytes) -> Iterator[_Record | _Unusable]:
    """Yield what each line that is not blank holds. Lines end with a line feed alone: U+2028 may stand in a JSON text."""
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _record(json.loads(line))
        except InputError as error:
            yield _Unusable(number, one_line(str(error).rstrip(".")) + ".")
        except (ValueError, RecursionError) as error:
            yield _Unusable(number, one_line(f"not JSON ({error})") + ".")


def _record(data: object) -> _Record:
    from alerts.classify import item_from_record

    if not isinstance(data, dict):
        raise InputError("a JSON object is needed")
    try:
        item, source = item_from_record(data)
        "".join((item.key, item.title, item.summary)).encode()
    except OverflowError:
        raise InputError("published is out of range") from None
    except UnicodeEncodeError:
        raise InputError("half a character (a lone surrogate) stands in a text") from None
    return _Record(data.get("id"), item, source)


def _feed(feed_id: str | None, kind: str, jurisdiction: str, url: str | None) -> Feed:
    if feed_id is None:
        from alerts.parse import GUESSED

        source = choices.one("--type", kind, FeedType)
        code = choices.jurisdiction(jurisdiction)
        where = url or "https://example.org/"
        name = {Language.ENGLISH: code, Language.CHINESE: code}
        json_mapping, page_mapping = GUESSED
        return Feed(
            "file", name, source, where, code, topical=False,
            json=json_mapping if source is FeedType.JSON else None,
            page=page_mapping if source is FeedType.PAGE else None,
        )  # fmt: skip
    from alerts.wiring import read_catalogue

    feeds = {feed.id: feed for feed in read_catalogue(read_settings()).feeds}
    return feeds[choices.feed(feed_id, feeds)]


def _guess(file: Path | None, kind: FeedType) -> str:
    guessed = mimetypes.guess_type(str(file))[0] if file else None
    fallback = {
        FeedType.FEED: "application/xml",
        FeedType.JSON: "application/json",
        FeedType.PAGE: "text/html",
    }
    return guessed or fallback[kind]
