"""What admins see and do: each act is done once, leaves one line, and shows on the page."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote, urlencode

import pytest

from alerts.domain.audit import Act
from alerts.domain.vocabulary import DeliveryState
from alerts.store.acts import TESTS
from tests.clocks import NOON
from tests.web.office import Furnished, Visitor
from tests.web.world import SUBSCRIBER, fail

MASKED = "l***@firm.example"
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-Hans"])


def shown(text: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def bare(text: str) -> str:
    """Return the letters of a page or sentence, however it is marked up."""
    return re.sub(r"[\s`]", "", unescape(re.sub(r"<[^>]+>", "", text)))


def test_the_first_page_says_what_alerts_status_says(admin: Visitor) -> None:
    from alerts.flow.standing import standing, troubles

    store = admin.world.site.store
    fail(store, NOON)
    admin.world.clock.move(timedelta(minutes=20))
    page = bare(admin.get("/admin").text)
    said = [one.text for one in troubles(standing(store, admin.world.clock.now()), admin.world.clock.now())]

    assert len(said) >= 2
    for sentence in said:
        assert bare(sentence) in page
    assert bare("items that wait for an editor's release: 1") in page


@LANGUAGES
def test_a_source_is_shown_with_the_sentence_that_helps(admin: Visitor, language: str) -> None:
    from alerts.domain.events import EventKind

    admin.world.site.store.events.note("us-office", EventKind.BLOCKED, "Just a moment", NOON)
    help_ = {"en": "ask the publisher to admit this service", "zh-Hans": "请发布机构允许本服务访问"}[language]

    for room in ("/admin", "/admin/feeds", "/admin/feeds/us-office"):
        assert help_ in admin.get(f"{room}?lang={language}").text, room
    assert help_ not in admin.get(f"/admin/feeds/th-office?lang={language}").text


def test_a_source_is_looked_at_once_and_nothing_is_changed_but_the_log(admin: Visitor) -> None:
    store = admin.world.site.store
    before = (store.items.count(), store.feeds.polls("us-office"), store.feeds.state("us-office"))
    page = admin.post("/admin/feeds/us-office").text

    assert "Another &lt;b&gt;rule&lt;/b&gt;" in page
    assert "1,234" in shown(page)
    assert (store.items.count(), store.feeds.polls("us-office"), store.feeds.state("us-office")) == before
    assert [(line.act, line.subject, line.who) for line in admin.lines()][-1] == (
        Act.FEED_TESTED, "feed:us-office", "Li",
    )  # fmt: skip


def test_a_source_that_cannot_be_read_says_why(admin: Visitor) -> None:
    answer = admin.post("/admin/feeds/th-office")

    assert answer.status == 200
    assert "no connection : th.example refused the connection" in shown(answer.text).replace("No", "no")
    assert admin.acts()[-1] is Act.FEED_TESTED


def test_sources_are_looked_at_a_few_times_a_minute(admin: Visitor) -> None:
    word = {"csrf": admin.word()}
    statuses = [admin.send("/admin/feeds/us-office", word).status for _ in range(TESTS + 2)]

    assert statuses == [200] * TESTS + [429] * 2
    assert admin.acts().count(Act.FEED_TESTED) == TESTS
    admin.world.clock.move(timedelta(seconds=61))
    assert admin.send("/admin/feeds/us-office", word).status == 200


def test_two_editors_are_two_persons(admin: Visitor, furnished: Furnished) -> None:
    where, store = f"/admin/review/{furnished.item}", admin.world.site.store
    wang = Visitor(admin.world, admin.browser, "Wang")
    wang.log_in()
    release = {"action": "release", "revision": "1", "note": "checked"}

    assert admin.post(where, **release).headers["location"] == "/admin/review?done=agreed"
    assert (
        admin.post(where, **release).headers["location"] == "/admin/review?done=agreed"
    )  # the same one counts once
    assert store.desk.of(furnished.item)[0].agreed == (f"admin:{admin_id(admin)}",)
    page = shown(wang.get(where).text)
    assert "1 of 2: Li" in page
    assert "You have agreed already" in admin.get(where).text
    assert "You have agreed already" not in page
    assert wang.post(where, **release).headers["location"] == "/admin/review?done=released"
    assert store.items.get(furnished.item) is not None
    assert admin.acts()[-3:] == [Act.ITEM_APPROVED, Act.ITEM_APPROVED, Act.ITEM_RELEASED]
    assert (admin.lines()[-1].who, admin.lines()[-1].detail["note"]) == ("Wang", "checked")
    assert admin.get(where).status == 404


def admin_id(visitor: Visitor) -> int:
    store = visitor.world.site.store
    return next(one.id for one in store.admins.all(NOON) if one.name == visitor.name)


def test_what_is_refused_is_not_seen(admin: Visitor, furnished: Furnished) -> None:
    where = f"/admin/review/{furnished.item}"
    assert "A &lt;b&gt;seizure&lt;/b&gt; order" in admin.get("/admin/review").text
    assert admin.post(where, action="reject", revision="1", note="no such case").status == 303

    assert admin.world.site.store.items.get(furnished.item) is None
    assert "Nothing waits" in admin.get("/admin/review").text
    assert admin.acts()[-1] is Act.ITEM_REJECTED
    assert admin.post(where, action="release", revision="1").status == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"revision": "7", "action": "release"}, 409), ({"action": "release"}, 409), ({"revision": "1", "action": "burn"}, 400), ({"revision": "1"}, 400)],
)  # fmt: skip
def test_only_what_was_looked_at_is_decided(
    admin: Visitor, furnished: Furnished, fields: dict[str, str], status: int
) -> None:
    assert admin.post(f"/admin/review/{furnished.item}", **fields).status == status
    assert admin.world.site.store.desk.of(furnished.item)[0].agreed == ()
    assert admin.acts() == [Act.LOGGED_IN]


def test_a_delivery_shows_every_attempt_and_goes_out_again_after_a_second_look(
    admin: Visitor, furnished: Furnished
) -> None:
    where, store = f"/admin/deliveries/{furnished.delivery}", admin.world.site.store
    page = admin.get(where).text
    assert SUBSCRIBER in page and "5.1.1 no such &lt;user&gt;" in page and "550" in page

    assert admin.post(where).status == 422
    assert store.mailed.one(furnished.delivery).state is DeliveryState.FAILED  # type: ignore[union-attr]
    assert admin.post(where, sure="yes").headers["location"] == f"{where}?done=again"
    assert store.mailed.one(furnished.delivery).state is DeliveryState.DUE  # type: ignore[union-attr]
    assert admin.post(where, sure="yes").status == 422  # it is on its way
    assert admin.acts() == [Act.LOGGED_IN, Act.DELIVERY_RESENT]


def test_lists_mask_addresses_and_a_search_is_not_in_the_address(
    admin: Visitor, furnished: Furnished
) -> None:
    for room in ("/admin", "/admin/deliveries", "/admin/deliveries?state=failed", "/admin/suppressions"):
        assert SUBSCRIBER not in admin.get(room).text, room
    number = f"/admin/deliveries/{furnished.delivery}"
    for part in (SUBSCRIBER, "LEGAL@firm", "@firm.example"):
        found = admin.post("/admin/deliveries", to=part)
        assert number in found.text
        assert found.text.count(SUBSCRIBER) == (part == SUBSCRIBER)  # in the field that it was typed into
    for part in ("nobody@firm.example", "%", "_egal"):
        assert number not in admin.post("/admin/deliveries", to=part).text
    assert number not in admin.get("/admin/deliveries?state=sent").text
    assert admin.get("/admin/deliveries?state=lost").status == 400


def test_a_dead_address_is_let_in_again_with_a_reason(admin: Visitor, furnished: Furnished) -> None:
    where, store = f"/admin/suppressions/{furnished.endpoint}", admin.world.site.store
    assert SUBSCRIBER in admin.get(where).text
    assert admin.post(where, why=" ").status == 422
    assert len(store.dead.all()) == 1
    assert admin.post(where, why="mailbox is back").status == 303

    assert store.dead.all() == []
    assert admin.get(where).status == 404
    assert admin.acts() == [Act.LOGGED_IN, Act.SUPPRESSION_LIFTED]
    assert SUBSCRIBER not in str(admin.lines())


@LANGUAGES
def test_the_log_is_narrowed_and_paged(admin: Visitor, language: str) -> None:
    for _ in range(60):
        admin.world.clock.move(timedelta(seconds=20))
        assert admin.send("/admin/feeds/us-office", {"csrf": admin.word()}).status in (200, 429)
    first = admin.get(f"/admin/audit?act=feed-tested&lang={language}").text
    onward = re.search(r'href="([^"]*before=\d+[^"]*)"', first)
    assert onward is not None
    second = admin.get(onward[1].replace("&amp;", "&")).text

    assert first.count("<tr>") - 1 == 50
    assert f"lang={language}" in onward[1]
    assert 0 < second.count("<tr>") - 1 < 50
    assert "Li" not in shown(admin.get("/admin/audit?who=Nobody").text.split("</form>")[-1])
    assert "Li" in shown(admin.get("/admin/audit?who=li").text.split("</form>")[-1])
    assert admin.get("/admin/audit?act=nonsense").status == 400
    assert admin.get("/admin/audit?before=x").status == 200


@LANGUAGES
def test_the_language_is_kept_through_forms(admin: Visitor, furnished: Furnished, language: str) -> None:
    answer = admin.post(f"/admin/review/{furnished.item}?lang={language}", action="release", revision="1")

    assert answer.headers["location"] == f"/admin/review?lang={language}&done=agreed"
    assert f'lang="{language}"' in admin.get(answer.headers["location"]).text


ODD = ("", "0", "-1", "9" * 30, "é\x00\u202e", "<script>", "%00", "' OR 1=1 --", "x" * 5000, "\ud7ff", "１")


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_values_in_addresses_and_forms_are_answered_and_break_nothing(
    admin: Visitor, furnished: Furnished, odd: str
) -> None:
    names = (
        "action",
        "revision",
        "note",
        "sure",
        "why",
        "session",
        "to",
        "state",
        "who",
        "act",
        "before",
        "lang",
    )
    fields = {"csrf": admin.word()} | dict.fromkeys(names, odd)
    query = urlencode(dict.fromkeys(names, odd))
    before = (admin.acts(), admin.world.site.store.desk.of(furnished.item))
    rooms = [
        f"review/{furnished.item}",
        f"deliveries/{furnished.delivery}",
        "deliveries",
        "sessions",
        "audit",
    ]
    for room in (
        *rooms,
        *(f"{kind}/{quote(odd[:100], safe='')}" for kind in ("feeds", "review", "suppressions")),
    ):
        for answer in (admin.get(f"/admin/{room}?{query}"), admin.send(f"/admin/{room}?{query}", fields)):
            assert answer.status < 500, room
            assert "<script" not in answer.text
    assert (admin.acts(), admin.world.site.store.desk.of(furnished.item)) == before
