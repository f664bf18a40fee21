"""A clock that jumps: nothing is lost, nothing is told twice, and nothing waits until the wrong time has come by."""

from tests.deployment import Deployment, Entry, rss, text_of

OLD = Entry("Old rule on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")


def rule(number: int) -> Entry:
    """Return a notice that is told by its number."""
    return Entry(
        f"Final rule on trademark fees no {number}", f"r{number}", "Mon, 02 Mar 2026 09:00:00 GMT",
        f"The trademark office changes {number} rules.",
    )  # fmt: skip


def begun(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")


def shown(service: Deployment, *numbers: int) -> None:
    service.source.answers["/us.xml"] = rss(*map(rule, numbers), OLD)


def told(service: Deployment) -> list[str]:
    texts = [text_of(mail) for mail in service.mails("ip@acme.example")]
    return ["".join(str(number) for number in (1, 2, 3) if f"fees no {number}" in text) for text in texts]


def test_after_a_clock_that_ran_a_day_ahead_sources_are_asked_at_once_and_nothing_is_told_twice(
    service: Deployment,
) -> None:
    begun(service)
    shown(service, 1)
    service.round("2026-03-03T08:30Z")
    shown(service, 1, 2)

    assert "new 1" in service.round("2026-03-02T09:00Z").out
    for hour in ("03T08:00", "03T12:00", "04T08:00"):
        service.round(f"2026-03-{hour}Z")
    assert told(service) == ["1", "2"]


def test_after_a_clock_that_ran_ten_years_ahead_readers_hear_at_their_next_hour(service: Deployment) -> None:
    begun(service)
    shown(service, 1)
    service.round("2036-03-03T08:30Z")
    shown(service, 1, 2)

    service.round("2026-03-02T09:00Z")
    assert told(service) == ["1"]
    service.round("2026-03-03T08:00Z")
    assert told(service) == ["1", "2"]


def test_a_digest_that_was_written_ahead_of_time_is_sent_when_the_clock_is_right_again(
    service: Deployment,
) -> None:
    begun(service)
    shown(service, 1)
    service.good("run", "--once", "--roles", "poll,match,build", "--at", "2026-03-04T08:30Z")

    service.round("2026-03-02T09:00Z")

    assert told(service) == ["1"]


def test_a_pause_outlives_a_jump_of_the_clock(service: Deployment) -> None:
    begun(service)
    service.good("pause", "ip@acme.example", "--until", "2026-03-20", "--now", "2026-03-01T12:00Z")
    shown(service, 1)
    service.round("2026-03-05T08:30Z")
    service.round("2026-03-02T09:00Z")
    assert told(service) == []

    service.round("2026-03-20T08:00Z")

    assert told(service) == ["1"]
