"""Ops see which daemons there are, and which fell silent without having been stopped."""

from datetime import UTC, datetime, timedelta

from tests.deployment import KILL, TERM, Deployment, until


def later(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def daemons(service: Deployment) -> list[dict[str, object]]:
    """Return the daemons that ``alerts status`` tells of."""
    lines = service.alerts("status", "--format", "json").lines
    return [line["daemon"] for line in lines if line["what"] == "daemon"]  # type: ignore[misc]


def test_status_tells_of_a_daemon_until_it_is_stopped(service: Deployment) -> None:
    service.feeds(service.feed("an-office", "US", "/a"))
    assert "Daemons: none is running" in service.alerts("status").out

    with service.daemon("--no-web", "--roles", "poll,match") as daemon:
        until(lambda: daemons(service))
        [seen] = daemons(service)
        assert seen["pid"] == daemon.pid and seen["roles"] == ["match", "poll"]
        assert f":{daemon.pid} (match, poll) since " in service.alerts("status").out
        daemon.send_signal(TERM)
        daemon.wait(20)
    assert daemons(service) == []


def test_a_daemon_that_was_killed_is_missed_after_two_minutes(service: Deployment) -> None:
    service.feeds(service.feed("an-office", "US", "/a"))
    with service.daemon("--no-web") as daemon:
        until(lambda: daemons(service))
        daemon.send_signal(KILL)
        daemon.wait(20)
    missed = service.alerts("status", "--at", later(3))
    assert missed.code == 1 and f":{daemon.pid} has said nothing since" in missed.out
    assert "has said nothing" not in service.alerts("status", "--at", later(1)).out
