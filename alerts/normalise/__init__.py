"""Entry + feed → item: identity, dates, address, language and clean text.

Pure: the same document, feed, instant and policy give the same items. Nothing an entry holds makes this fail:
what cannot be used (a date, an address) becomes None, and an item always has a title and a key.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from alerts.domain.collected import Detail, Entry, Parsed
from alerts.domain.feeds import Feed
from alerts.domain.identity import content_hash, keys, other_key
from alerts.domain.items import Item
from alerts.domain.jurisdictions import is_jurisdiction, suggest
from alerts.domain.text import clean, cut, one_line
from alerts.domain.vocabulary import IdentityPolicy, Language
from alerts.normalise.calendar import Calendar
from alerts.normalise.links import safe_link
from alerts.normalise.markup import as_plain
from alerts.normalise.memory import LEFT_OUT, Memory
from alerts.normalise.sieve import Sieve
from alerts.normalise.tongue import language_of

SUMMARY_LIMIT = 4000
TEXT_LIMIT = 100_000  # of a watched page
NOTHING_MORE = Detail()
_MEANINGFUL = 200  # characters; a shorter summary gives way to a longer body
_MANY = 20  # categories kept of one entry


@dataclass(frozen=True, slots=True)
class Normalised:
    """The items of a document, and the policy their keys were made under: the caller stores it with the feed."""

    policy: IdentityPolicy
    items: tuple[Item, ...]
    filtered: int  # entries that the feed's own filter left out


class Reading:
    """A document whose items are made only where somebody asks for them.

    ``entries`` are its entries by key; ``hashes`` are of all that the feed keeps.
    """

    def __init__(
        self, parsed: Parsed, feed: Feed, now: datetime, policy: IdentityPolicy, memory: Memory
    ) -> None:
        self.policy, made = keys(parsed.entries, policy)
        distinct = dict(zip(reversed(made), reversed(parsed.entries), strict=True))  # the first of equals
        self.entries = {key: distinct[key] for key in dict.fromkeys(made)}
        self._reader, self._sieve = _Reader(parsed, feed, now), Sieve(feed.filter)
        self._made: dict[str, Item] = {}
        found = {key: self._hash(key, entry, feed.id, memory) for key, entry in self.entries.items()}
        self.hashes = {key: each for key, each in found.items() if each != LEFT_OUT}
        self.filtered = len(found) - len(self.hashes)

    def items(self, wanted: Collection[str]) -> tuple[Item, ...]:
        """Return the items with these keys, in document order."""
        return tuple(self._item(key) for key in self.hashes if key in wanted)

    def _hash(self, key: str, entry: Entry, feed_id: str, memory: Memory) -> str:
        known = memory.recall(feed_id, entry)
        if known is None:
            # The feed's filter looks at what the list says: that alone is seen again at the next poll.
            item = (
                self._item(key)
                if entry.detail is None
                else self._reader.item(replace(entry, detail=None), key)
            )
            known = content_hash(item) if self._sieve.keeps(item.title, item.summary) else LEFT_OUT
            memory.keep(feed_id, entry, known)
        return known

    def _item(self, key: str) -> Item:
        if key not in self._made:
            self._made[key] = self._reader.item(self.entries[key], key)
        return self._made[key]


def normalise(parsed: Parsed, feed: Feed, seen_at: datetime, policy: IdentityPolicy) -> Normalised:
    """Return the items of ``parsed`` in its order, exact duplicates once."""
    reading = Reading(parsed, feed, seen_at, policy, Memory())
    return Normalised(reading.policy, reading.items(reading.hashes), reading.filtered)


class _Reader:
    """Reads the entries of one document."""

    def __init__(self, parsed: Parsed, feed: Feed, seen_at: datetime) -> None:
        self._feed = feed
        self._languages = (feed.language, parsed.language)
        self._calendar = Calendar(feed, seen_at)
        self._watched = feed.page is not None and feed.page.mode == "whole"

    def item(self, entry: Entry, key: str) -> Item:
        """Return the item that ``entry`` becomes."""
        feed = self._feed
        summary = _summary(entry)
        title = one_line(as_plain(entry.title, is_html=entry.title_is_html))
        detail = entry.detail or NOTHING_MORE
        title, summary = one_line(detail.title) or title, _longer(summary, detail.text)
        language = language_of(
            (entry.language, *self._languages, detail.language), f"{title} {summary}", feed.jurisdiction
        )
        url = safe_link(entry.link, feed.url, private=feed.allow_private_networks)
        published = self._calendar.instant(detail.published or entry.published, language)
        named = _named(entry.jurisdiction)
        return Item(
            key=key,
            title=title or _title_without(entry, summary, url) or self._last_resort(entry),
            summary=summary,
            url=url,
            language=language,
            publisher=self._publisher(entry),
            jurisdiction=named or feed.jurisdiction,
            published=published,
            updated=self._calendar.instant(entry.updated, language),
            categories=_short(entry.categories),
            document_number=_field(entry.document_number),
            document_type=_field(entry.document_type),
            stated_dates=self._calendar.stated(entry.dates, language),
            guid_key=other_key(entry, key),
            text_hash=self._whole_hash(entry),
            text=clean(entry.summary, TEXT_LIMIT) if self._watched else None,
            listed=content_hash(self.item(replace(entry, detail=None), key)) if entry.detail else None,
        )

    def _publisher(self, entry: Entry) -> str | None:
        """Return who publishes: the feed's own word, or the author where each record names its jurisdiction."""
        many = entry.jurisdiction is not None
        names = (self._feed.publisher, entry.author if many else None, self._feed.name.get(Language.ENGLISH))
        return next((text for text in (one_line(name or "", 200) for name in names) if text), None)

    def _whole_hash(self, entry: Entry) -> str | None:
        """Return a hash of a watched page's text: an edit after the part that is shown must not go unseen."""
        if not self._watched or len(entry.summary) <= SUMMARY_LIMIT:
            return None
        return hashlib.sha256(one_line(entry.summary, len(entry.summary)).encode()).hexdigest()

    def _last_resort(self, entry: Entry) -> str:
        name = one_line(self._feed.name.get(Language.ENGLISH, ""), 200) or self._feed.id
        date = entry.published or entry.updated
        return one_line(f"{name} {date.text if date else ''}")


def _summary(entry: Entry) -> str:
    """Return the summary, or the body where that says more than a very short summary."""
    summary = clean(as_plain(entry.summary, is_html=entry.summary_is_html), SUMMARY_LIMIT)
    if len(summary) >= _MEANINGFUL or not entry.content:
        return summary
    content = clean(as_plain(entry.content, is_html=entry.summary_is_html), SUMMARY_LIMIT)
    return content if len(content) > len(summary) else summary


def _longer(summary: str, text: str) -> str:
    """Return what the list says of an entry, or the text of its own page where that says more."""
    more = clean(text, SUMMARY_LIMIT)
    return more if len(more) > len(summary) else summary


def _title_without(entry: Entry, summary: str, url: str | None) -> str:
    """Return a title for an entry that has none: its first words, its number, or the end of its address."""
    first = cut(summary.partition("\n")[0], 120)
    if first:
        return first
    number = _field(entry.document_number)
    if number:
        return number
    path = urlsplit(url).path.rstrip("/") if url else ""
    return one_line(unquote(path.rpartition("/")[2]))


def _named(word: str | None) -> str | None:
    """Return the code of the jurisdiction that a record names, or None where the word maps to none."""
    if word is None or not word.strip() or len(word) > 100:
        return None
    plain = word.strip()
    if is_jurisdiction(plain.upper()):
        return plain.upper()
    found = suggest(plain)
    return found if found and is_jurisdiction(found) else None


def _field(text: str | None) -> str | None:
    return one_line(text or "", 200) or None


def _short(words: Sequence[str]) -> tuple[str, ...]:
    plain = (one_line(as_plain(word, is_html="<" in word), 100) for word in words[:_MANY])
    return tuple(dict.fromkeys(word for word in plain if word))
