"""What ``feeds.yaml`` says about one source, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from alerts.domain.review import NO_REVIEW, Review
from alerts.domain.vocabulary import Carries, FeedType, Language, Pace, Right, Role, Trust

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which entries of a broad source are kept; regular expressions, case ignored, on title and summary.

    An entry is kept when any ``include`` matches (or there is none) and no ``exclude`` does.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paging:
    """How an API hands out more than one page.

    ``style`` is ``next`` (a link at ``path``), ``page`` (``param`` counts pages from ``start``),
    ``offset`` (``param`` counts items by ``size``) or ``cursor`` (the value at ``path`` goes into ``param``).
    """

    style: str
    path: str | None = None
    param: str | None = None
    start: int = 1
    size: int | None = None
    max_pages: int = 5


@dataclass(frozen=True, slots=True)
class JsonMapping:
    """How an API answer becomes entries.

    ``items`` is a JMESPath to the list (a single object counts as a list of one). ``fields`` maps
    the names of :data:`ENTRY_FIELDS` to JMESPaths inside one record. ``dates`` maps obligation roles
    to JMESPaths. ``url_template`` builds the address from ``{field}`` where no field holds it.
    With ``answer`` ``xml`` the document is first read as nested mappings (tag → value, attributes as
    ``@name``, text of a mixed element as ``#text``); with ``record`` ``html`` each record is an HTML
    fragment and ``fields`` are CSS selectors with an optional ``@attribute``.
    """

    items: str
    fields: Mapping[str, str]
    dates: Mapping[Role, str] = field(default_factory=dict)
    answer: str = "json"  # json | xml
    record: str = "object"  # object | html
    url_template: str | None = None
    method: str = "GET"
    body: str | None = None
    paging: Paging | None = None
    script: str | None = None  # CSS selector of the script element of an HTML page that holds the JSON


ENTRY_FIELDS = (
    "id", "title", "url", "summary", "published", "updated", "author", "language",
    "document_number", "document_type", "category", "jurisdiction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageMapping:
    """How an HTML page becomes entries.

    ``mode`` ``list``: each element that ``rows`` (CSS) selects is an entry; its link is the first
    ``link`` (CSS, default ``a[href]``) inside it, its title the text of ``title`` (CSS, default the
    link's own text, or its ``title`` attribute with ``title_attribute``), its date what
    ``date_pattern`` (regular expression) finds in the text of ``date`` (CSS, default the row).
    Instead of ``rows``, ``link_pattern`` (regular expression over resolved addresses, also those
    that stand in a script or data block) names the links that are entries. ``date_from`` ``url``
    reads the date from the address with ``date_pattern`` (named groups year, month, day).
    With ``several`` each link of a row that ``link`` selects is an entry of its own. ``empty`` (regular expression)
    are the words by which the page says that its list has no rows just now. Further pages of a list: the link that
    ``next`` (CSS) selects, or ``{page}`` in the address, counted from ``first_page``; ``pages`` are read at most.
    ``mode`` ``whole``: the page is one entry whose text is what ``region`` holds, without what ``ignore`` (regular
    expressions) matches; a change of fewer than ``min_change`` words is none.
    """

    mode: str = "list"  # list | whole
    rows: str | None = None
    link: str | None = None
    link_pattern: str | None = None
    title: str | None = None
    title_attribute: str | None = None
    min_title: int = 4
    exclude_title: tuple[str, ...] = ()
    date: str | None = None
    date_from: str = "row"  # row | url | none
    date_pattern: str | None = None
    summary: str | None = None
    region: str | None = None
    charset: str | None = None
    min_rows: int = 1
    several: bool = False
    empty: str | None = None
    next: str | None = None
    pages: int = 1
    first_page: int = 1
    ignore: tuple[str, ...] = ()
    min_change: int = 1


@dataclass(frozen=True, slots=True)
class DetailMapping:
    """What is taken from the own page of a new item; selectors are CSS.

    ``text`` (default: the page's main text), ``title`` and ``date`` say where; ``date_pattern`` (regular expression) finds the
    date in the text of ``date``. At most ``most`` pages are asked for in one poll.
    """

    text: str | None = None
    title: str | None = None
    date: str | None = None
    date_pattern: str | None = None
    charset: str | None = None
    most: int = 10


@dataclass(frozen=True, slots=True)
class Feed:
    """One configured source. ``id`` is the stable key: another id is another feed."""

    id: str
    name: Mapping[Language, str]
    type: FeedType
    url: str
    jurisdiction: str
    carries: Carries = Carries.BOTH
    rights: tuple[Right, ...] = ()
    language: str | None = None  # BCP 47 language of the items, if the admin knows it
    publisher: str | None = None  # who publishes, where the name is of the feed rather than the body
    trust: Trust = Trust.OFFICIAL
    interval: timedelta = timedelta(minutes=60)
    adaptive: bool = False  # nobody wrote an interval: the feed's own rhythm decides
    pace: Pace | None = None  # how soon its news must be seen; None: by what it carries
    timeout: timedelta = timedelta(seconds=60)
    max_bytes: int = 10 * 1024 * 1024
    timezone: str = "UTC"  # IANA zone for dates that carry none
    date_order: str | None = None  # DMY | MDY | YMD; without it an ambiguous date is refused
    filter: ItemFilter = ItemFilter()
    topical: bool = True  # False: a general source, an item must show what it has to do with IP
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    user_agent: str | None = None
    allow_private_networks: bool = False
    robots: bool | None = None  # None: honoured for pages, not for feeds that an admin chose
    review: Review = NO_REVIEW  # what of it an editor must see first
    enabled: bool = True
    json: JsonMapping | None = None
    page: PageMapping | None = None
    detail: DetailMapping | None = None  # read the own page of each new item too
    look_back: timedelta = timedelta(days=7)  # how old an item may be at the very first poll to be told still
    websub: bool = False  # let the source's hub say when there is something new
    websub_sha1: bool = False  # believe a hub that knows no better seal
