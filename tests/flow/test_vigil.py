"""The service is never silently blind: gaps, archives, silence, re-keyed feeds and floods, seen from outside."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from alerts.domain.events import FeedEvent
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.vocabulary import Health
from alerts.flow.round import Round, one_round
from alerts.flow.service import Service
from alerts.settings import ROLES, read_settings
from alerts.wiring import service as wired
from tests.clocks import MovedClock
from tests.deployment import Deployment, Entry, rss, text_of
from tests.servers import Answer

START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
DAY = 24


class Rehearsal:
    """A service in this process whose clock is set for each round; hours count from Monday, 10:00."""

    def __init__(self, runner: asyncio.Runner, service: Service, clock: MovedClock) -> None:
        self.service = service
        self._runner = runner
        self._clock = clock

    def round(self, hours: float) -> Round:
        self._clock.set(START + timedelta(hours=hours))
        return self._runner.run(one_round(self.service, frozenset(ROLES)))

    def events(self) -> list[FeedEvent]:
        return self.service.store.events.since(START)

    def kinds(self) -> list[str]:
        return [str(event.kind) for event in self.events()]

    def items(self, *, held: bool = False) -> tuple[StoredItem, ...]:
        return self.service.store.items.query(ItemQuery(held=held, relevant_only=False, limit=500)).items


@contextmanager
def rehearsal(deployment: Deployment) -> Iterator[Rehearsal]:
    clock = MovedClock(START)
    with asyncio.Runner() as runner:
        opened = wired(read_settings(deployment.environ(), cwd=deployment.folder), clock)
        service = runner.run(opened.__aenter__())
        try:
            yield Rehearsal(runner, service, clock)
        finally:
            runner.run(opened.__aexit__(None, None, None))


def entry(name: str, hours: float = 0, title: str = "") -> Entry:
    published = format_datetime(START + timedelta(hours=hours))
    return Entry(title or f"Trademark notice {name}", name, published, f"About trademark {name}.")


def some(name: str, count: int) -> list[Entry]:
    return [entry(f"{name}{n}") for n in range(count)]


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def serve(service: Deployment, *entries: Entry, path: str = "/us.xml") -> None:
    service.source.answers[path] = rss(*entries)


def alarms(service: Deployment) -> list[str]:
    return [" ".join(text_of(mail).split()) for mail in service.mails("ops@service.example")]


def with_archive(answer: Answer, older: str) -> Answer:
    link = f"<channel><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='prev-archive' href='{older}'/>"
    return Answer(body=answer.body.replace(b"<channel>", link.encode()), headers=answer.headers)


def test_a_gap_is_told_to_the_operator_with_what_to_do_and_the_feed_is_asked_sooner(
    service: Deployment,
) -> None:
    service.feeds(service.feed("us", "US", "/us.xml", interval="60m"))
    serve(service, *some("a", 4))
    service.round(at(0))
    serve(service, *some("b", 4))
    line = service.good("run", "--once", "--at", at(2), "--format", "json").lines[0]
    assert at(2.5) <= str(line["next"]).replace("Z", "+00:00") < at(2.6)

    lines = service.alerts("status", "--at", at(3), "--format", "json").lines
    (event,) = [line for line in lines if line["what"] == "event"]
    assert (event["feed"], event["kind"], event["ended"]) == ("us", "gap", None)
    assert "since 2026-03-02 12:00 UTC" in str(event["text"]) and "shorten `interval`" in str(event["text"])
    assert {"what": "trouble", "text": event["text"]} in lines
    (mail,) = alarms(service)
    assert "us is gap since 2026-03-02 12:00 UTC" in mail and "shorten `interval`" in mail


def test_nothing_is_lost_where_the_feed_offers_archives(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    everything = some("n", 125)
    serve(service, *everything[:25])
    with rehearsal(service) as now:
        now.round(0)
        archives = [
            everything[n : n + 25] for n in (100, 75, 50, 25, 0)
        ]  # a window of 25, six hours of outage
        for number, entries in enumerate(archives):
            path = "/us.xml" if number == 0 else f"/{number}.xml"
            older = service.source.url(f"/{number + 1}.xml")
            service.source.answers[path] = with_archive(rss(*entries), older)
        now.round(6)
        assert (len(now.items()), now.kinds()) == (125, [])
    assert service.source.requests[-1].target == "/4.xml", "it stops where it overlaps"


def test_a_first_poll_reads_no_archive(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.source.answers["/us.xml"] = with_archive(rss(*some("a", 4)), service.source.url("/1.xml"))
    with rehearsal(service) as now:
        now.round(0)
    assert [one.target for one in service.source.requests] == ["/us.xml"]


def test_a_feed_that_went_silent_is_found_by_its_own_rhythm(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    days = [entry(f"d{day}", -DAY * day) for day in (0, 3, 4, 5, 6, 7, 10, 11, 12, 13)]  # never at a weekend
    serve(service, *days)
    with rehearsal(service) as now:
        now.round(0)
        now.round(DAY * 3.9)
        assert now.events() == []
        now.round(DAY * 4.1)
        (event,) = now.events()
        assert event.kind == "silent"
        assert "last new item 2026-03-02, usually one in 24 hours" in event.detail
        (line,) = now.service.store.feeds.health(START + timedelta(hours=DAY * 4.1))
        assert line.health is Health.SILENT
        shown = service.alerts("status", "--at", at(DAY * 4.1))
        assert shown.code == 1 and "1 silent" in shown.out
        assert "us is silent since" in shown.out and "look whether the publisher has moved" in shown.out
        serve(service, entry("news", DAY * 6), *days)
        now.round(DAY * 6)
        assert [event.ended_at is None for event in now.events()] == [False]
    assert len(alarms(service)) == 1


def test_a_re_keyed_feed_raises_no_alert(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    old = [entry(f"k{n}", -n, title=f"Trademark rule {n}") for n in range(12)]
    serve(service, *old)
    with rehearsal(service) as now:
        now.round(0)
        now.round(DAY)
        assert len(service.mails("ip@acme.example")) == 1
        serve(service, *[Entry(e.title, f"new/{e.guid}", e.published, e.summary) for e in old])
        now.round(DAY + 2)
        now.round(2 * DAY)
        assert now.kinds() == ["re-keyed"]
    assert len(service.mails("ip@acme.example")) == 1


def test_alarms_come_at_most_once_an_hour_and_each_event_once(service: Deployment) -> None:
    service.settings["ALERTS_OPERATOR_LANGUAGE"] = "zh-Hans"
    service.feeds(*(service.feed(f"f{n}", "US", f"/f{n}.xml", interval="20m") for n in range(2)))
    for n in range(2):
        serve(service, *some(f"{n}a", 4), path=f"/f{n}.xml")
    with rehearsal(service) as now:
        now.round(0)
        serve(service, *some("0b", 4), path="/f0.xml")
        now.round(1)
        serve(service, *some("1b", 4), path="/f1.xml")
        now.round(1.8)
        now.round(1.9)
        assert len(alarms(service)) == 1, "the second alarm waits for its hour"
        now.round(2.1)
        first, second = alarms(service)
        assert "f0：文档中没有任何已知条目" in first and "f1" not in first
        assert "f1：文档中没有任何已知条目" in second and "f0" not in second
        now.round(9)
    assert len(alarms(service)) == 2


def test_an_alarm_that_the_relay_refuses_is_told_later(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml", interval="60m"))
    service.settings["ALERTS_MAIL"] = "smtp://127.0.0.1:1"  # nobody listens
    with rehearsal(service) as now:
        for hours in (0, 3, 9, 20):  # each failure doubles the pause
            done = now.round(hours)
        assert (now.kinds(), done.alarms) == (["failing"], 0)
        assert len(now.service.store.events.untold()) == 1


def test_a_held_flood_goes_out_after_twelve_hours(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    first = some("a", 3)
    serve(service, *first)
    with rehearsal(service) as now:
        now.round(0)
        serve(service, *[entry(f"b{n}", title=f"{'Fees ' * n}trademark rule") for n in range(50)], *first)
        now.round(1.2)
        assert (len(now.items()), len(now.items(held=True))) == (23, 30)
        now.round(13)
        assert (len(now.items()), now.kinds()) == (23, ["flood"])
        now.round(13.3)
        assert (len(now.items()), len(now.items(held=True))) == (53, 0)


def test_a_kept_document_can_be_read_again_after_a_change_of_feeds_yaml(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml", filter="{exclude: [fees]}"))
    serve(service, entry("a"), entry("b", title="New trademark fees"))
    service.round(at(0))
    service.feeds(service.feed("us", "US", "/us.xml"))

    shown = service.good("feeds", "replay", "us", "--format", "json").lines
    assert [(line["change"], line["title"]) for line in shown[:-1]] == [("new", "New trademark fees")]
    assert len(service.good("items", "--format", "json").lines) == 1, "nothing is stored unless asked"

    stored = service.good("feeds", "replay", "us", "--store", "--at", at(1), "--format", "json").lines
    assert (stored[-1]["new"], stored[-1]["stored"]) == (1, True)
    assert len(service.good("items", "--format", "json").lines) == 2


def test_nothing_to_replay_is_one_sentence(service: Deployment) -> None:
    service.feeds(service.feed("us", "US", "/us.xml"))
    outcome = service.alerts("feeds", "replay", "us")
    assert outcome.code == 2 and "no document of us is kept" in outcome.err
    assert outcome.out == ""
