"""A source's life as its server sees it: what is asked, when, and with which headers (RFC 9110, RFC 9111)."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from alerts.domain.vocabulary import Outcome, ValidatorMode
from tests.clocks import NOON
from tests.manners import DAY, HOUR, Life, after, conditional, document, live
from tests.servers import Answer, Seen, gzipped

ETAG, MODIFIED = '"one"', "Mon, 02 Mar 2026 11:00:00 GMT"
BOTH = {"ETag": ETAG, "Last_Modified": MODIFIED}


def second_conditions(life: Life) -> tuple[str | None, str | None]:
    return life.asked[1].conditions


def test_only_the_first_request_of_a_life_is_unconditional(tmp_path: Path) -> None:
    life = live(tmp_path, conditional(document("a", **BOTH)), hours=24)

    assert len(life.asked) > 20
    assert [one.conditions for one in life.asked] == [(None, None)] + [(ETAG, MODIFIED)] * (
        len(life.asked) - 1
    )


@pytest.mark.parametrize("etag", ['"plain"', 'W/"weak"', '"a-gzip"', "unquoted", '"' + "x" * 300 + '"'])
def test_an_entity_tag_goes_back_byte_for_byte(tmp_path: Path, etag: str) -> None:
    assert second_conditions(live(tmp_path, document("a", ETag=etag), hours=1.2, extra="interval: 1h")) == (
        etag,
        None,
    )


@pytest.mark.parametrize(
    "date", [MODIFIED, "Monday, 02-Mar-26 11:00:00 GMT", "2026-03-02 11:00", "Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_a_date_goes_back_byte_for_byte_and_none_is_made_up(tmp_path: Path, date: str) -> None:
    life = live(tmp_path, document("a", Last_Modified=date), hours=1.2, extra="interval: 1h")

    assert second_conditions(life) == (None, date)


def test_where_the_server_gave_no_validators_none_are_made_up(tmp_path: Path) -> None:
    assert second_conditions(live(tmp_path, document("a"), hours=1.2, extra="interval: 1h")) == (None, None)


@pytest.mark.parametrize(
    "touched",
    [
        {"ETag": '"two"', "Last_Modified": MODIFIED},
        {"ETag": '"two"', "Last_Modified": "Mon, 02 Mar 2026 12:30:00 GMT"},
    ],
)
@pytest.mark.parametrize("ids", ["a", "ab"])
def test_new_validators_are_kept_whether_or_not_the_body_changed(
    tmp_path: Path, touched: dict[str, str], ids: str
) -> None:
    script = after(document("a", **BOTH), document(*ids, **touched))

    life = live(tmp_path, script, hours=2.5, extra="interval: 1h")

    assert life.asked[2].conditions == tuple(touched.values())


def test_a_304_renews_the_validators_that_it_brings(tmp_path: Path) -> None:
    script = after(document("a", **BOTH), Answer(304, headers={"ETag": '"two"'}))

    assert live(tmp_path, script, hours=2.5).asked[2].conditions == ('"two"', MODIFIED)


def test_a_200_without_a_validator_clears_the_stored_one(tmp_path: Path) -> None:
    script = after(document("a", **BOTH), document("a", "b", ETag='"two"'))

    assert live(tmp_path, script, hours=2.5).asked[2].conditions == ('"two"', None)


def test_a_feed_is_asked_at_most_once_an_hour_unless_someone_wrote_an_interval(tmp_path: Path) -> None:
    life = live(tmp_path, conditional(document("a", **BOTH)), hours=48)

    assert HOUR <= min(life.gaps) <= max(life.gaps) <= HOUR * 1.1
    (tmp_path / "fast").mkdir()
    fast = live(tmp_path / "fast", conditional(document("a", **BOTH)), hours=2, extra="interval: 15m")
    assert min(fast.gaps) >= HOUR / 4
    assert fast.state.pace_reason == "the configured interval"


def test_a_server_without_validators_is_asked_once_a_day_unless_someone_wrote_an_interval(
    tmp_path: Path,
) -> None:
    life = live(tmp_path, document("a"), hours=72)

    assert min(life.gaps) >= DAY
    assert life.state.pace_reason and "has it changed" in life.state.pace_reason
    (tmp_path / "told").mkdir()
    assert max(live(tmp_path / "told", document("a"), hours=6, extra="interval: 1h").gaps) <= HOUR * 1.1


def test_a_server_that_looks_at_one_validator_only_is_found_out(tmp_path: Path) -> None:
    whole = document("a", **BOTH)

    def only_dates(seen: Seen) -> Answer:
        headers = seen.headers
        fresh = "if-none-match" not in headers and headers.get("if-modified-since") == MODIFIED
        return Answer(304) if fresh else whole

    life = live(tmp_path, only_dates, hours=24 * 4)

    assert life.state.validator_mode is ValidatorMode.LAST_MODIFIED
    assert life.state.validators_ignored == 0
    assert life.gaps[-1] <= HOUR * 1.1, "it is asked at the ordinary pace again"
    assert life.asked[-1].conditions == (None, MODIFIED)


def test_a_server_that_ignores_validators_is_asked_once_a_day_with_both(tmp_path: Path) -> None:
    life = live(tmp_path, document("a", **BOTH), hours=24 * 12)

    assert life.state.validator_mode is ValidatorMode.IGNORED
    assert min(life.gaps[4:]) >= DAY
    assert life.asked[-1].conditions == (ETAG, MODIFIED)


def test_after_a_restart_nothing_is_asked_before_its_stored_time(tmp_path: Path) -> None:
    life = live(tmp_path, conditional(document("a", **BOTH)), hours=4.5, restarts=8)

    assert len(life.asked) == 5
    assert min(life.gaps) >= HOUR


def test_adding_a_feed_makes_one_get_of_the_configured_address_and_of_nothing_else(tmp_path: Path) -> None:
    life = live(
        tmp_path,
        {"/feed": document("a", "b", "c"), "/favicon.ico": Answer(404), "/robots.txt": Answer()},
        hours=0.9,
    )

    assert [(one.seen.method, one.seen.target) for one in life.asked] == [("GET", "/feed")]


def test_a_request_says_who_asks_and_carries_neither_cookie_nor_referer(tmp_path: Path) -> None:
    life = live(tmp_path, document("a", Set_Cookie="id=1", **BOTH), hours=1.2, extra="interval: 1h")

    for one in life.asked:
        headers = one.seen.headers
        assert not {"cookie", "referer"} & set(headers)
        assert "ops@service.example" in headers["user-agent"]
        assert "aiohttp" not in headers["user-agent"].lower()
        assert "gzip" in headers["accept-encoding"]


def test_a_compressed_answer_is_read(tmp_path: Path) -> None:
    whole = document("a")
    assert isinstance(whole.body, bytes)

    assert live(tmp_path, gzipped(whole.body), hours=0.5).state.items == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_in_both_forms_also_after_a_restart(
    tmp_path: Path, status: int, as_date: bool
) -> None:
    until = format_datetime(NOON + DAY, usegmt=True) if as_date else "86400"
    busy = Answer(status, headers={"Retry-After": until, "Date": format_datetime(NOON, usegmt=True)})

    life = live(tmp_path, busy, hours=23.9, restarts=3)

    assert len(life.asked) == 1
    assert life.state.next_poll_at >= NOON + DAY
    assert life.state.last_outcome is Outcome.THROTTLED


@pytest.mark.parametrize("status", [200, 304, 429])
def test_max_age_is_obeyed_on_200_304_and_429(tmp_path: Path, status: int) -> None:
    fresh = {"Cache-Control": "max-age=36000"}
    later = document("a", "b", **BOTH)
    answer = (
        Answer(200, later.body, {**dict(later.headers), **fresh})
        if status == 200
        else Answer(status, headers=fresh)
    )

    life = live(tmp_path, after(document("a", **BOTH), answer), hours=24, extra="interval: 1h")

    assert life.gaps[1] >= HOUR * 10


def test_expires_is_obeyed_where_there_is_no_max_age(tmp_path: Path) -> None:
    dates = {
        "Date": format_datetime(NOON, usegmt=True),
        "Expires": format_datetime(NOON + 5 * HOUR, usegmt=True),
    }

    assert live(tmp_path, document("a", **dates), hours=12, extra="interval: 1h").gaps[0] >= 5 * HOUR


def test_the_feeds_own_ttl_and_quiet_hours_hold_after_a_304_too(tmp_path: Path) -> None:
    night = "".join(f"<hour>{hour}</hour>" for hour in range(6))
    head = f"<ttl>180</ttl><skipHours>{night}</skipHours><skipDays><day>Wednesday</day></skipDays>"
    life = live(tmp_path, conditional(document("a", head=head, **BOTH)), hours=72, extra="interval: 1h")

    assert min(life.gaps) >= 3 * HOUR
    assert all(one.at.hour >= 6 and one.at.weekday() != 2 for one in life.asked)
    assert len(life.asked) > 8


def test_a_source_that_says_it_is_gone_for_a_day_is_asked_once_a_month(tmp_path: Path) -> None:
    life = live(tmp_path, Answer(410), hours=24 * 70)

    assert len(life.asked) <= 6
    assert min(life.gaps[2:]) >= timedelta(days=30)
    assert life.events.count("feed.gone") == 1
    assert "once a month" in (life.state.pace_reason or "")


def test_a_source_that_comes_back_is_asked_as_before(tmp_path: Path) -> None:
    life = live(tmp_path, after(*[Answer(410)] * 3, document("a", **BOTH), Answer(304)), hours=24 * 40)

    assert (life.state.gone_count, life.state.last_outcome) == (0, Outcome.NOT_MODIFIED)
    assert life.gaps[-1] <= HOUR * 1.1


def test_failures_never_end_the_asking(tmp_path: Path) -> None:
    life = live(tmp_path, Answer(404), hours=24 * 30)

    assert life.gaps[0] <= 2 * HOUR * 1.1, "nobody knows yet that it has no validators"
    assert life.gaps[-1] <= DAY * 1.1
    assert len(life.asked) >= 28


def test_a_feed_with_a_rhythm_is_asked_at_half_its_median_gap(tmp_path: Path) -> None:
    asked: list[Seen] = []

    def every_sixth_time(seen: Seen) -> Answer:
        asked.append(seen)
        news = len(asked) // 6
        return conditional(document(*[f"n{n}" for n in range(news + 1)], ETag=f'"{news}"'))(seen)

    life = live(tmp_path, every_sixth_time, hours=24 * 4, extra="carries: legal-rule")

    assert life.state.median_gap is not None
    assert life.state.pace_reason and life.state.pace_reason.startswith("half the median gap of ")
    assert 2 * HOUR <= life.gaps[-1] <= 6 * HOUR * 1.1


def test_a_small_window_of_a_busy_feed_is_read_before_it_runs_over(tmp_path: Path) -> None:
    count: list[int] = []

    def busy(_: object) -> Answer:
        count.append(0)
        newest = 20 + len(count) * 9
        return document(*[f"n{n}" for n in range(newest - 10, newest)], **BOTH)

    life = live(tmp_path, busy, hours=15, extra="interval: 6h")

    assert "shows only 10 items" in (life.state.pace_reason or "")
    assert life.gaps[0] >= 6 * HOUR > 3 * HOUR >= life.gaps[-1]


def test_an_urgent_feed_is_asked_in_its_quiet_hours_and_the_promise_that_fails_is_told(
    tmp_path: Path,
) -> None:
    quiet = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 6)
    head = f"<skipHours>{quiet}</skipHours>"
    for name in ("plain", "urgent", "slow"):
        (tmp_path / name).mkdir()
    script = conditional(document("a", head=head, **BOTH))
    assert len(live(tmp_path / "plain", script, hours=48, extra="pace: steady").asked) == 3
    assert len(live(tmp_path / "urgent", script, hours=48, extra="pace: urgent").asked) > 40

    held = live(
        tmp_path / "slow",
        conditional(document("a", **BOTH, Cache_Control="max-age=7200")),
        hours=30,
        extra="pace: urgent",
    )
    assert min(held.gaps) >= 2 * HOUR
    assert [(event.kind, event.ended_at) for event in held.happened] == [("too-slow", None)]
    assert "promised every 1 h 0 min, asked every 2 h 0 min" in held.happened[0].detail


def test_feeds_added_together_do_not_stay_together(tmp_path: Path) -> None:
    ends = []
    for name in ("aa", "bb", "cc"):
        (tmp_path / name).mkdir()
        ends.append(
            live(tmp_path / name, conditional(document("a", **BOTH)), hours=24, feed_id=name).asked[-1].at
        )

    assert len(set(ends)) == 3


def test_a_difference_is_merged_and_never_read_as_items_that_vanished(tmp_path: Path) -> None:
    whole = document(*(f"old{n}" for n in range(20)), **BOTH)
    some = document("new1", "new2", "new3", "new4", IM="feed", ETag='"two"')
    none = document(IM="feed", ETag='"three"')
    script = after(
        whole, Answer(226, some.body, some.headers), Answer(226, none.body, none.headers), Answer(304)
    )

    life = live(tmp_path, script, hours=3.5)

    assert [one.seen.headers.get("a-im") for one in life.asked] == [None, "feed", "feed", "feed"]
    assert life.asked[2].conditions == ('"two"', None), "a difference has its own validators"
    assert life.asked[3].conditions == ('"three"', None)
    assert (life.state.items, life.state.window_items, life.happened) == (24, 20, ())
    assert life.state.last_outcome is Outcome.NOT_MODIFIED


def test_a_difference_that_was_not_asked_for_is_no_document(tmp_path: Path) -> None:
    script = after(document("a", **BOTH), Answer(226, b"@@ -1 +1 @@", {"IM": "diffe", "ETag": '"two"'}))

    life = live(tmp_path, script, hours=1.2)

    assert life.state.last_outcome is Outcome.HTTP_ERROR and "226" in (life.state.last_detail or "")
    assert (life.state.items, life.state.validators.etag) == (1, ETAG)
