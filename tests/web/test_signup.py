"""The questions of the sign-up: what is carried on, what is guessed, what is counted beside them."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from starlette.datastructures import ImmutableMultiDict, QueryParams

from alerts.domain.jurisdictions import JURISDICTIONS, MEMBERS, expand
from alerts.domain.requests import QUICK_LIMIT
from alerts.domain.vocabulary import Event, Language
from alerts.web.signup.answers import Answers, query_of, read_answers
from alerts.web.signup.pace import is_quick, stamped
from alerts.web.signup.places import groups, members
from alerts.web.signup.zones import guess
from tests.web.world import Browser, World

ALL = [
    ("region", "US"), ("region", "eu"), ("kind", "legal-rule"), ("right", "patent"), ("event", "customs"), ("terms", "Anker\n华为"),
    ("pinyin", "yes"), ("severity", "high"), ("rhythm", "weekly"), ("at", "09:00"), ("weekday", "3"), ("critical", "no"),
    ("recent", "yes"), ("tz", "Asia/Tokyo"), ("tongue", "zh-Hans"),
]  # fmt: skip


def test_every_answer_is_carried_from_page_to_page() -> None:
    answers = read_answers(QueryParams(ALL), Language.ENGLISH)
    again = read_answers(QueryParams(urlencode(query_of(answers), doseq=True)), Language.ENGLISH)

    assert again == answers
    assert (answers.criteria.events, answers.criteria.pinyin) == ((Event.CUSTOMS,), True)
    assert not answers.schedule.critical_at_once


@pytest.mark.parametrize("step", ["topics", "words", "delivery", "address"])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_other_language_and_the_way_back_lose_nothing(reader: Browser, step: str, language: str) -> None:
    page = reader.get(f"/subscribe/{step}?{urlencode([*ALL, ('lang', language)])}").text

    for name, value in [("region", "eu"), ("event", "customs"), ("pinyin", "yes"), ("tz", "Asia/Tokyo")]:
        assert f"{name}={value.replace('/', '%2F')}" in page.replace("&amp;", "&"), (
            "in the links to the other language and back"
        )


@pytest.mark.parametrize("group", [one.name for one in groups(()) if one.name != "everywhere"])
def test_all_of_a_group_is_every_place_that_stands_in_it(group: str) -> None:
    shown = next(one for one in groups(()) if one.name == group)
    answers = read_answers(ImmutableMultiDict([("group", group)]), Language.ENGLISH)

    assert set(shown.others) <= set(expand(answers.regions))
    assert answers.regions == members(group) == shown.whole


def test_words_that_are_no_group_stand_for_nothing() -> None:
    assert members("everywhere") == members("x") == ()


@pytest.mark.parametrize(
    ("header", "language", "zone"),
    [
        ("de-DE,de;q=0.9", Language.ENGLISH, "Europe/Berlin"), ("en-GB", Language.ENGLISH, "Europe/London"), ("en-US,en", Language.ENGLISH, "America/New_York"),
        ("zh-Hant-TW", Language.CHINESE, "Asia/Taipei"), ("zh-HK", Language.CHINESE, "Asia/Hong_Kong"), ("en-US,zh-CN", Language.CHINESE, "Asia/Shanghai"),
        ("ja", Language.ENGLISH, "Asia/Tokyo"), ("xx,*;q=0.1", Language.ENGLISH, "UTC"), (None, Language.CHINESE, "Asia/Shanghai"), ("," * 5000, Language.ENGLISH, "UTC"),
    ],
)  # fmt: skip
def test_the_time_zone_is_guessed_by_the_browsers_languages(
    header: str | None, language: Language, zone: str
) -> None:
    assert guess(header, language) == zone


def test_a_guessed_zone_is_chosen_in_the_form_and_another_answer_wins(reader: Browser) -> None:
    german = {"Accept-Language": "de-DE"}
    assert (
        "<option selected>Europe/Berlin"
        in reader.ask("GET", "/subscribe/delivery?region=US", headers=german).text
    )
    given = reader.ask("GET", "/subscribe/delivery?region=US&tz=Asia/Seoul", headers=german).text
    assert "<option selected>Asia/Seoul" in given


def test_beside_each_place_stands_how_much_came_lately(world: World, browser: Browser) -> None:
    page = browser.get("/subscribe").text

    assert 'value="US"' in page
    assert "United States" in page and '<span class="note">2<span class="unseen"> notices in 30 days' in page
    assert len(MEMBERS) < len(JURISDICTIONS)


def test_the_preview_says_how_much_how_grave_and_how_each_word_is_found(reader: Browser) -> None:
    page = reader.get(
        "/subscribe/delivery?"
        + urlencode([("region", "US"), ("terms", "Fees\n华为技术有限公司"), ("pinyin", "yes")])
    ).text

    assert "1 notice in the last 7 days" in page
    assert "<strong>Fees</strong>: 1 notice of the last 30 days, exactly as a word" in page
    assert "in any of these spellings" in page and "huawei" in page


def test_nothing_to_be_had_is_said_so(reader: Browser) -> None:
    page = reader.get("/subscribe/delivery?region=TH").text

    assert "0 notices in the last 7 days" in page and "choose more" in page


def test_a_form_is_quick_when_nobody_had_it_before_them_for_as_long_as_people_take(world: World) -> None:
    site, seen = world.site, stamped(world.site, Answers(), "net")

    assert is_quick(site, seen, "net") and is_quick(site, Answers(), "net"), "just shown, or never"
    world.clock.move(timedelta(seconds=3))
    assert not is_quick(site, seen, "net")
    assert stamped(site, seen, "net") == seen, "the way back and the other language do not begin anew"
    assert is_quick(site, seen, "another net"), "a word that is passed around counts for nobody else"
    world.clock.move(timedelta(days=1))
    assert is_quick(site, seen, "net"), "a form that was kept for days"


def test_whoever_is_asked_again_finds_all_that_was_typed(world: World, browser: Browser) -> None:
    for number in range(QUICK_LIMIT.most):
        world.clock.move(timedelta(minutes=1))
        assert (
            browser.post("/subscribe/address", region="US", email=f"v{number}@x.example", agree="yes").status
            == 200
        )
    world.clock.move(timedelta(minutes=1))
    wish = {"region": "US", "email": "me@x.example", "company": "Mine & Co", "agree": "yes"}
    page = browser.post("/subscribe/address", **wish)

    assert page.status == 422 and "press the button once more" in page.text
    assert (
        "Mine &amp; Co" in page.text
        and 'value="me@x.example"' in page.text
        and 'name="region" value="US"' in page.text
    )
    (since,) = re.findall(r'name="since" value="([^"]+)"', page.text)
    world.clock.move(timedelta(seconds=4))
    assert "Check your mail" in browser.post("/subscribe/address", **wish, since=since).text
