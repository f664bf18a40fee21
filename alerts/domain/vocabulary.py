"""The closed sets of words of the service, one slug per thing.

Slugs are the stored values, the words of ``feeds.yaml`` and of the API; their English and
Chinese display names are in :mod:`alerts.domain.names`. The order of ``Event`` is the order in
which an event is chosen (the first that fits), the order of ``Severity`` is its rank.
"""

from enum import IntEnum, StrEnum


class FeedType(StrEnum):
    """How a source is read."""

    FEED = "feed"  # RSS, RDF, Atom, JSON Feed
    JSON = "json"  # an API: JSON, or XML with records
    PAGE = "page"  # an HTML page


class Carries(StrEnum):
    """What a source publishes, as its admin knows it: a prior for the classifier."""

    LEGAL_RULE = "legal-rule"
    RISK_WARNING = "risk-warning"
    BOTH = "both"


class Trust(StrEnum):
    """Who stands behind a source."""

    OFFICIAL = "official"
    PARTNER = "partner"
    PRESS = "press"


class Kind(StrEnum):
    """What an item is; exactly one."""

    LEGAL_RULE = "legal-rule"
    RISK_WARNING = "risk-warning"
    INFORMATION = "information"


class Right(StrEnum):
    """Rights that an item is about; any number."""

    PATENT = "patent"
    UTILITY_MODEL = "utility-model"
    DESIGN = "design"
    TRADEMARK = "trademark"
    GEOGRAPHICAL_INDICATION = "geographical-indication"
    COPYRIGHT = "copyright"
    TRADE_SECRET = "trade-secret"  # noqa: S105 - a right, not a password
    PLANT_VARIETY = "plant-variety"
    LAYOUT_DESIGN = "layout-design"
    DOMAIN_NAME = "domain-name"


class Event(StrEnum):
    """What happened; one, the first that fits from the top."""

    FRAUD = "fraud"
    EXCLUSION = "exclusion"
    INVESTIGATION = "investigation"
    CUSTOMS = "customs"
    LITIGATION = "litigation"
    DECISION = "decision"
    SQUATTING = "squatting"
    WATCH_LIST = "watch-list"
    TRADE_MEASURE = "trade-measure"
    STANDARDS = "standards"
    LEGISLATION = "legislation"
    RULE = "rule"
    CONSULTATION = "consultation"
    GUIDANCE = "guidance"
    FEES = "fees"
    OFFICE_NOTICE = "office-notice"
    ENFORCEMENT = "enforcement"
    OTHER = "other"


class Severity(StrEnum):
    """How soon a company that exports there must act; compare with :func:`severity_rank`."""

    CRITICAL = "critical"
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


def severity_rank(severity: Severity) -> int:
    """Return 3 for critical down to 0 for low."""
    return 3 - list(Severity).index(severity)


class Role(StrEnum):
    """What a dated obligation of an item asks for or brings."""

    COMMENTS_CLOSE = "comments-close"
    OPPOSITION_ENDS = "opposition-ends"
    RESPONSE_DUE = "response-due"
    HEARING = "hearing"
    IN_FORCE = "in-force"
    APPLIES_FROM = "applies-from"
    FEES_CHANGE = "fees-change"
    DEADLINE_EXTENDED_TO = "deadline-extended-to"
    TERM_ENDS = "term-ends"


class DateOrigin(StrEnum):
    """Where a date of an item comes from, and so how far it can be trusted."""

    SOURCE = "source"  # the source's own field, with its zone
    ZONE_INFERRED = "zone-inferred"  # no zone given: the feed's zone was taken
    ADDRESS = "address"  # read from the item's address
    TEXT = "text"  # read from text beside the item
    FIRST_SEEN = "first-seen"  # the source says nothing


class Rhythm(StrEnum):
    """How often an endpoint is told."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    WORKING_DAYS = "working-days"


class Weekday(IntEnum):
    """ISO weekdays."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


class Language(StrEnum):
    """Languages the service speaks to people (items may be in any language)."""

    ENGLISH = "en"
    CHINESE = "zh-Hans"


class ChannelKind(StrEnum):
    """How an endpoint is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"  # a company's own program
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"  # and Lark
    SLACK = "slack"
    TEAMS = "teams"


class IdentityPolicy(StrEnum):
    """What an entry's key is made of; a feed only ever moves down this list (sticky)."""

    GUID = "guid"
    LINK = "link"
    LINK_DATE = "link+date"
    CONTENT = "content"  # guid, link, title, date and text together: the guid names something larger


class Pace(StrEnum):
    """How soon a source's news must be seen; the bounds are in ``alerts.domain.pace``."""

    URGENT = "urgent"  # within an hour, also in the hours and on the days that the feed leaves out
    PROMPT = "prompt"  # within six hours, asked every quarter of an hour where it is busy
    STEADY = "steady"  # within six hours
    ARCHIVE = "archive"  # within a day


class Outcome(StrEnum):
    """How a poll ended. The good ones are ``OK``, ``UNCHANGED`` and ``NOT_MODIFIED``."""

    OK = "ok"  # read; its items are stored
    NOT_MODIFIED = "not-modified"  # 304
    UNCHANGED = "unchanged"  # 200 with the bytes of last time
    HTTP_ERROR = "http-error"
    GONE = "gone"  # 410
    THROTTLED = "throttled"  # 429, or 503 with Retry-After
    TIMEOUT = "timeout"
    CONNECTION = "connection"  # name, route, TLS, reset
    TOO_LARGE = "too-large"
    DENIED_ADDRESS = "denied-address"  # the address guard refused
    ROBOTS = "robots"  # robots.txt refuses this page
    HOSTILE = "hostile"  # refused before parsing: entities, depth, attributes
    EMPTY = "empty"  # 200 without a body
    NOT_A_FEED = "not-a-feed"  # HTML or something else where a feed was expected
    CHALLENGE = "challenge"  # a bot check or a login page
    LAYOUT_CHANGED = "layout-changed"  # a page or API without the rows its mapping names
    PARSE_ERROR = "parse-error"
    INTERNAL = "internal"  # our own fault; the log has the cause


GOOD_OUTCOMES = frozenset({Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED})


class ValidatorMode(StrEnum):
    """Which validators a server honours; some answer in full when they get both."""

    BOTH = "both"
    LAST_MODIFIED = "last-modified"
    ETAG = "etag"
    IGNORED = "ignored"  # none made a difference; both are sent all the same


class Health(StrEnum):
    """What an operator and a digest say of a source."""

    HEALTHY = "healthy"
    NEW = "new"  # not yet polled
    SILENT = "silent"  # readable, but nothing new against its own rhythm
    FAILING = "failing"  # the last polls failed, but not for long
    DARK = "dark"  # nothing could be read for a day or longer
    DISABLED = "disabled"


WORST_FIRST = (Health.DARK, Health.FAILING, Health.SILENT, Health.NEW, Health.HEALTHY, Health.DISABLED)


class DeliveryState(StrEnum):
    """Where a delivery stands. ``UNCERTAIN``: perhaps taken by the server; sent again under the same key."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


# From these an operator may let a delivery go out again.
MAY_GO_AGAIN = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.UNCERTAIN)


class ContactStatus(StrEnum):
    """Whether a contact may be told anything."""

    PENDING = "pending"  # has not confirmed
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class Change(StrEnum):
    """What a change of a notice amounts to; a cosmetic one is told to nobody."""

    COSMETIC = "cosmetic"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    DATE_MOVED = "date-moved"
