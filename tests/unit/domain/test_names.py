"""Every slug of the vocabulary has a name in both languages."""

import inspect
from enum import Enum

import pytest

from alerts.domain import vocabulary
from alerts.domain.names import NAMES, display
from alerts.domain.vocabulary import Event, Kind, Language, Right, Severity

SETS = [
    thing
    for _, thing in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(thing, Enum) and thing.__module__ == vocabulary.__name__
]


@pytest.mark.parametrize("members", SETS, ids=lambda members: members.__name__)
def test_every_member_has_an_english_and_a_chinese_name(members: type[Enum]) -> None:
    assert set(NAMES[members]) == {str(member.value) for member in members}
    for member in members:
        english, chinese = display(member, Language.ENGLISH), display(member, Language.CHINESE)
        assert english.isascii() and english == english.strip()
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


@pytest.mark.parametrize("members", SETS, ids=lambda members: members.__name__)
def test_no_two_members_of_a_set_share_a_name(members: type[Enum]) -> None:
    for language in Language:
        names = [display(member, language) for member in members]
        assert len(set(names)) == len(names)


def test_chinese_names_are_those_of_the_vocabulary() -> None:
    chinese = Language.CHINESE
    assert display(Kind.RISK_WARNING, chinese) == "风险预警"
    assert display(Right.UTILITY_MODEL, chinese) == "实用新型"
    assert display(Event.EXCLUSION, chinese) == "禁令与排除令"
    assert display(Severity.CRITICAL, chinese) == "特别重大"


def test_a_member_of_a_foreign_set_is_refused() -> None:
    with pytest.raises(KeyError):
        display(Enum("Foreign", {"ONE": "one"}).ONE, Language.ENGLISH)  # type: ignore[attr-defined]
