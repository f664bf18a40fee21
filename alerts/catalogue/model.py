"""The shape of feeds.yaml. Descriptions and defaults here become the JSON Schema and the editor's help.

Rules that look at several keys at once are in :mod:`alerts.catalogue.rules`, so that one run reports
the faults of both kinds.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from alerts.catalogue.secrets import SecretRef, reference
from alerts.catalogue.values import (
    Charset,
    FeedId,
    Interval,
    JmesPath,
    Jurisdiction,
    LanguageTag,
    Line,
    LookBack,
    Pattern,
    Selector,
    Size,
    Timeout,
    Url,
    Zone,
    refuse,
    slug_of,
)
from alerts.domain.vocabulary import Carries, FeedType, Pace, Right, Role, Trust


class Strict(BaseModel):
    """No unknown keys, no text for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


def _header_value(value: object) -> SecretRef | str:
    if isinstance(value, str):
        if not value.isprintable() or len(value) > 1_000 or not value.isascii():
            raise refuse("bad-header", "A header value is one line of printable ASCII.")
        return value
    found = reference(value)
    if isinstance(found, str):
        raise refuse("bad-secret", found)
    return found


_SECRET_NAME = {"type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$"}
HeaderValue = Annotated[
    SecretRef | str,
    BeforeValidator(_header_value),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string"},
                {"type": "object", "properties": {"file": _SECRET_NAME}, "required": ["file"], "additionalProperties": False},
                {"type": "object", "properties": {"env": _SECRET_NAME}, "required": ["env"], "additionalProperties": False},
            ]
        }
    ),
]  # fmt: skip
Headers = dict[str, HeaderValue]


def _version(value: object) -> int:
    if type(value) is not int or value != 1:  # true equals 1
        raise refuse("bad-value", f"This program reads version 1, not {value!r:.60}.")
    return value


Version = Annotated[int, BeforeValidator(_version), WithJsonSchema({"const": 1})]
# Defaults as an admin writes them, for the schema.
_SHOWN: dict[str, JsonDict] = {text: {"default": text} for text in ("60m", "60s", "7d", "10MiB")}
DateOrder = Literal["DMY", "MDY", "YMD"]


class NameModel(Strict):
    """What people call the source."""

    en: Line = Field(description="Name in English.")
    zh_hans: Line | None = Field(
        None, alias="zh-Hans", description="Name in Simplified Chinese; default: the English one."
    )


class FilterModel(Strict):
    """Which entries of a broad source are kept: regular expressions on title and summary, case ignored."""

    include: list[Pattern] = Field([], description="Kept only if one of these matches; empty keeps all.")
    exclude: list[Pattern] = Field([], description="Dropped if one of these matches.")


class PagingModel(Strict):
    """How an API hands out more than one page."""

    style: Literal["next", "page", "offset", "cursor"] = Field(
        description="next: the address of the next page is at 'path'. page, offset: 'param' counts pages or items. "
        "cursor: the value at 'path' goes into 'param'."
    )
    path: JmesPath | None = Field(None, description="JMESPath to the next address or to the cursor.")
    param: Line | None = Field(None, description="Query parameter that counts or holds the cursor.")
    start: int = Field(1, ge=0, description="Number of the first page or item.")
    size: int | None = Field(None, ge=1, le=10_000, description="Items on a page; needed by 'offset'.")
    max_pages: int = Field(5, ge=1, le=100, description="Pages read in one poll at most.")


class JsonModel(Strict):
    """How an API answer becomes entries."""

    items: JmesPath = Field(
        description="JMESPath to the list of records; a single record counts as a list of one."
    )
    fields: dict[str, Line] = Field(
        description="Entry field to JMESPath inside a record (with 'record: html': CSS selector with optional "
        "@attribute). 'title' is required, and 'url' unless 'url_template' is given."
    )
    dates: dict[Annotated[Role, *slug_of(Role, "role of a date")], JmesPath] = Field(
        default_factory=dict, description="Role of a dated obligation to the JMESPath of its date."
    )
    answer: Literal["json", "xml"] = Field(
        "json", description="What the source sends. XML is read as nested mappings."
    )
    script: Selector | None = Field(
        None,
        description="CSS selector of the script element that holds the JSON, when the source sends an HTML page.",
    )
    record: Literal["object", "html"] = Field("object", description="html: each record is an HTML fragment.")
    url_template: Line | None = Field(None, description="Builds the address of an entry from {field}.")
    method: Literal["GET", "POST"] = Field("GET", description="HTTP method of the request.")
    body: str | None = Field(None, max_length=20_000, description="Body of a POST request.")
    paging: PagingModel | None = Field(None, description="How further pages are found; none: one page.")


class PageModel(Strict):
    """How an HTML page becomes entries."""

    mode: Literal["list", "whole"] = Field(
        "list", description="list: rows of links. whole: the page is one entry."
    )
    rows: Selector | None = Field(None, description="CSS selector of the rows of a list.")
    link: Selector | None = Field(
        None, description="CSS selector of the link inside a row; default: the first link."
    )
    link_pattern: Pattern | None = Field(
        None,
        description="Instead of rows: regular expression over resolved addresses, also those in script and data blocks.",
    )
    title: Selector | None = Field(
        None, description="CSS selector of the title inside a row; default: the link's text."
    )
    title_attribute: Line | None = Field(
        None, description="Attribute of the link that holds the whole title."
    )
    min_title: int = Field(4, ge=1, le=100, description="Links with a shorter title are navigation.")
    exclude_title: list[Pattern] = Field([], description="Titles that are navigation.")
    date: Selector | None = Field(
        None, description="CSS selector of the date inside a row; default: the row's text."
    )
    date_from: Literal["row", "url", "none"] = Field("row", description="Where the date of an entry is read.")
    date_pattern: Pattern | None = Field(
        None, description="Regular expression that finds the date; for 'url' with groups year, month and day."
    )
    summary: Selector | None = Field(None, description="CSS selector of a text inside a row.")
    region: Selector | None = Field(
        None, description="CSS selector of the part of the page that counts; default: all."
    )
    charset: Charset | None = Field(None, description="Character set, where the page names a wrong one.")
    min_rows: int = Field(1, ge=0, le=1_000, description="Fewer rows mean that the layout has changed.")


class Inherited(Strict):
    """Settings that 'defaults' may give for every feed of the file."""

    carries: Annotated[Carries, *slug_of(Carries, "kind of content")] = Field(
        Carries.BOTH, description="What the source publishes, as far as its admin knows."
    )
    rights: list[Annotated[Right, *slug_of(Right, "right")]] = Field(
        [], description="Rights that the source is about; empty: any."
    )
    language: LanguageTag | None = Field(
        None, description="BCP 47 language of the items, if it is always the same."
    )
    trust: Annotated[Trust, *slug_of(Trust, "degree of trust")] = Field(
        Trust.OFFICIAL, description="Who stands behind the source."
    )
    interval: Interval = Field(
        timedelta(minutes=60),
        description="How often the source is asked; 1m to 30d. Without it the source's own rhythm decides.",
        json_schema_extra=_SHOWN["60m"],
    )
    pace: Annotated[Pace, *slug_of(Pace, "pace")] | None = Field(
        None,
        description="How soon its news must be seen, where no interval is written: urgent (5m to 1h; skipHours do not count), prompt (15m to 6h), steady (1h to 6h), archive (1h to 24h).",
    )
    timeout: Timeout = Field(
        timedelta(seconds=60),
        description="How long one request may take; 1s to 10m.",
        json_schema_extra=_SHOWN["60s"],
    )
    look_back: LookBack = Field(
        timedelta(days=7),
        description="How old an item may be at the very first poll to be told still; older ones are only kept.",
        json_schema_extra=_SHOWN["7d"],
    )
    max_bytes: Size = Field(
        10 * 1024**2, description="Largest answer, 1KiB to 256MiB.", json_schema_extra=_SHOWN["10MiB"]
    )
    timezone: Zone = Field("UTC", description="IANA time zone of dates that carry none.")
    date_order: DateOrder | None = Field(
        None,
        description="Order of day, month and year in dates made of numbers; without it 11/12/2026 is refused.",
    )
    topical: bool = Field(
        default=True, description="false: a general source; an item must show what it has to do with IP."
    )
    headers: Headers = Field(
        {}, description="Extra request headers; a secret is {file: name} or {env: NAME}."
    )
    user_agent: Line | None = Field(None, description="User-Agent, where the source insists on one.")
    robots: bool | None = Field(
        None, description="Honour robots.txt; default: for pages yes, for feeds and APIs no."
    )
    review: bool = Field(default=False, description="Hold new items until an editor releases them.")


class FeedModel(Inherited):
    """One source."""

    id: FeedId = Field(description="Stable key; another id is another feed.")
    name: NameModel = Field(description="What people call the source, by language.")
    type: Annotated[FeedType, *slug_of(FeedType, "type of feed")] = Field(
        FeedType.FEED, description="feed: RSS, RDF, Atom, JSON Feed. json: an API. page: an HTML page."
    )
    url: Url = Field(
        description="Address that is polled; {year}, {month}, {day} and {since:%Y-%m-%d} are filled in."
    )
    jurisdiction: Jurisdiction = Field(
        description="WIPO ST.3 code, such as US, CN, EP (EPO, UPC), EM (EU), WO (WIPO)."
    )
    publisher: Line | None = Field(None, description="Who publishes, where the name is of the feed.")
    filter: FilterModel = Field(FilterModel(), description="Which entries are kept.")
    allow_private_networks: bool = Field(
        default=False, description="Allow addresses of private networks for this feed."
    )
    enabled: bool = Field(default=True, description="false: kept in the file, not polled.")
    websub: bool = Field(
        default=False,
        description="true: let the hub that the source names tell of news (WebSub); needs ALERTS_PUBLIC_URL.",
    )
    websub_sha1: bool = Field(
        default=False, description="true: believe a hub that seals with SHA-1 only, as old ones do."
    )
    mapping_json: JsonModel | None = Field(
        None, alias="json", description="Mapping of an API; needed by 'type: json'."
    )
    page: PageModel | None = Field(None, description="Mapping of a page; needed by 'type: page'.")


class CatalogueModel(Strict):
    """Sources of legal rules and risk warnings on intellectual property."""

    version: Version = Field(description="Version of this format.")
    defaults: Inherited = Field(
        Inherited(), description="Settings for every feed that does not say otherwise."
    )
    feeds: list[FeedModel] = Field(description="The sources.")
