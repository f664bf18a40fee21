"""How answers become entries: the mappings of APIs and pages in feeds.yaml, as they are checked."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.catalogue.values import Charset, JmesPath, Line, Pattern, Selector, slug_of
from alerts.domain.vocabulary import Role


class Strict(BaseModel):
    """No unknown keys, no text for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


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
    several: bool = Field(
        default=False, description="true: each link of a row that 'link' selects is an item of its own."
    )
    empty: Pattern | None = Field(
        None, description="Words by which the page says that its list is empty just now, such as 暂无数据."
    )
    next: Selector | None = Field(None, description="CSS selector of the link to the next page of the list.")
    pages: int = Field(
        1,
        ge=1,
        le=50,
        description="Pages of a list read in one poll at most, by 'next' or {page} in the address.",
    )
    first_page: int = Field(1, ge=0, le=1_000_000, description="Number of the first page for {page}.")
    ignore: list[Pattern] = Field(
        [], description="Parts of a watched page that change without meaning, such as counters."
    )
    min_change: int = Field(
        1, ge=1, le=1_000, description="A watched page counts as changed from this many words on."
    )


class DetailModel(Strict):
    """What is taken from the own page of each new item."""

    text: Selector | None = Field(
        None, description="CSS selector of the text; default: the page's main text."
    )
    title: Selector | None = Field(None, description="CSS selector of the title; default: that of the list.")
    date: Selector | None = Field(None, description="CSS selector of the date; default: that of the list.")
    date_pattern: Pattern | None = Field(None, description="Regular expression that finds the date in it.")
    charset: Charset | None = Field(None, description="Character set, where the page names a wrong one.")
    most: int = Field(10, ge=1, le=50, description="Pages asked for in one poll at most.")
