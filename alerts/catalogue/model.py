"""The shape of feeds.yaml. Descriptions and defaults here become the JSON Schema and the editor's help.

Rules that look at several keys at once are in :mod:`alerts.catalogue.rules`, so that one run reports
the faults of both kinds.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.config import JsonDict

from alerts.catalogue.mappings import DetailModel, JsonModel, PageModel, Strict
from alerts.catalogue.secrets import SecretRef, reference
from alerts.catalogue.values import (
    Approvals,
    FeedId,
    Interval,
    Jurisdiction,
    LanguageTag,
    Line,
    LookBack,
    Patience,
    Pattern,
    Reviewed,
    Size,
    Timeout,
    Url,
    Zone,
    refuse,
    slug_of,
)
from alerts.domain.vocabulary import Carries, FeedType, Pace, Right, Severity, Trust


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
    review: Reviewed = Field(
        frozenset(),
        description="What an editor must see before anybody is told: required (everything), never, or severities such as [critical, high].",
        json_schema_extra={"default": "never"},
    )
    approvals: dict[Annotated[Severity, *slug_of(Severity, "severity")], Approvals] = Field(
        {}, description="How many editors must agree, by severity; one where nothing is said."
    )
    release_after: Patience | None = Field(
        None,
        description="How long an item waits for an editor before it goes out marked as not reviewed; 1m to 30d. Without it, it waits.",
    )


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
    detail: DetailModel | None = Field(
        None, description="Ask for the own page of each new item too, and take its text and date."
    )


class CatalogueModel(Strict):
    """Sources of legal rules and risk warnings on intellectual property."""

    version: Version = Field(description="Version of this format.")
    defaults: Inherited = Field(
        Inherited(), description="Settings for every feed that does not say otherwise."
    )
    feeds: list[FeedModel] = Field(description="The sources.")
