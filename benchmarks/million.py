"""An archive of a million notices, the same every time, written as the store writes them: for benchmarks of reading.

Three hundred sources over ten years. What a filter meets is as uneven as life: a few sources and jurisdictions have most of the
notices, some sources began late or ended long ago, each kind and event has words of its own (so that two filters, or a filter and
a word, may each fit a third of the archive and hardly anything both), one notice in eight was old when it was first seen.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import insert, text

from alerts.domain.feeds import Feed
from alerts.domain.items import Finding, Judgement, Obligation, Revision
from alerts.domain.jurisdictions import JURISDICTIONS
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Language, Right, Role, Severity
from alerts.store import Store
from alerts.store.convert import revision_columns
from alerts.store.tables import item, item_revision, matter
from tests.builders import Dated, a_feed, an_item

CHANCE = random.Random(20261125)
FIRST, DAYS = datetime(2016, 1, 1, 9, tzinfo=UTC), 3650
LAST = FIRST + timedelta(days=DAYS)
BATCH = 5000
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

    def text(self, chance: random.Random, length: int, own: Sequence[str]) -> str:
        """Return a text of so many pieces, with words of its ``own``."""
        found = chance.choices(self.pieces, k=length)
        return self.space.join([*chance.choices(own, k=2), *found, *chance.choices(own, k=2)])


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
KINDS, RIGHTS, ROLES, SEVERITIES = list(Kind), list(Right), list(Role), list(Severity)
OWN = {each: _words(12) + _signs(6) for each in [*Kind, *Event]}  # words of what an item is about


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its habits: how much, when, in which language, of which kinds and events."""

    feed: Feed
    share: float
    begins: float
    ends: float
    tongue: Tongue
    kinds: Sequence[int]
    events: Sequence[Event]
    relevant: float


def _source(number: int) -> Source:
    code = CODES[min(int(CHANCE.paretovariate(0.6)) - 1, len(CODES) - 1)]
    names = {Language.ENGLISH: f"Office {number} of {code}", Language.CHINESE: f"{code} 第 {number} 局"}
    begins, ends = (0.0, 1.0) if CHANCE.random() < 0.7 else sorted((CHANCE.random(), CHANCE.random()))
    chinese = code in ("CN", "TW", "HK", "MO") or CHANCE.random() < 0.1
    language = CHINESE if chinese else ENGLISH if CHANCE.random() < 0.7 else CHANCE.choice(OTHERS)
    return Source(
        a_feed(f"office-{number}", name=names, jurisdiction=code), 1 / (number + 3), begins, ends, language,
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


def _revision(number: int, chance: random.Random, source: Source, seen: datetime) -> Revision:
    lag = chance.expovariate(1 / 400) if chance.random() < 0.125 else chance.random() * 2
    published = (
        Dated(seen - timedelta(days=min(lag, 4000)), DateOrigin.SOURCE) if chance.random() < 0.95 else None
    )
    judged = _judged(chance, source, seen.date())
    own = OWN[judged.kind] + OWN[judged.event]
    own = own if source.tongue is not CHINESE else OWN[judged.kind][12:] + OWN[judged.event][12:]
    value = an_item(
        f"k{number}", title=source.tongue.text(chance, 1, own), summary=source.tongue.text(chance, 4, own),
        url=f"https://{source.feed.id}.example/{number}", published=published, jurisdiction=source.feed.jurisdiction,
        publisher=source.feed.name[Language.ENGLISH], language="zh-Hans" if source.tongue is CHINESE else "en",
    )  # fmt: skip
    return Revision(value, judged, f"h{number}")


def _rows(number: int, count: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of an item and those of its revisions; one in twenty was changed once."""
    chance = random.Random(number)
    share = number / (count + 1)
    there, weights = _there(int(share * 200))
    source = (
        chance.choices(there, cum_weights=weights)[0] if number % 64 else there[number // 64 % len(there)]
    )
    seen = FIRST + timedelta(days=DAYS * share)
    changed = 2 if chance.random() < 0.05 else 1
    own = {
        "id": number, "feed_id": source.feed.id, "key": f"k{number}", "number": changed, "shown": changed, "first_seen_at": seen,
        "changed_at": seen + timedelta(days=3) if changed > 1 else None, "baseline": False, "tie": None, "tied_at": seen,
        "matter_id": number // 10 + 1 if number % 10 < 3 and number // 10 < count // 10 else None,
    }  # fmt: skip
    told = {"item_id": number, "created_at": seen, "matched_at": seen}
    revisions = [_revision(number, chance, source, seen) for _ in range(changed)]
    return own, [revision_columns(one) | told | {"number": n, "content_hash": f"h{number}-{n}"} for n, one in enumerate(revisions, 1)]  # fmt: skip


def fill(store: Store, count: int) -> None:
    """Write the archive, the index of words and facets left to the store."""
    store.feeds.sync([one.feed for one in SOURCES], FIRST)
    matters = [{"id": n, "title": f"Matter {n}", "created_at": FIRST + timedelta(days=DAYS * n * 10 / count)} for n in range(1, count // 10 + 1)]  # fmt: skip
    for start in range(0, len(matters), BATCH):
        store._db.write(
            lambda connection, rows=matters[start : start + BATCH]: connection.execute(insert(matter), rows)
        )
    for items, revisions in _batches(count):
        store._db.write(
            lambda connection, i=items, r=revisions: (connection.execute(insert(item), i), connection.execute(insert(item_revision), r))
        )  # fmt: skip
    if not store.is_sqlite:
        for table in ("item", "matter"):
            query = text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
            store._db.write(lambda connection, count_on=query: connection.execute(count_on))


def _batches(count: int) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    for start in range(1, count + 1, BATCH):
        made = [_rows(number, count) for number in range(start, min(start + BATCH, count + 1))]
        yield [own for own, _ in made], [one for _, revisions in made for one in revisions]
