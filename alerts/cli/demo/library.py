"""The bundled documents of the sample sources, read from ``documents/*.toml``.

A text may hold ``{+30}`` or ``{-30}``: the day so many days after or before its publication, written as that
source writes days. So the notices of a demonstration always have deadlines that lie ahead.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from alerts.domain.vocabulary import Carries, Right

_DAY = re.compile(r"\{([+-]\d+)\}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

DAYS: Mapping[str, Callable[[date], str]] = {
    "month-first": lambda day: f"{_MONTHS[day.month - 1]} {day.day}, {day.year}",
    "day-first": lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
    "numbers": lambda day: f"{day:%d/%m/%Y}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A prepared document; ``days`` is its age when the demonstration starts, None if it is yet to come."""

    key: str
    title: str
    text: str
    days: int | None = None
    kind: str = ""
    number: str = ""
    in_force: int | None = None  # days after publication
    comments_close: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A sample source; ``form`` is rss, atom, json-feed, register (an API) or page (an HTML list)."""

    id: str
    form: str
    name: str
    name_zh: str
    jurisdiction: str
    carries: Carries
    rights: tuple[Right, ...]
    language: str
    timezone: str
    days_as: str
    past: tuple[Story, ...]
    coming: tuple[Story, ...]

    def day(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()

    def written(self, day: date) -> str:
        """Return a day as this source writes it."""
        return DAYS[self.days_as](day)


@dataclass(frozen=True, slots=True)
class Article:
    """A story that is out: its texts with their days filled in."""

    key: str
    title: str
    text: str
    at: datetime
    kind: str = ""
    number: str = ""
    in_force: date | None = None
    comments_close: date | None = None


def published(source: Source, story: Story, at: datetime) -> Article:
    """Return the story as it stands once it is out."""
    day = source.day(at)

    def filled(text: str) -> str:
        return _DAY.sub(lambda found: source.written(day + timedelta(days=int(found[1]))), text)

    def later(days: int | None) -> date | None:
        return None if days is None else day + timedelta(days=days)

    return Article(
        key=story.key,
        title=filled(story.title),
        text=filled(story.text),
        at=at,
        kind=story.kind,
        number=story.number,
        in_force=later(story.in_force),
        comments_close=later(story.comments_close),
    )


def load() -> tuple[Source, ...]:
    """Return the bundled sources, by id."""
    folder = files("alerts.cli.demo") / "documents"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_source(tomllib.loads((folder / name).read_text(encoding="utf-8"))) for name in names)


_Table = dict[str, object]


def _source(table: _Table) -> Source:
    identity, past, coming = str(table["id"]), _tables(table["past"]), _tables(table["coming"])
    stories = [_story(f"{identity}-{number}", row) for number, row in enumerate(past + coming, 1)]
    return Source(
        id=identity,
        form=str(table["form"]),
        name=str(table["name"]),
        name_zh=str(table["name_zh"]),
        jurisdiction=str(table["jurisdiction"]),
        carries=Carries(str(table["carries"])),
        rights=tuple(map(Right, _words(table["rights"]))),
        language=str(table["language"]),
        timezone=str(table["timezone"]),
        days_as=str(table["days_as"]),
        past=tuple(stories[: len(past)]),
        coming=tuple(stories[len(past) :]),
    )


def _story(key: str, row: _Table) -> Story:
    return Story(
        key=key,
        title=str(row["title"]),
        text=str(row["text"]),
        days=_number(row.get("days")),
        kind=str(row.get("type", "")),
        number=str(row.get("number", "")),
        in_force=_number(row.get("in_force")),
        comments_close=_number(row.get("comments_close")),
    )


def _tables(value: object) -> list[_Table]:
    assert isinstance(value, list), "an array of tables"
    return value


def _words(value: object) -> list[str]:
    assert isinstance(value, list), "an array of slugs"
    return value


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
