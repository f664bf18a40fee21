"""Rules that look at several keys of one feed at once.

They run on the plain data, whether or not the shape is right, so that one run reports every fault; a
value of the wrong type is passed over here, since the shape already says so.
"""

import re
from collections.abc import Iterator
from typing import Any

from alerts.catalogue.diagnostics import Finding, Path, nearest
from alerts.catalogue.expressions import fragment_fault, jmespath_fault
from alerts.catalogue.reach import reach_findings
from alerts.catalogue.secrets import header_fault, looks_secret
from alerts.catalogue.values import SLOT
from alerts.domain.feeds import ENTRY_FIELDS

Mapping = dict[str, Any]
_SHORT = re.compile(r"([0-9]+)(s|m)")
_LIST_ONLY = (
    "rows",
    "link",
    "link_pattern",
    "title",
    "title_attribute",
    "date",
    "summary",
    "several",
    "empty",
    "next",
    "pages",
)
_WHOLE_ONLY = ("ignore", "min_change")


def feed_findings(feed: Mapping, path: Path) -> Iterator[Finding]:
    """Yield what is wrong between the keys of one feed."""
    yield from _types(feed, path)
    yield from reach_findings(feed, path)
    yield from _headers(feed.get("headers"), (*path, "headers"))
    yield from _interval(feed, path)
    yield from _push(feed, path)
    if isinstance(feed.get("json"), dict):
        yield from _api(feed["json"], (*path, "json"))
    if isinstance(feed.get("page"), dict):
        yield from _page(feed["page"], (*path, "page"))
    yield from _pages(feed, path)
    yield from _detail(feed, path)


def defaults_findings(defaults: Mapping, path: Path) -> Iterator[Finding]:
    """Yield what is wrong between the keys of the defaults."""
    yield from _headers(defaults.get("headers"), (*path, "headers"))
    yield from _interval(defaults, path)


def _types(feed: Mapping, path: Path) -> Iterator[Finding]:
    kind = feed.get("type", "feed")
    for needed in ("json", "page"):
        if kind == needed and needed not in feed:
            yield Finding((*path, "type"), "mapping", f"A feed of type {needed} needs a {needed!r} mapping.")
        if kind != needed and needed in feed and kind in ("feed", "json", "page"):
            text = f"{needed!r} belongs to feeds of type {needed}, this is a {kind}."
            yield Finding((*path, needed), "mapping", text, on_key=True)


def _headers(headers: object, path: Path) -> Iterator[Finding]:
    if not isinstance(headers, dict):
        return
    seen: set[str] = set()
    for name, value in headers.items():
        fault = header_fault(name) or ("This header stands twice." if name.casefold() in seen else None)
        seen.add(name.casefold())
        if fault:
            yield Finding((*path, name), "bad-header", fault, on_key=True)
        elif looks_secret(name) and isinstance(value, str):
            text = (
                f"{name} looks like a secret; keep it out of the file with {{file: name}} or {{env: NAME}}."
            )
            yield Finding((*path, name), "literal-secret", text, severity="warning")


def _interval(feed: Mapping, path: Path) -> Iterator[Finding]:
    found = _SHORT.fullmatch(feed["interval"]) if isinstance(feed.get("interval"), str) else None
    seconds = int(found[1]) * (60 if found[2] == "m" else 1) if found and len(found[1]) < 7 else 300
    if 60 <= seconds < 300:
        text = "Most publishers ask for patience: less than 5m may get this service shut out."
        yield Finding((*path, "interval"), "short-interval", text, severity="warning")


def _push(feed: Mapping, path: Path) -> Iterator[Finding]:
    if feed.get("websub_sha1") is True and feed.get("websub") is not True:
        text = "This says how pushes are sealed; it needs 'websub: true'."
        yield Finding((*path, "websub_sha1"), "mapping", text, on_key=True)
    url = feed.get("url")
    if feed.get("websub") is True and isinstance(url, str) and "{" in url:
        text = "An address that changes with the day cannot be pushed; leave 'websub' out."
        yield Finding((*path, "websub"), "mapping", text, on_key=True)


def _api(api: Mapping, path: Path) -> Iterator[Finding]:
    fields = api.get("fields")
    if isinstance(fields, dict):
        yield from _fields(fields, api.get("record", "object") == "html", (*path, "fields"))
        yield from _addresses(api, fields, path)
    if "body" in api and api.get("method", "GET") != "POST":
        yield Finding((*path, "body"), "mapping", "A body needs 'method: POST'.", on_key=True)
    if "script" in api and api.get("answer") == "xml":
        yield Finding(
            (*path, "script"),
            "mapping",
            "'script' holds JSON; it does not go with 'answer: xml'.",
            on_key=True,
        )
    if isinstance(api.get("paging"), dict):
        yield from _paging(api["paging"], (*path, "paging"))


def _fields(fields: Mapping, html: bool, path: Path) -> Iterator[Finding]:
    for name, expression in fields.items():
        if name not in ENTRY_FIELDS:
            text = f"{name!r} is no field of an entry.{nearest(name, ENTRY_FIELDS)}"
            yield Finding((*path, name), "unknown-key", text, on_key=True)
        if isinstance(expression, str):
            fault = fragment_fault(expression) if html else jmespath_fault(expression)
            if fault:
                yield Finding((*path, name), "bad-selector" if html else "bad-path", fault)


def _addresses(api: Mapping, fields: Mapping, path: Path) -> Iterator[Finding]:
    if "title" not in fields:
        yield Finding((*path, "fields"), "mapping", "'fields' needs a 'title'.", on_key=True)
    template = api.get("url_template")
    if template is None:
        if "url" not in fields:
            text = "'fields' needs a 'url', or 'url_template' beside it."
            yield Finding((*path, "fields"), "mapping", text, on_key=True)
        return
    words = SLOT.findall(template) if isinstance(template, str) else []
    for word in words:
        if word not in fields:
            yield Finding(
                (*path, "url_template"), "mapping", f"There is no field {word!r} to fill {{{word}}}."
            )
    if isinstance(template, str) and not (words and re.match(r"https?://[^{}]+/", template)):
        text = "The template is an http or https address with at least one {field}."
        yield Finding((*path, "url_template"), "mapping", text)


def _paging(paging: Mapping, path: Path) -> Iterator[Finding]:
    style = paging.get("style")
    needs = {"next": ("path",), "page": ("param",), "offset": ("param", "size"), "cursor": ("path", "param")}
    for key in needs.get(style, ()) if isinstance(style, str) else ():
        if key not in paging:
            yield Finding((*path, "style"), "mapping", f"Paging of style {style} needs {key!r}.")


def _page(page: Mapping, path: Path) -> Iterator[Finding]:
    if page.get("mode", "list") == "whole":
        for key in _LIST_ONLY:
            if key in page:
                yield Finding(
                    (*path, key), "mapping", f"{key!r} belongs to lists, this page is whole.", on_key=True
                )
        return
    for key in _WHOLE_ONLY:
        if key in page:
            text = f"{key!r} belongs to pages that are watched as a whole, this one is a list."
            yield Finding((*path, key), "mapping", text, on_key=True)
    if page.get("several") is True and "link_pattern" in page:
        text = "With 'link_pattern' every link is an item anyhow; 'several' goes with 'rows'."
        yield Finding((*path, "several"), "mapping", text, on_key=True)
    if ("rows" in page) == ("link_pattern" in page):
        yield Finding(path, "mapping", "A list needs either 'rows' or 'link_pattern'.", on_key=True)
    elif "link_pattern" in page and "link" in page:
        text = "'link' is looked for inside rows, but this list has 'link_pattern'."
        yield Finding((*path, "link"), "mapping", text, on_key=True)
    yield from _page_dates(page, path)


def _pages(feed: Mapping, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with how further pages of a list are found."""
    url, page = feed.get("url"), feed.get("page")
    counted = isinstance(url, str) and "{page}" in url
    if counted and not isinstance(page, dict):
        text = "{page} counts the pages of an HTML list; an API counts them by 'paging'."
        yield Finding((*path, "url"), "bad-url", text)
    if not isinstance(page, dict):
        return
    several = isinstance(page.get("pages"), int) and page["pages"] > 1
    if several and not counted and "next" not in page:
        text = "Further pages are found by 'next' or by {page} in 'url'."
        yield Finding((*path, "page", "pages"), "mapping", text)
    if "next" in page and not several:
        yield Finding((*path, "page", "next"), "mapping", "'next' needs 'pages', 2 or more.", on_key=True)
    if counted and "next" in page:
        text = "Either 'next' or {page} in 'url' leads to the next page, not both."
        yield Finding((*path, "page", "next"), "mapping", text, on_key=True)
    if "first_page" in page and not counted:
        text = "'first_page' is the first value of {page}, which 'url' does not hold."
        yield Finding((*path, "page", "first_page"), "mapping", text, on_key=True)


def _detail(feed: Mapping, path: Path) -> Iterator[Finding]:
    page, detail = feed.get("page"), feed.get("detail")
    if not isinstance(detail, dict):
        return
    if isinstance(page, dict) and page.get("mode") == "whole":
        text = "A page that is watched as a whole has no further pages of its items."
        yield Finding((*path, "detail"), "mapping", text, on_key=True)
    if "date_pattern" in detail and "date" not in detail:
        text = "'date_pattern' is looked for in the text of 'date', which is missing."
        yield Finding((*path, "detail", "date_pattern"), "mapping", text, on_key=True)


def _page_dates(page: Mapping, path: Path) -> Iterator[Finding]:
    if page.get("date_from", "row") != "url":
        return
    pattern = page.get("date_pattern")
    if pattern is None:
        yield Finding((*path, "date_from"), "mapping", "Dates in addresses need a 'date_pattern'.")
    elif isinstance(pattern, str) and not all(f"(?P<{group}>" in pattern for group in ("year", "month")):
        text = "The pattern needs named groups: (?P<year>…), (?P<month>…) and, if there is one, (?P<day>…)."
        yield Finding((*path, "date_pattern"), "mapping", text)
