"""``feeds``: list, try, import, export and describe the sources."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from alerts import workdays
from alerts.cli import choices, opml
from alerts.cli.show import AtOption, Format, FormatOption, instant, json_line, listing, say, warn
from alerts.domain.errors import CollectError, InputError
from alerts.domain.feeds import Feed
from alerts.domain.text import one_line
from alerts.domain.vocabulary import FeedType, Language
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.flow.scout import Found
    from alerts.flow.trying import Tried

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="WIPO ST.3 code or region; may be repeated.")
    ] = None,
    enabled: Annotated[bool, typer.Option("--enabled", help="Only those that are polled.")] = False,
    style: FormatOption = Format.TEXT,
) -> int:
    """List the sources of feeds.yaml."""
    from alerts.domain.jurisdictions import expand
    from alerts.domain.pace import promise

    wanted = expand(choices.regions(jurisdiction, "--jurisdiction"))
    feeds = [
        f for f in _catalogue() if (not wanted or f.jurisdiction in wanted) and (f.enabled or not enabled)
    ]
    pushed = _pushed(feeds)
    rows = (
        {
            "id": feed.id, "jurisdiction": feed.jurisdiction, "type": feed.type, "carries": feed.carries,
            "enabled": feed.enabled, "interval": int(feed.interval.total_seconds()), "adaptive": feed.adaptive, "trust": feed.trust,
            "pace": feed.pace, "seen_within": int(promise(feed).total_seconds()),
            "rights": feed.rights, "language": feed.language, "name": feed.name[Language.ENGLISH],
            "name_zh": feed.name[Language.CHINESE], "url": feed.url, "websub": feed.websub, "push": pushed.get(feed.id),
        }
        for feed in feeds
    )  # fmt: skip
    shown = list(rows)
    listing(shown, style, ("id", "jurisdiction", "type", "carries", "enabled", "name"))
    if style is Format.TEXT:
        for line in pushed.values():
            say(f"{line['feed']}: {line['text']}")
    return 0


def _pushed(feeds: list[Feed]) -> dict[str, dict[str, object]]:
    """Return how those stand of which a hub is to tell; the database is asked only where there are any."""
    wanted = {feed.id for feed in feeds if feed.websub}
    if not wanted:
        return {}
    from alerts.cli.context import clock
    from alerts.cli.pushes import by_feed

    return {
        feed_id: line
        for feed_id, line in by_feed(read_settings(), clock().now()).items()
        if feed_id in wanted
    }


@app.command()
def test(
    feed_id: Annotated[str, typer.Argument(metavar="ID", help="A feed of feeds.yaml, enabled or not.")],
    style: FormatOption = Format.TEXT,
) -> int:
    """Fetch a source once and show what would be stored; nothing is changed."""
    feed = _named(feed_id)
    try:
        tried = asyncio.run(_try(feed))
    except CollectError as error:
        warn(f"alerts: {feed.id}: {error.outcome}: {error.detail}")
        return 1
    document = tried.document
    facts: dict[str, object] = {
        "feed": feed.id, "status": document.status, "redirects": [hop.target for hop in document.hops],
        "bytes": len(document.body), "content_type": document.headers.get("content-type"),
        "etag": document.headers.get("etag"), "last_modified": document.headers.get("last-modified"),
        "entries": tried.entries, "items": len(tried.items),
    }  # fmt: skip
    from alerts.cli.read import as_stored
    from alerts.flow.trying import SHOWN

    items = [as_stored(revision, feed) for revision in tried.items]
    if style is Format.JSON:
        say(json_line({**facts, "first": items[:SHOWN]}))
        return 0
    for name, value in facts.items():
        say(f"{name.replace('_', ' '):14} {value if value not in (None, []) else '–'}")
    listing(items[:SHOWN], style, ("title", "published", "kind", "event", "severity", "url"))
    return 0


async def _try(feed: Feed) -> "Tried":
    from alerts.classify import load
    from alerts.flow.trying import try_feed
    from alerts.wiring import collecting

    settings = read_settings()
    async with collecting(settings) as tools:
        return await try_feed(tools, load(settings.terms, workdays), feed)


@app.command()
def discover(
    url: Annotated[str, typer.Argument(help="A page that may hold notices, or a feed.")],
    jurisdiction: Annotated[str, typer.Option(help="WIPO ST.3 code of the publisher.")] = "WO",
    pause: Annotated[float, typer.Option(help="Seconds between two requests.", min=0, max=60)] = 1.0,
    private: Annotated[
        bool, typer.Option("--allow-private-networks", help="Allow addresses of private networks.")
    ] = False,
    style: FormatOption = Format.TEXT,
) -> int:
    """Look at an address and propose feeds.yaml rows for it: its feeds, and its lists with selectors."""
    from alerts.cli.proposals import as_fields, as_row

    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise InputError(f"{url!r} is no address; it needs http:// or https:// and a host.")
    feed = Feed(
        id="discover", name={Language.ENGLISH: url}, type=FeedType.PAGE, url=url,
        jurisdiction=choices.jurisdiction(jurisdiction), allow_private_networks=private,
    )  # fmt: skip
    try:
        found = asyncio.run(_look(feed, pause))
    except CollectError as error:
        warn(f"alerts: {url}: {error.outcome}: {error.detail}")
        return 1
    for proposal in found.proposals:
        facts = as_fields(proposal, found.title)
        if style is Format.JSON:
            say(json_line(facts))
            continue
        say(f"# {facts['entries']} entries, {facts['dated']} with a date; the first:")
        for entry in proposal.first:
            date = entry.published.text if entry.published else "no date"
            say(one_line(f"#   {entry.title} ({date}) {entry.link or 'no address'}"))
        say(as_row(proposal, found.title) + "\n")
    warn(f"{len(found.proposals)} proposals; {len(found.asked)} addresses asked.")
    return 0 if found.proposals else 1


async def _look(feed: Feed, pause: float) -> "Found":
    from alerts.flow.scout import Scout
    from alerts.wiring import collecting

    async with collecting(read_settings()) as (fetcher, parser, _):
        return await Scout(fetcher, parser, lambda: asyncio.sleep(pause)).look(feed)


@app.command()
def replay(
    feed_id: Annotated[str, typer.Argument(metavar="ID", help="A feed of feeds.yaml that was polled.")],
    store: Annotated[bool, typer.Option("--store", help="Store what is new or changed.")] = False,
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Read the newest kept document again with the present mapping and lexicons: what would be new or changed."""
    from alerts.cli.replaying import show

    return show(_named(feed_id).id, instant(at), style, store=store)


@app.command()
def schema() -> int:
    """Print the JSON Schema of feeds.yaml (draft-07), for editors."""
    from alerts.catalogue import schema as of_catalogue

    say(json.dumps(of_catalogue(), ensure_ascii=False, indent=2))
    return 0


opml.register(app)


def _catalogue() -> tuple[Feed, ...]:
    from alerts.wiring import read_catalogue

    return read_catalogue(read_settings()).feeds


def _named(feed_id: str) -> Feed:
    feeds = {feed.id: feed for feed in _catalogue()}
    return feeds[choices.feed(feed_id, feeds)]
