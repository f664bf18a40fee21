"""The preview of a sign-up counts what a digest for the same week would hold: for any watch and any week."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.domain.items import Dated, Revision
from alerts.domain.people import Subscription
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Right, Severity
from alerts.domain.watches import Criteria
from alerts.flow.preview import preview
from alerts.match import judge_all
from tests.builders import DAY, HOUR, MONDAY, a_revision
from tests.contract.steps import collect, enter, only_endpoint
from tests.databases import empty_store

END = MONDAY + 7 * DAY - timedelta(minutes=1)  # noon, a week later
TUESDAY = MONDAY + 12 * HOUR  # midnight: the first of the seven days that a preview at the end looks back on
WORDS = ("Anker", "Lumina", "plain")


@st.composite
def revisions(draw: st.DrawFn) -> list[Revision]:
    """Return notices of one week, about anything."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        base = a_revision(f"k{number}", title=f"Notice {number} about {draw(st.sampled_from(WORDS))}")
        judged = replace(
            base.judgement, relevant=draw(st.booleans() | st.just(value=True)), kind=draw(st.sampled_from(Kind)), event=draw(st.sampled_from(Event)),
            severity=draw(st.sampled_from(Severity)), rights=tuple(draw(st.sets(st.sampled_from(Right), max_size=2))),
            jurisdictions=tuple(draw(st.sets(st.sampled_from(["US", "EM", "DE", "CN", "EP"]), min_size=1, max_size=2))),
        )  # fmt: skip
        at = TUESDAY + draw(st.integers(0, 6 * 24 + 11)) * HOUR
        item = replace(base.item, published=Dated(at, DateOrigin.SOURCE))
        found.append(replace(base, item=item, judgement=judged))
    return found


wishes = st.builds(
    Criteria,
    regions=st.sets(st.sampled_from(["US", "eu", "DE", "CN", "world", "EP"]), max_size=2).map(
        lambda one: tuple(sorted(one))
    ),
    kinds=st.sets(st.sampled_from(Kind), max_size=2).map(lambda one: tuple(sorted(one))),
    rights=st.sets(st.sampled_from(Right), max_size=1).map(lambda one: tuple(sorted(one))),
    events=st.sets(st.sampled_from(Event), max_size=3).map(lambda one: tuple(sorted(one))),
    min_severity=st.sampled_from(Severity),
    terms=st.sampled_from([(), ("Anker",), ("anker", "LUMINA")]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(revisions(), wishes)
def test_a_preview_counts_what_a_digest_of_the_same_week_holds(week: list[Revision], wish: Criteria) -> None:
    store = empty_store("sqlite-memory")
    subscription = Subscription("Exporter", "anna@exporter.example", wish)
    endpoint = only_endpoint(enter(store, subscription, MONDAY - HOUR))
    collect(store, at=MONDAY - HOUR)
    collect(store, *week, at=END)
    while store.matches.match_batch(judge_all, END, material=lambda _old, _new: True).revisions:
        pass

    digest = store.digests.untold(endpoint.id)
    store.search.catch_up()
    seen = preview(store, wish, END)

    assert seen.found == len(digest) == sum(number for _, number in seen.severities)
    assert seen.whole
    for one in seen.followed:
        named = [line for line in digest if any(why.value == one.term for why in line.reasons)]
        assert one.found == len(named)


def test_a_preview_writes_nothing_and_leaves_the_index_to_the_service() -> None:
    store = empty_store("sqlite-memory")
    collect(store, a_revision("a"))

    assert preview(store, Criteria(), END).found == 0
    assert store.search.catch_up() > 0, "it was still due"
    assert preview(store, Criteria(), MONDAY).found == 1


def test_a_preview_of_what_does_not_exist_is_empty() -> None:
    store = empty_store("sqlite-memory")

    assert preview(store, Criteria(regions=("nowhere",)), END).found == 0
