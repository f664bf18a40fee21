"""A company's own feed and calendar: by the rules, in its language, and nothing again that has not changed."""

import io
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from alerts.domain.people import Endpoint, Subscription
from alerts.domain.vocabulary import Language, Severity
from alerts.domain.watches import Criteria
from alerts.web.calendars import LENGTH
from tests.clocks import NOON
from tests.contract.steps import collect, enter, match_all, only_endpoint, write_digest
from tests.feedrules import judged
from tests.web.world import CRITICAL, FEED, Browser, World, a_revision, poll

DAY = timedelta(days=1)


def reader_of(world: World, language: Language) -> Endpoint:
    """Return a subscriber of a company of its own, in this language."""
    wish = Criteria(regions=("US",))
    subscription = Subscription(
        f"Company {language} 有限公司", f"{language}@firm.example", wish, language=language
    )
    return only_endpoint(enter(world.site.store, subscription, NOON))


def tell(world: World, endpoint: Endpoint, slot: str = "2026-03-03") -> None:
    match_all(world.site.store, NOON)
    assert write_digest(world.site.store, endpoint, slot)


def path_of(world: World, endpoint: Endpoint, door: str = "private", form: str = "atom") -> str:
    return f"/{door}/{world.site.tokens.calendar(endpoint.public_id, 0)}.{form}"


def read(text: str) -> Any:
    return feedparser.parse(io.BytesIO(text.encode()))


@pytest.mark.parametrize("language", Language)
def test_a_private_feed_keeps_the_rules_and_speaks_its_readers_language(
    world: World, browser: Browser, language: Language
) -> None:
    endpoint = reader_of(world, language)
    tell(world, endpoint)
    path = path_of(world, endpoint)

    text = browser.get(path).text

    assert judged(text.encode(), f"http://localhost{path}") == set()
    found = read(text)
    assert not found.bozo and {entry.title for entry in found.entries} >= {"Fees rise"}
    [order] = [entry for entry in found.entries if "power stations" in entry.title]
    said = order.content[0].value
    stated = {Language.ENGLISH: "(stated: field comments_close_on)", Language.CHINESE: "阅读原文"}
    assert ("Read it at the source" in said) == (language is Language.ENGLISH)
    assert stated[Language.ENGLISH] in said if language is Language.ENGLISH else "computed" not in said
    assert {"rel": "related", "href": "http://localhost/manage"}.items() <= next(
        one for one in found.feed.links if one.rel == "related"
    ).items()


def test_an_amended_notice_is_one_entry_in_the_text_that_was_told_last(
    world: World, browser: Browser
) -> None:
    endpoint = reader_of(world, Language.ENGLISH)
    tell(world, endpoint)
    before = {entry.id: entry for entry in read(browser.get(path_of(world, endpoint)).text).entries}
    world.clock.move(DAY)
    changed = a_revision("rule", "Fees rise twice", Severity.HIGH)
    collect(world.site.store, CRITICAL, changed, at=NOON + DAY, feed=FEED)
    tell(world, endpoint, "2026-03-04")

    after = {entry.id: entry for entry in read(browser.get(path_of(world, endpoint)).text).entries}

    assert after.keys() == before.keys()
    [amended] = [entry for entry in after.values() if entry.title == "Fees rise twice"]
    assert amended.updated > before[amended.id].updated and amended.published == before[amended.id].published
    assert next(iter(after)) == amended.id, "what was told last comes first"


@pytest.mark.parametrize(("door", "form"), [("private", "atom"), ("calendar", "ics")])
def test_a_private_copy_is_not_sent_again_by_mark_or_date(
    world: World, browser: Browser, door: str, form: str
) -> None:
    endpoint = reader_of(world, Language.ENGLISH)
    tell(world, endpoint)
    world.clock.move(timedelta(hours=1))
    path = path_of(world, endpoint, door, form)
    first = browser.get(path)
    mark, changed = first.headers["etag"], first.headers["last-modified"]

    for headers in ({"if_none_match": mark}, {"if_modified_since": changed}):
        again = browser.get(path, **headers)
        assert (again.status, again.text) == (304, "")
        assert "private" in again.headers["cache-control"]
    for headers in ({"if_none_match": '"other"'}, {"if_modified_since": "Mon, 02 Mar 2020 11:00:00 GMT"}):
        assert browser.get(path, **headers).status == 200


def test_a_private_feed_holds_the_hundred_newest(world: World, browser: Browser) -> None:
    endpoint = reader_of(world, Language.ENGLISH)
    poll(
        world.site.store, tuple(a_revision(f"n{number}", f"Notice {number}") for number in range(LENGTH + 20))
    )
    tell(world, endpoint)

    found = read(browser.get(path_of(world, endpoint)).text).entries

    assert len(found) == len({entry.id for entry in found}) == LENGTH == 100
    assert f"Notice {LENGTH + 19}" in {entry.title for entry in found}


def test_each_deadline_leads_to_its_notice_and_the_settings(world: World, browser: Browser) -> None:
    endpoint = reader_of(world, Language.CHINESE)
    tell(world, endpoint)

    made = Calendar.from_ical(browser.get(path_of(world, endpoint, "calendar", "ics")).text)

    events = {str(one["uid"]): one for one in made.walk("VEVENT")}
    assert len(events) == 2
    number = world.items["337"]
    for one in events.values():
        assert str(one["url"]) == f"http://localhost/items/{number}"
        assert "http://localhost/manage" in str(one["description"])
