"""An admin edits feeds.yaml while the service runs: what is good is taken over, what is not changes nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import HUP, Deployment, Entry, free_port, rss, until

NOTICE = Entry("New trademark examination guideline", "g1", "Mon, 02 Mar 2026 09:00:00 GMT")


@pytest.fixture
def folder(service: Deployment) -> Iterator[Path]:
    """A folder of two files, one feed each, on a source that answers everything."""
    service.settings |= {
        "ALERTS_LISTEN": f"127.0.0.1:{free_port()}", "ALERTS_METRICS_LISTEN": "off", "ALERTS_FEEDS": "feeds.d",
    }  # fmt: skip
    for name in ("a", "b", "c", "moved"):
        service.source.answers[f"/{name}.xml"] = rss(NOTICE)
    path = service.folder / "feeds.d"
    path.mkdir()
    for name in ("a", "b"):
        (path / f"{name}.yaml").write_text(of(service, name))
    yield path


def of(service: Deployment, name: str, path: str | None = None, **more: str) -> str:
    """Return a catalogue of one feed."""
    row = service.feed(f"feed-{name}", "US", path or f"/{name}.xml", **more).replace("\n", "\n    ")
    return f"version: 1\nfeeds:\n  - {row}\n"


def asked(service: Deployment, name: str) -> int:
    """Return how often a document was asked for."""
    return sum(seen.target == f"/{name}.xml" for seen in service.source.requests)


@pytest.mark.slow
def test_a_change_is_taken_over_and_what_did_not_change_keeps_its_state(
    service: Deployment, folder: Path
) -> None:
    with service.daemon("--no-web") as daemon:
        until(lambda: asked(service, "a") == asked(service, "b") == 1)

        whole = of(service, "c")
        (folder / "c.yaml").write_text(whole[: len(whole) // 2])  # an editor that writes in two steps
        (folder / "c.yaml").write_text(whole)
        until(lambda: asked(service, "c") == 1)
        assert "catalogue.refused" not in service.log()

        with (folder / "b.yaml").open("r+") as file:  # in place: the folder itself does not change
            file.write(of(service, "b", "/moved.xml"))
            file.truncate()
        until(lambda: asked(service, "moved") == 1)

        (folder / "c.yaml").write_text(of(service, "c", enabled="no way"))
        until(lambda: "catalogue.refused" in service.log())
        assert "c.yaml:10:14: error[wrong-type]" in service.log()
        (folder / "new.tmp").write_text(of(service, "c", interval="3h"))
        (folder / "new.tmp").replace(folder / "c.yaml")
        until(lambda: service.log().count("catalogue.loaded") == 3)
        daemon.terminate()
        assert daemon.wait(20) == 0

    moved = next(seen for seen in service.source.requests if seen.target == "/moved.xml")
    assert "if-none-match" not in moved.headers, "the validators belong to the old address"
    assert {name: asked(service, name) for name in ("a", "b", "c", "moved")} == {
        "a": 1,
        "b": 1,
        "c": 1,
        "moved": 1,
    }
    listed = {str(line["id"]): line for line in service.good("feeds", "list", "--format", "json").lines}
    assert listed["feed-c"]["interval"] == 3 * 3600


def test_a_signal_reloads_and_a_file_that_is_gone_leaves_the_old_set_running(
    service: Deployment, folder: Path
) -> None:
    with service.daemon("--no-web") as daemon:
        until(lambda: asked(service, "a") == asked(service, "b") == 1)

        for file in list(folder.iterdir()):
            file.unlink()
        daemon.send_signal(HUP)
        until(lambda: "There is no YAML file" in service.log())
        folder.rmdir()
        os.mkfifo(folder)
        daemon.send_signal(HUP)
        until(lambda: "This is no plain file" in service.log())
        folder.unlink()
        folder.mkdir()
        (folder / "c.yaml").write_text(of(service, "c"))
        daemon.send_signal(HUP)
        until(lambda: asked(service, "c") == 1)
        daemon.terminate()
        assert daemon.wait(20) == 0

    assert "Traceback" not in service.log()
    assert {line["id"] for line in service.good("feeds", "list", "--format", "json").lines} == {"feed-c"}
