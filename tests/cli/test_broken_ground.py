"""What a full disk, a locked database or a folder that cannot be used make of a command: one sentence, nothing half done."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, deployment, rss


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path) as made:
        made.source.answers["/a.xml"] = rss()
        made.feeds(made.feed("feed-a", "US", "/a.xml"))
        yield made


def cramped(place: Deployment, size: int, *arguments: str) -> tuple[int, str]:
    """Return exit code and standard error of a command where no file can grow past ``size`` bytes: a full disk."""
    done = subprocess.run(
        [sys.executable, "-m", "alerts", *arguments], cwd=place.folder, env=place.environ(), capture_output=True, text=True,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip
    return done.returncode, done.stderr


def test_a_full_disk_is_one_sentence_and_the_step_is_done_again_when_there_is_room(place: Deployment) -> None:
    code, err = cramped(place, 16 * 1024, "poll")
    assert code == 1
    assert err.count("\n") == 1
    assert "full" in err and "repeated" in err

    assert place.good("poll", "--format", "json").lines[0]["feed"] == "feed-a"


def test_a_backup_that_finds_no_room_leaves_no_half_copy(place: Deployment) -> None:
    place.good("poll")
    code, err = cramped(place, 64 * 1024, "db", "backup", "copy.db")
    assert (code, err.count("\n")) == (1, 1)
    assert "copy.db could not be written" in err
    assert not list(place.folder.glob("copy.db*"))


@pytest.mark.parametrize("address", ["sqlite:////proc/none/x.db", "sqlite:///feeds.yaml", "sqlite:///var"])
def test_a_database_that_cannot_be_one_is_one_sentence(place: Deployment, address: str) -> None:
    (place.folder / "var").mkdir()
    place.settings["ALERTS_DATABASE_URL"] = address
    outcome = place.alerts("poll")
    assert outcome.code == 1
    assert outcome.err.startswith("alerts: ") and outcome.err.count("\n") == 1


@pytest.mark.slow
def test_a_database_that_somebody_else_holds_is_one_sentence_after_a_while(place: Deployment) -> None:
    place.good("poll")
    with sqlite3.connect(place.folder / "var" / "alerts.db", isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        outcome = place.alerts("poll", "feed-a")
        holder.execute("ROLLBACK")
    holder.close()
    assert outcome.code == 1
    assert "another program is writing to it" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_poll_with_nothing_to_do_says_until_when(place: Deployment) -> None:
    place.good("poll")
    assert "Nothing is due before 20" in place.good("poll").err
    place.feeds(place.feed("feed-a", "US", "/a.xml", enabled="false"))
    assert "No feed is enabled" in place.good("poll").err
