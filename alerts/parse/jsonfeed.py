"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from collections.abc import Mapping
from urllib.parse import urljoin

from alerts.domain.collected import Document, Entry, Parsed, RawDate, Request
from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse.tolerant import Json, as_text, load_json

_WEBSUB = frozenset({"websub", "pubsubhubbub", ""})


def parse_json_feed(text: str, document: Document) -> Parsed:
    """Return every entry of a JSON Feed.

    Raises:
        ParseError: PARSE_ERROR for broken JSON, NOT_A_FEED for JSON that is no feed, HOSTILE for nesting.
    """
    top = load_json(text)
    raws = top.get("items") if isinstance(top, dict) else None
    if not isinstance(top, dict) or not isinstance(raws, list) or not _is_feed(top, raws):
        raise ParseError(
            Outcome.NOT_A_FEED, "the document is JSON, but not a JSON Feed; an API needs type json"
        )
    entries = [_entry(raw, document.final_url) for raw in raws if isinstance(raw, dict)]
    kept = tuple(entry for entry in entries if entry.link or entry.title or entry.summary or entry.content)
    following = as_text(top.get("next_url"))
    return Parsed(
        entries=kept,
        title=as_text(top.get("title")),
        language=as_text(top.get("language")),
        next_request=Request(_join(document.final_url, following)) if following else None,
        skipped=len(raws) - len(kept),
        hubs=_hubs(top.get("hubs"), document),
        topic=_join(document.final_url, topic) if (topic := as_text(top.get("feed_url"))) else None,
    )


def _hubs(raws: Json, document: Document) -> tuple[str, ...]:
    """Return the addresses of WebSub hubs; rssCloud, the other type in use, speaks another language."""
    hubs = [raw for raw in raws if isinstance(raw, dict)] if isinstance(raws, list) else []
    known = (as_text(hub.get("url")) for hub in hubs if (as_text(hub.get("type")) or "").lower() in _WEBSUB)
    return tuple(_join(document.final_url, address) for address in known if address)


def _is_feed(top: dict[str, Json], raws: list[Json]) -> bool:
    version = as_text(top.get("version")) or ""
    return "jsonfeed.org" in version or all(
        isinstance(raw, dict) and {"id", "url"} & raw.keys() for raw in raws
    )


def _entry(raw: Mapping[str, Json], address: str) -> Entry:
    link = as_text(raw.get("url")) or as_text(raw.get("external_url"))
    body, plain = as_text(raw.get("content_html")), as_text(raw.get("content_text"))
    summary = as_text(raw.get("summary")) or ""
    number = raw.get("id")
    tags = raw.get("tags")
    return Entry(
        raw_id=as_text(number),
        link=_join(address, link) if link else None,
        title=as_text(raw.get("title")) or "",
        # ``summary`` is plain text by the specification; the body is used where it is missing.
        summary=summary or body or plain or "",
        content=(plain or "") if summary else "",
        summary_is_html=not summary and body is not None,
        published=_date(raw.get("date_published")) or _date(raw.get("date_modified")),
        updated=_date(raw.get("date_modified")),
        author=_author(raw),
        language=as_text(raw.get("language")),
        categories=tuple(word for word in map(as_text, tags) if word) if isinstance(tags, list) else (),
    )


def _author(raw: Mapping[str, Json]) -> str | None:
    authors = raw.get("authors")
    people = authors if isinstance(authors, list) else [raw.get("author")]
    names = (as_text(person.get("name")) for person in people if isinstance(person, dict))
    return ", ".join(name for name in names if name) or None


def _date(value: Json) -> RawDate | None:
    text = as_text(value)
    return RawDate(text) if text else None


def _join(address: str, link: str) -> str:
    try:
        return urljoin(address, link)
    except ValueError:
        return link
