"""Which feeds hold an item, and that these are the addresses that the feeds give themselves."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Kind, Language, Right
from alerts.render.feeds.topics import HEARD, feed_path, topics_of
from tests.builders import MONDAY, a_judgement, an_item


def stored(number: int, **judged: object) -> StoredItem:
    return StoredItem(number, "feed", 1, number, an_item(str(number)), a_judgement(**judged), MONDAY)


judged = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(Kind),
        "rights": st.lists(st.sampled_from(Right), unique=True, max_size=3).map(tuple),
        "jurisdictions": st.lists(st.sampled_from(["US", "CN", "VN", "EM"]), min_size=1, unique=True).map(
            tuple
        ),
    }
)


@given(st.lists(judged, max_size=4))
def test_every_feed_that_holds_an_item_is_named_once_and_no_other(many: list[dict[str, object]]) -> None:
    items = [stored(number, **one) for number, one in enumerate(many)]
    topics = topics_of(items, ["atom"])

    assert len(topics) == len(set(topics))
    for place, kind, right in [
        ("US", None, None),
        ("asean", Kind.LEGAL_RULE, None),
        ("world", None, Right.PATENT),
        ("eu", Kind.RISK_WARNING, Right.DESIGN),
    ]:
        asked = {name: word.value for name, word in (("kind", kind), ("right", right)) if word}
        holds = any(
            _is_at(one, place)
            and kind in (None, one.judgement.kind)
            and right in (None, *one.judgement.rights)
            for one in items
        )
        assert (feed_path(place, "atom", asked, Language.CHINESE) in topics) == holds
    for topic in topics:
        assert {name for name, _ in parse_qsl(urlsplit(topic).query)} <= HEARD | {"lang"}


def _is_at(one: StoredItem, place: str) -> bool:
    from alerts.domain.jurisdictions import expand

    return place == "world" or bool(set(one.jurisdictions) & set(expand([place])))


def test_the_forms_and_languages_of_a_feed_are_told_together() -> None:
    topics = topics_of([stored(1, kind=Kind.LEGAL_RULE, rights=(), jurisdictions=("US",))], ["atom", "rss"])

    assert {"/feeds/US.atom", "/feeds/US.rss?lang=zh-Hans", "/feeds/world.atom?kind=legal-rule"} <= set(
        topics
    )
