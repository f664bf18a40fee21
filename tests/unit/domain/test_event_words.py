"""Every event is told in a sentence with what happened, since when and what to do, in both languages."""

from datetime import UTC, datetime

import pytest

from alerts.domain.event_words import ADVICE, sentence
from alerts.domain.events import MOMENTARY, OF_OURSELVES, EventKind, FeedEvent
from alerts.domain.vocabulary import Language

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", EventKind)
def test_a_sentence_says_what_since_when_and_what_to_do(kind: EventKind) -> None:
    event = FeedEvent(1, "cn-cnipa", AT, kind, "why")
    english, chinese = sentence(event), sentence(event, Language.CHINESE)
    assert ("This service" if kind in OF_OURSELVES else "cn-cnipa") in english
    assert "2026-03-02 12:00 UTC" in english and "(why)" in english
    assert "What to do: " in english and "{" not in english
    assert (" at 2026" if kind in MOMENTARY else " since 2026") in english
    assert "建议：" in chinese and "（why）" in chinese and chinese.endswith("。") and "{" not in chinese


def test_both_languages_know_every_kind() -> None:
    assert all(set(ADVICE[language]) == set(EventKind) for language in Language)
