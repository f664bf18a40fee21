"""What the items of a matter say together."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.items import Obligation, StoredItem
from alerts.domain.matter_facts import facts_of, headline
from alerts.domain.matters import Matter, Member
from alerts.domain.vocabulary import Event, Kind, Language, Right, Role, Severity, severity_rank
from tests.builders import MONDAY, a_judgement, an_item

DAY = date(2026, 3, 1)


def stored(number: int, language: str | None = "en", **judged: object) -> StoredItem:
    return StoredItem(
        number,
        f"feed-{number % 3}",
        1,
        number,
        replace(an_item(str(number)), language=language),
        a_judgement(**judged),
        MONDAY,
    )


def a_matter(*items: StoredItem) -> Matter:
    return Matter(1, "title", MONDAY, tuple(Member(one, None) for one in items))


def due(day: date, role: Role = Role.COMMENTS_CLOSE, basis: str = "words") -> Obligation:
    return Obligation(role, day, stated=True, basis=basis)


judged = st.fixed_dictionaries(
    {
        "severity": st.sampled_from(Severity), "kind": st.sampled_from(Kind), "event": st.sampled_from(Event),
        "rights": st.lists(st.sampled_from(Right), unique=True).map(tuple),
        "jurisdictions": st.lists(st.sampled_from(["US", "CN", "EM"]), unique=True).map(tuple),
        "obligations": st.lists(st.dates(DAY, DAY + timedelta(days=9)).map(due)).map(tuple),
    }
)  # fmt: skip


@given(st.lists(judged, min_size=1, max_size=6))
def test_nothing_that_an_item_says_is_left_out_or_told_twice(many: list[dict[str, object]]) -> None:
    items = [stored(number, **one) for number, one in enumerate(many, 1)]
    facts = facts_of(a_matter(*items))

    assert severity_rank(facts.severity) == max(severity_rank(one.judgement.severity) for one in items)
    assert set(facts.rights) == {right for one in items for right in one.judgement.rights}
    assert len(set(facts.rights)) == len(facts.rights)
    days = [each.obligation.date for each in facts.dues]
    assert days == sorted({day.date for one in items for day in one.judgement.obligations})


def test_a_date_that_two_items_state_is_the_newer_ones() -> None:
    facts = facts_of(
        a_matter(
            stored(1, obligations=(due(DAY),)),
            stored(2, obligations=(due(DAY), due(DAY + timedelta(days=3)))),
        )
    )

    assert [(one.item_id, one.obligation.date) for one in facts.dues] == [
        (2, DAY),
        (2, DAY + timedelta(days=3)),
    ]
    assert facts.next_due(DAY + timedelta(days=1)) == facts.dues[1]
    assert facts.next_due(DAY + timedelta(days=4)) is None


def test_what_turned_out_to_be_about_something_else_counts_for_nothing() -> None:
    grave = stored(1, severity=Severity.CRITICAL, relevant=False)

    assert facts_of(a_matter(grave, stored(2, severity=Severity.LOW))).severity is Severity.LOW
    assert facts_of(a_matter(grave)).severity is Severity.CRITICAL


def test_a_matter_is_called_by_the_first_title_in_the_readers_language() -> None:
    matter = a_matter(stored(1, "en"), stored(2, "zh-Hans"), stored(3, "zh"), stored(4, None))

    assert headline(matter).id == headline(matter, Language.ENGLISH).id == 1
    assert headline(matter, Language.CHINESE).id == 2
    assert headline(a_matter(stored(4, None)), Language.CHINESE).id == 4
