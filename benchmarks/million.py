"""An archive of a million notices, the same every time, written as the store writes them: for benchmarks of reading.

Three hundred sources over ten years. What a filter meets is as uneven as life: a few sources and jurisdictions have most of the
notices, some sources began late or ended long ago, each kind and event has words of its own (so that two filters, or a filter and
a word, may each fit a third of the archive and hardly anything both), one notice in eight was old when it was first seen.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, insert, text

from alerts.domain.facets import facets
from alerts.domain.feeds import Feed
from alerts.domain.items import Finding, Judgement, Obligation, Revision, StoredItem
from alerts.domain.jurisdictions import JURISDICTIONS
from alerts.domain.search import GAP, tokens
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Language, Right, Role, Severity
from alerts.store import Store
from alerts.store.convert import revision_columns
from alerts.store.lookup import ITEMS, MATTERS
from alerts.store.search import Doc
from alerts.store.search import _keep as keep
from alerts.store.tables import item, item_revision, matter
from tests.builders import Dated, a_feed, an_item

CHANCE = random.Random(20261125)
FIRST, DAYS = datetime(2016, 1, 1, 9, tzinfo=UTC), 3650
LAST = FIRST + timedelta(days=DAYS)
BATCH = 5000
TEXTS = 200  # of each language, kind and event
FEEDS = 300
_LEADING = [
    "US",
    "CN",
    "EP",
    "JP",
    "KR",
    "DE",
    "IN",
    "GB",
    "EM",
    "BR",
    "FR",
    "RU",
    "VN",
    "ID",
    "TH",
    "MX",
    "TR",
    "SA",
]
CODES = _LEADING + sorted(set(JURISDICTIONS) - set(_LEADING))[:62]
_ENGLISH_WORDS = (
    "the of and patent trademark notice office rule application design filing court fee act international exhibition exporter goods "
    "licence owner mark decision appeal opposition hearing deadline customs seizure counterfeit examination guideline amendment "
    "regulation copyright domain name registration renewal infringement injunction damages standard essential import section china "
    "european united states commission agency ministry tariff investigation exclusion order respondent complaint settlement"
)
_CHINESE_WORDS = (
    "专利 商标 公告 申请 审查 修订 办法 规定 知识产权 外观设计 侵权 海关 出口 企业 展会 异议 期限 费用 法院 判决 诉讼 调查 裁定 保护 注册 "
    "国际 代理 通知 意见 征求 标准 必要 许可 假冒 查扣 证据 欧盟 美国 日本 越南 印度 条例 实施 生效 延期 答复 听证"
)
PLAIN, COMMON = _ENGLISH_WORDS.split(), _CHINESE_WORDS.split()
_SOUNDS = [
    "ka",
    "ter",
    "vo",
    "li",
    "sen",
    "mar",
    "du",
    "pra",
    "nol",
    "is",
    "be",
    "tor",
    "qui",
    "fa",
    "ge",
    "ron",
]


def _words(count: int) -> list[str]:
    return ["".join(CHANCE.choices(_SOUNDS, k=CHANCE.randint(2, 5))) for _ in range(count)]


def _signs(count: int) -> list[str]:
    """Return Chinese words of two characters, mostly made of the commoner ones."""
    return [chr(0x4E00 + int(CHANCE.random() ** 2 * 3500)) + chr(0x4E00 + int(CHANCE.random() ** 2 * 3500)) for _ in range(count)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words of a language, the commonest first, pieces of text made of them, and what stands between."""

    words: Sequence[str]
    pieces: Sequence[str]
    space: str


@cache
def _text(tongue: int, kind: Kind, event: Event, number: int) -> tuple[str, str, list[str]]:
    """Return title, summary and their tokens: one of the texts of a kind and event in a language."""
    speech = TONGUES[tongue]
    chance = random.Random(f"{tongue} {kind} {event} {number}")
    own = OWN[kind] + OWN[event] if speech is not CHINESE else OWN[kind][12:] + OWN[event][12:]
    title = speech.space.join([*chance.choices(own, k=2), *chance.choices(speech.pieces, k=1)])
    summary = speech.space.join([*chance.choices(speech.pieces, k=4), *chance.choices(own, k=3)])
    return title, summary, tokens(title, summary)


def _tongue(words: Sequence[str], space: str = " ") -> Tongue:
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(words))))
    pieces = [space.join(CHANCE.choices(words, cum_weights=weights, k=8)) for _ in range(30_000)]
    return Tongue(words, pieces, space)


ENGLISH = _tongue(PLAIN + _words(60_000))
CHINESE = _tongue(COMMON + _signs(20_000), "")
OTHERS = (
    _tongue(["".join(chr(0x430 + CHANCE.randrange(32)) for _ in range(CHANCE.randint(3, 9))) for _ in range(20_000)]),
    _tongue(["".join(chr(0x3042 + CHANCE.randrange(80)) for _ in range(3)) for _ in range(5_000)], ""),
    _tongue([word + ending for word in _words(8_000) for ending in ("ción", "ße")]),
)  # fmt: skip
TONGUES = (ENGLISH, CHINESE, *OTHERS)
KINDS, RIGHTS, ROLES, SEVERITIES = list(Kind), list(Right), list(Role), list(Severity)
OWN = {each: _words(12) + _signs(6) for each in [*Kind, *Event]}  # words of what an item is about


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its habits: how much, when, in which language, of which kinds and events."""

    feed: Feed
    share: float
    begins: float
    ends: float
    tongue: int
    kinds: Sequence[int]
    events: Sequence[Event]
    relevant: float


def _source(number: int) -> Source:
    code = CODES[min(int(CHANCE.paretovariate(0.6)) - 1, len(CODES) - 1)]
    names = {Language.ENGLISH: f"Office {number} of {code}", Language.CHINESE: f"{code} 第 {number} 局"}
    begins, ends = (0.0, 1.0) if CHANCE.random() < 0.7 else sorted((CHANCE.random(), CHANCE.random()))
    chinese = code in ("CN", "TW", "HK", "MO") or CHANCE.random() < 0.1
    tongue = 1 if chinese else 0 if CHANCE.random() < 0.7 else CHANCE.choice((2, 3, 4))
    return Source(
        a_feed(f"office-{number}", name=names, jurisdiction=code), 1 / (number + 3), begins, ends, tongue,
        CHANCE.choice(((8, 1, 1), (1, 8, 1), (2, 2, 6), (1, 0, 0))), CHANCE.sample(list(Event), 5), CHANCE.choice((0.95, 0.8, 0.3)),
    )  # fmt: skip


SOURCES = [_source(number) for number in range(FEEDS)]


@cache
def _there(step: int) -> tuple[list[Source], list[float]]:
    """Return the sources that publish in a two-hundredth of the time, and their shares, added up."""
    there = [one for one in SOURCES if one.begins <= step / 200 <= one.ends]
    return there, list(accumulate(one.share for one in there))


def _judged(chance: random.Random, source: Source, day: date) -> Judgement:
    kind, event = chance.choices(KINDS, source.kinds)[0], source.events[int(chance.random() ** 2 * 5)]
    rights = {RIGHTS[min(int(chance.paretovariate(1)) - 1, 9)] for _ in range(chance.choice((0, 1, 1, 2)))}
    codes = {source.feed.jurisdiction, *(chance.choices(CODES, k=1) if chance.random() < 0.2 else ())}
    dues = [Obligation(chance.choice(ROLES), day + timedelta(days=chance.randint(5, 200)), stated=True, basis="until") for _ in range(chance.choice((0,) * 8 + (1, 2)))]  # fmt: skip
    numbers = [f"337-TA-{chance.randint(100, 9999)}"] if chance.random() < 0.1 else []
    findings = (Finding("kind", kind, ("rule: title",), 0.9), Finding("event", event, ("notice",), 0.8), Finding("severity", "low", ("rule: event",), 0.7))  # fmt: skip
    return Judgement(
        relevant=chance.random() < source.relevant, kind=kind, event=event,
        severity=chance.choices(SEVERITIES, (1, 6, 30, 63))[0], rights=tuple(sorted(rights)), jurisdictions=tuple(sorted(codes)),
        obligations=tuple(dues), identifiers=tuple(numbers), findings=findings,
    )  # fmt: skip


def _revision(
    number: int, chance: random.Random, source: Source, seen: datetime
) -> tuple[Revision, list[str]]:
    """Return a text of a notice as it was judged, and its tokens."""
    lag = chance.expovariate(1 / 400) if chance.random() < 0.125 else chance.random() * 2
    known = chance.random() < 0.95
    published = Dated(seen - timedelta(days=min(lag, 4000)), DateOrigin.SOURCE) if known else None
    judged = _judged(chance, source, seen.date())
    title, summary, found = _text(source.tongue, judged.kind, judged.event, chance.randrange(TEXTS))
    value = an_item(
        f"k{number}", title=title, summary=summary, url=f"https://{source.feed.id}.example/{number}", published=published,
        jurisdiction=source.feed.jurisdiction, publisher=source.feed.name[Language.ENGLISH], language="zh-Hans" if source.tongue == 1 else "en",
    )  # fmt: skip
    return Revision(value, judged, f"h{number}"), found


@dataclass(slots=True)
class Batch:
    """Rows of tables and of both indexes."""

    items: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[int, Doc] = field(default_factory=dict)
    matters: dict[int, Doc] = field(default_factory=dict)

    def add(self, number: int, count: int) -> None:
        """Make one notice; one in twenty was changed once, three in ten share a matter."""
        chance = random.Random(number)
        share = number / (count + 1)
        there, weights = _there(int(share * 200))
        source = (
            chance.choices(there, cum_weights=weights)[0] if number % 64 else there[number // 64 % len(there)]
        )
        seen = FIRST + timedelta(days=DAYS * share)
        changed = 2 if chance.random() < 0.05 else 1
        matter_id = number // 10 + 1 if number % 10 in (1, 2, 3) and number // 10 < count // 10 else None
        self.items.append({
            "id": number, "feed_id": source.feed.id, "key": f"k{number}", "number": changed, "shown": changed, "indexed": changed,
            "first_seen_at": seen, "changed_at": seen + timedelta(days=3) if changed > 1 else None, "baseline": False, "tie": None,
            "tied_at": seen, "matter_id": matter_id,
        })  # fmt: skip
        told = {"item_id": number, "created_at": seen, "matched_at": seen}
        for n in range(1, changed + 1):
            made, found = _revision(number, chance, source, seen)
            self.revisions.append(
                revision_columns(made) | told | {"number": n, "content_hash": f"h{number}-{n}"}
            )
        self.kept[number] = (
            facets(StoredItem(number, source.feed.id, n, number, made.item, made.judgement, seen)),
            found,
        )
        if matter_id:
            held, words = self.matters.get(matter_id, ((), ()))
            self.matters[matter_id] = (
                list(dict.fromkeys([*held, *self.kept[number][0]])),
                [*words, GAP, *found],
            )

    def write(self, connection: Connection) -> None:
        """Store it, as the store does."""
        connection.execute(insert(item), self.items)
        connection.execute(insert(item_revision), self.revisions)
        keep(connection, ITEMS, self.kept, ())
        keep(connection, MATTERS, self.matters, ())


def fill(store: Store, count: int) -> None:
    """Write the archive."""
    store.feeds.sync([one.feed for one in SOURCES], FIRST)
    matters = [
        {"id": n, "title": f"Matter {n}", "created_at": FIRST + timedelta(days=DAYS * n * 10 / count), "due": None}
        for n in range(1, count // 10 + 1)
    ]  # fmt: skip
    for start in range(0, len(matters), BATCH):
        store._db.write(lambda connection, at=start: connection.execute(insert(matter), matters[at : at + BATCH]))  # fmt: skip
    for start in range(1, count + 1, BATCH):
        batch = Batch()
        for number in range(start, min(start + BATCH, count + 1)):
            batch.add(number, count)
        store._db.write(batch.write)
    if not store.is_sqlite:
        for table in ("item", "matter"):
            query = text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
            store._db.write(lambda connection, count_on=query: connection.execute(count_on))
