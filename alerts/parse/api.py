"""Answers of APIs, JSON or XML, read by the paths of a :class:`JsonMapping`.

An answer without the list that the mapping names is not an empty one: publishers rename fields and send
errors with status 200. Only an answer that itself counts nothing (``"count": 0``) is empty.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urljoin

from selectolax.lexbor import LexborHTMLParser

from alerts.domain.collected import Document, Entry, Parsed, RawDate
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping
from alerts.domain.vocabulary import Outcome, Role
from alerts.parse.charset import decode
from alerts.parse.guard import guard
from alerts.parse.paging import next_request
from alerts.parse.records import Finder, html_finder, object_finder, search, xml_to_json
from alerts.parse.refusal import looks_like_html, refuse_html
from alerts.parse.tolerant import Json, as_records, as_text, as_texts, has_markup, load_json

_ERROR_PLACES = (
    "errors",
    "error",
    "Error",
    "error_message",
    "errorMessage",
    "message",
    "detail",
    "title",
    "fault",
)
_COUNT = re.compile(r"@?(?:total|count|num|nb|hits|results?|records?|found|size)", re.IGNORECASE)
_SLOT = re.compile(r"\{([\w.@-]+)\}")


def parse_api(document: Document, feed: Feed) -> Parsed:
    """Return every record of an API answer as an entry.

    Raises:
        ParseError: LAYOUT_CHANGED, NOT_A_FEED, CHALLENGE, HOSTILE or PARSE_ERROR.
    """
    mapping = feed.json
    if mapping is None:
        raise ParseError(Outcome.INTERNAL, f"feed {feed.id} has type json but no mapping")
    text = decode(document.body, document.headers.get("content-type"))
    answer = _answer(text, mapping, feed.max_bytes)
    records = _records(answer, mapping)
    entries = [_entry(record, mapping, document.final_url) for record in records]
    kept = tuple(entry for entry in entries if entry.link or entry.title or entry.summary)
    if records and not kept:
        raise ParseError(
            Outcome.LAYOUT_CHANGED,
            f"{len(records)} records at “{mapping.items}”, but the mapping's fields found neither title nor address in any",
        )
    return Parsed(
        entries=kept,
        next_request=next_request(answer, records, document, mapping),
        skipped=len(entries) - len(kept),
    )


def _answer(text: str, mapping: JsonMapping, max_body: int) -> Json:
    wanted = "XML" if mapping.answer == "xml" else "JSON"
    if mapping.script:
        return load_json(_script(text, mapping.script))
    if looks_like_html(text):
        raise refuse_html(text, wanted)
    if mapping.answer != "xml":
        if text.lstrip("\ufeff \t\r\n")[:1] == "<":
            raise ParseError(Outcome.NOT_A_FEED, "an XML document came instead of JSON")
        return load_json(text)
    return xml_to_json(guard(text, max_body).body)


def _script(text: str, selector: str) -> str:
    """Return the JSON that an HTML page carries in a script element."""
    node = LexborHTMLParser(text).css_first(selector)
    if node is None:
        refusal = refuse_html(text, "a page with data")
        if refusal.outcome is Outcome.CHALLENGE:
            raise refusal
        raise ParseError(Outcome.LAYOUT_CHANGED, f"the page has no element “{selector}” with its data")
    return node.text()


def _records(answer: Json, mapping: JsonMapping) -> list[Json]:
    found = search(mapping.items, answer)
    if mapping.record == "html" and isinstance(found, str):
        found = [found]
    records = as_records(found)
    if records is not None:
        return [record for record in records if record is not None]
    if _counts_nothing(answer):
        return []
    said = _error_text(answer)
    if said:
        raise ParseError(Outcome.LAYOUT_CHANGED, f"the API answered with an error: {said}")
    names = ", ".join(list(answer)[:8]) if isinstance(answer, dict) else type(answer).__name__
    raise ParseError(
        Outcome.LAYOUT_CHANGED, f"no records at “{mapping.items}”; the answer has: {names or 'nothing'}"
    )


def _counts_nothing(answer: Json, depth: int = 3) -> bool:
    """Return whether the answer says that it holds nothing: a member that counts, and counts zero."""
    if not isinstance(answer, dict) or depth == 0:
        return False
    for name, value in answer.items():
        zero = (
            value == 0 and not isinstance(value, bool | float) if not isinstance(value, str) else value == "0"
        )
        if zero and _COUNT.search(name):
            return True
    return any(_counts_nothing(value, depth - 1) for value in answer.values())


def _error_text(answer: Json) -> str | None:
    if not isinstance(answer, dict):
        return None
    for place in _ERROR_PLACES:
        value = answer.get(place)
        if value:
            said = as_text(value) or _first_text(value)
            return " ".join(said.split())[:200] if said else None
    return None


def _first_text(value: Json) -> str | None:
    """Return the first text anywhere in ``value``, for error bodies of any shape."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((text for text in (as_text(part) or _first_text(part) for part in inside) if text), None)


def _entry(record: Json, mapping: JsonMapping, address: str) -> Entry:
    find = html_finder(record) if mapping.record == "html" else object_finder(record)
    found = {name: find(path) for name, path in mapping.fields.items()}
    texts = {name: text.strip() for name, value in found.items() if (text := as_text(value))}
    title, summary = texts.get("title", ""), texts.get("summary", "")
    return Entry(
        raw_id=texts.get("id"),
        link=_link(texts, record, mapping, address),
        title=title,
        summary=summary,
        title_is_html=has_markup(title),
        summary_is_html=has_markup(summary),
        published=_date(texts, "published"),
        updated=_date(texts, "updated"),
        author=", ".join(as_texts(found.get("author"))) or None,
        language=texts.get("language"),
        categories=as_texts(found.get("category")),
        document_number=texts.get("document_number"),
        document_type=texts.get("document_type"),
        jurisdiction=texts.get("jurisdiction"),
        dates=_dates(find, mapping.dates),
    )


def _date(texts: Mapping[str, str], name: str) -> RawDate | None:
    return RawDate(texts[name]) if name in texts else None


def _dates(find: Finder, paths: Mapping[Role, str]) -> tuple[tuple[Role, str], ...]:
    return tuple((role, text.strip()) for role, path in paths.items() if (text := as_text(find(path))))


def _link(texts: Mapping[str, str], record: Json, mapping: JsonMapping, address: str) -> str | None:
    written = texts.get("url") or _templated(texts, record, mapping.url_template)
    if written is None:
        return None
    try:
        return urljoin(address, written)
    except ValueError:
        return None


def _templated(texts: Mapping[str, str], record: Json, template: str | None) -> str | None:
    """Return the template with each ``{name}`` filled from the fields, else from the record; None if one is missing."""
    if template is None:
        return None
    values = {name: texts.get(name) or as_text(_member(record, name)) for name in _SLOT.findall(template)}
    if not all(values.values()):
        return None
    return _SLOT.sub(lambda slot: quote(str(values[slot[1]]), safe="/:"), template)


def _member(record: Json, name: str) -> Json:
    return record.get(name) if isinstance(record, dict) else None
