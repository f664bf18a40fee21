"""The operator's mail: what happened to the sources, one line for each event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.domain.event_words import sentence
from alerts.domain.events import FeedEvent
from alerts.domain.vocabulary import Language

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    title: str
    more: str
    hint: str


_WORDS: Mapping[Language, _Words] = {
    Language.ENGLISH: _Words(
        "Sources need a look: {count} ({feeds})",
        "What happened to the sources",
        "and {count} more: `alerts status` lists them",
        "`alerts status` shows how everything stands. This mail comes at most once an hour.",
    ),
    Language.CHINESE: _Words(
        "来源需要查看：{count} 项（{feeds}）",
        "来源发生的情况",
        "另有 {count} 项，见 `alerts status`",
        "`alerts status` 显示全部状况。本邮件每小时最多一封。",
    ),
}


@dataclass(frozen=True, slots=True)
class AlarmView:
    """What the templates of the operator's mail show."""

    subject: str
    title: str
    lines: tuple[str, ...]
    hint: str
    language: str


def alarm_view(events: Sequence[FeedEvent], language: Language) -> AlarmView:
    """Return the view of these events; those beyond the two hundredth are counted."""
    words = _WORDS[language]
    lines = [sentence(event, language) for event in events[:MOST_LINES]]
    if len(events) > MOST_LINES:
        lines.append(words.more.format(count=len(events) - MOST_LINES))
    feeds = list(dict.fromkeys(event.feed_id for event in events))
    named = ", ".join(feeds[:3]) + (" …" if len(feeds) > 3 else "")
    subject = words.subject.format(count=len(events), feeds=named)
    return AlarmView(subject, words.title, tuple(lines), words.hint, language.value)
