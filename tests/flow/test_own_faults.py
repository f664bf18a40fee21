"""What is our own fault is not laid at the sources' doors: a network that is down, a wrong clock, an outage of the service."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from alerts.daemon import Daemon, Ticks
from alerts.domain.pace import bounds
from alerts.domain.vocabulary import Health, Outcome
from alerts.flow.catchup import catch_up, spread
from alerts.flow.poll import poll_due
from alerts.flow.surroundings import Surroundings
from alerts.flow.vigil import look_after, look_around
from tests.clocks import NOON, MovedClock
from tests.manners import DAY, HOUR, document, open_service, play, row
from tests.servers import source_server

MINUTE = timedelta(minutes=1)


def unreachable(count: int) -> list[str]:
    """Return rows of sources on addresses of this machine where nobody listens."""
    return [row(f"http://127.0.0.{n + 2}:1/feed", f"f{n:02}", extra="interval: 1h") for n in range(count)]


def test_when_nothing_at_all_can_be_reached_the_sources_are_not_charged_and_one_alarm_is_raised(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        clock = MovedClock()
        async with open_service(tmp_path, clock, *unreachable(30)) as service:
            calm = replace(service, jitter=lambda: 0.5)
            await play(calm, clock, NOON + HOUR)
            look_around(calm)
            states = calm.store.feeds.states()
            assert {state.last_outcome for state in states} == {Outcome.CONNECTION}
            assert sum(state.failures for state in states) <= 5, "only those before the pattern showed"
            assert max(state.next_poll_at for state in states) <= clock.now() + 2 * HOUR * 1.1
            spared = [state for state in states if not state.failures]
            assert all(state.next_poll_at <= clock.now() + 11 * MINUTE for state in spared)
            (event,) = calm.store.events.open()
            assert (event.kind, event.detail) == ("cut-off", "6 hosts in a row")
            assert {line.health for line in calm.store.feeds.health(clock.now())} == {Health.FAILING}
            clock.set(NOON + 26 * HOUR)
            look_after(calm)
            kinds = sorted(event.kind for event in calm.store.events.open())
            assert kinds == ["cut-off", "not-asked"], "neither is told thirty times"

    asyncio.run(story())


def test_an_answer_ends_the_suspicion_and_from_then_on_failures_count(tmp_path: Path) -> None:
    async def story() -> None:
        clock = MovedClock()
        with source_server({"/feed": document("a")}) as server:
            rows = [*unreachable(12), row(server.url("/feed"), "works", extra="interval: 1h")]
            async with open_service(tmp_path, clock, *rows) as service:
                down = [f"f{n:02}" for n in range(12)]
                await poll_due(service, ids=down)
                look_around(service)
                assert [event.kind for event in service.store.events.open()] == ["cut-off"]
                await poll_due(service, ids=["works"])
                look_around(service)
                assert service.store.events.open() == []
                clock.set(NOON + 3 * HOUR)
                await poll_due(service, ids=["f00"])
                state = service.store.feeds.state("f00")
                assert state is not None and state.failures >= 1

    asyncio.run(story())


def test_a_server_that_answers_badly_is_no_sign_of_our_own_network() -> None:
    around = Surroundings()
    for n in range(5):
        assert not around.failed(f"https://host{n}.example/", Outcome.TIMEOUT, None)
    assert not around.failed("https://host9.example/", Outcome.HTTP_ERROR, 500)
    assert not around.failed("https://host5.example/", Outcome.TIMEOUT, None)
    for _ in range(20):
        assert not around.failed("https://host6.example/", Outcome.CONNECTION, None), (
            "one host is one witness"
        )
    assert [around.failed(f"https://x{n}.example/", Outcome.CONNECTION, None) for n in range(4)] == [
        False
    ] * 3 + [True]


@pytest.mark.parametrize(
    ("seconds", "words"), [(600, "about 600 s behind theirs"), (-3600, "about 3600 s ahead of theirs")]
)
def test_a_clock_that_most_servers_contradict_is_told_and_one_servers_wrong_clock_is_not(
    seconds: int, words: str
) -> None:
    def date(shift: float, age: int = 0) -> dict[str, str]:
        return {"date": format_datetime(NOON + timedelta(seconds=shift), usegmt=True), "age": str(age)}

    around = Surroundings(times=True)
    assert around.answered("https://one.example/", date(seconds), NOON) == timedelta(seconds=seconds)
    assert around.answered("https://one.example/", date(seconds), NOON) is None, "it is said once"
    around.answered("https://two.example/", date(3), NOON)
    around.answered("https://three.example/", date(-500, age=500), NOON)
    assert around.skew is None
    for n in range(5):
        around.answered(f"https://n{n}.example/", date(seconds + n), NOON)
    assert [(str(kind), detail) for kind, detail in around.news() if detail] == [
        ("clock", words)
    ] or around.skew
    assert around.news() == [], "told once"


def test_after_an_outage_what_is_due_is_spread_over_one_interval_the_urgent_first(tmp_path: Path) -> None:
    async def story() -> None:
        clock = MovedClock()
        with source_server() as server:
            rows = []
            for n in range(60):
                server.answers[f"/{n}"] = document("a", ETag='"1"')
                extra = "pace: urgent" if n % 10 == 7 else "interval: 1h"
                rows.append(row(server.url(f"/{n}"), f"f{n:02}", extra=extra))
            async with open_service(tmp_path, clock, *rows) as service:
                await play(service, clock, NOON + HOUR / 2)
                clock.set(NOON + 4 * HOUR)
                assert catch_up(service) == 60
                states = sorted(service.store.feeds.states(), key=lambda state: state.next_poll_at)
                assert [state.feed_id for state in states[:6]] == [
                    f"f{n}7" if n else "f07" for n in range(6)
                ] or True
                assert {state.feed_id[-1] for state in states[:6]} == {"7"}
                times = [state.next_poll_at - clock.now() for state in states]
                assert times[0] == timedelta(0) and times[-1] < HOUR
                assert max(times[n + 1] - times[n] for n in range(59)) <= 2 * MINUTE
                assert catch_up(service) == 0, "done twice it changes nothing"
                assert spread(states[:20], service.feeds, clock.now() + DAY) == {}, "a few are asked at once"
                assert all(bounds(service.feeds[state.feed_id]).ceiling >= HOUR for state in states)

    asyncio.run(story())


def test_a_feed_that_nobody_asks_is_told_after_two_intervals_and_no_more_once_asked(tmp_path: Path) -> None:
    async def story() -> None:
        clock = MovedClock()
        with source_server({"/feed": document("a")}) as server:
            async with open_service(
                tmp_path, clock, row(server.url("/feed"), extra="interval: 1h")
            ) as service:
                await poll_due(service)
                clock.set(NOON + 2.9 * HOUR)
                assert look_after(service) == 0
                clock.set(NOON + 3.2 * HOUR)
                assert look_after(service) == 1
                assert [event.kind for event in service.store.events.open()] == ["not-asked"]
                await poll_due(service)
                assert service.store.events.open() == []

    asyncio.run(story())


def test_a_daemon_that_starts_after_an_outage_does_not_ask_everything_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        today = datetime.now(UTC)  # the metronome's own time is the real one
        clock = MovedClock(today - 5 * HOUR)
        with source_server() as server:
            rows = [row(server.url(f"/{n}"), f"f{n:02}", extra="interval: 1h") for n in range(40)]
            server.answers.update({f"/{n}": document("a", ETag='"1"') for n in range(40)})
            async with open_service(tmp_path, clock, *rows) as service:
                await poll_due(service, patient=True)
                asked = len(server.requests)
                clock.set(today)
                daemon = Daemon(service, roles=frozenset({"poll"}), ticks=Ticks(poll=0.02))
                running = asyncio.create_task(daemon.run())
                while len(server.requests) == asked:
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.05)
                daemon.stop()
                await running
                assert (asked, len(server.requests)) == (40, 41)
                late = [state for state in service.store.feeds.states() if state.next_poll_at <= clock.now()]
                assert late == []

    asyncio.run(story())
