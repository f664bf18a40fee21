"""What an item is filtered by, as tokens that stand beside those of its text (:mod:`alerts.domain.search`).

Each day, month and year is a token, so that a span of dates is a handful of alternatives and every filter, alone or with
others, is one look into the same index.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from alerts.domain.identifiers import identifier_key, spellings
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.search import folded

RELEVANT, IRRELEVANT = "v=yes", "v=no"
NEVER = "d=never"  # what no item has: a span that ends before it begins holds nothing, not everything
FIRST_YEAR, LAST_YEAR = 1970, 2049  # what a source dates outside is filed under its end


def facets(stored: StoredItem) -> list[str]:
    """Return the tokens that an item is filtered by."""
    judged, item = stored.judgement, stored.item
    told = [
        RELEVANT if judged.relevant else IRRELEVANT,
        f"k={judged.kind}",
        f"e={judged.event}",
        f"s={judged.severity}",
    ]
    told += [f"r={right}" for right in judged.rights]
    told += [f"j={code.lower()}" for code in stored.jurisdictions]
    told += [_feed(stored.feed_id), *([publisher_token(item.publisher)] if item.publisher else [])]
    told += _day_tokens(_filed(shown_day(stored)))
    told += [f"o={day:%Y%m}" for day in {obligation.date for obligation in judged.obligations}]
    told += [f"i={key}" for identifier in judged.identifiers for key in _keys(identifier)]
    return list(dict.fromkeys(told))


def shown_day(stored: StoredItem) -> date:
    """Return the day (UTC) under which an item is filed: that of its publication, else when it was first seen."""
    published = stored.item.published
    return published.day if published else stored.first_seen_at.date()


def asked(query: ItemQuery) -> list[list[str]]:
    """Return the alternatives of each wish of a query; an item must have one token of every list."""
    lists = [
        [f"k={kind}" for kind in query.kinds],
        [f"r={right}" for right in query.rights],
        [f"e={event}" for event in query.events],
        [f"s={severity}" for severity in query.severities],
        [f"j={code.lower()}" for code in query.jurisdictions],
        [_feed(feed) for feed in query.feeds] + [publisher_token(name) for name in query.publishers],
        (list(_months(*query.obliged)) or [NEVER]) if query.obliged else [],
        [RELEVANT] if query.relevant_only and not query.irrelevant_only else [],
        [IRRELEVANT] if query.irrelevant_only else [],
        (list(span(query.since, query.until)) or [NEVER]) if query.since or query.until else [],
    ]
    return [alternatives for alternatives in lists if alternatives]


def identifier_tokens(search: str) -> list[str]:
    """Return the tokens of the identifier that a search is; none where it is words."""
    return [f"i={identifier_key(spelling)}" for spelling in spellings(search)]


def span(since: date | None, until: date | None) -> Iterator[str]:
    """Yield the fewest tokens of days, months and years that cover a span of dates, both ends within it."""
    day, last = _filed(since or date(FIRST_YEAR, 1, 1)), _filed(until or date(LAST_YEAR, 12, 31))
    while day <= last:
        year_end, month_end = date(day.year, 12, 31), _month_end(day)
        if day.month == day.day == 1 and year_end <= last:
            yield f"y={day.year}"
            step = year_end
        elif day.day == 1 and month_end <= last:
            yield f"m={day:%Y%m}"
            step = month_end
        else:
            yield f"d={day:%Y%m%d}"
            step = day
        day = step + timedelta(days=1)


@lru_cache(maxsize=10_000)  # every source's name is compared with each wish
def publisher_token(name: str) -> str:
    """Return what two spellings of a publisher's name share."""
    return "p=" + "".join(letter for letter in folded(name) if letter.isalnum())[:80]


def _feed(feed_id: str) -> str:
    return f"f={feed_id.lower()}"


def _keys(identifier: str) -> Iterator[str]:
    """Yield the keys of an identifier: whole, and without the kind before its number."""
    words = identifier.split(" ")
    yield from (identifier_key(" ".join(words[start:])) for start in range(len(words)))


def _filed(day: date) -> date:
    return min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))


def _day_tokens(day: date) -> Sequence[str]:
    return (f"y={day.year}", f"m={day:%Y%m}", f"d={day:%Y%m%d}")


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months(first: date, last: date) -> Iterator[str]:
    month = first.replace(day=1)
    while month <= last:
        yield f"o={month:%Y%m}"
        month = _month_end(month) + timedelta(days=1)
