"""What every answer carries, and which hosts are ours."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.world import Browser, World, a_world, browsing

EVERY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/items", 200),
        ("/static/site.css", 200),
        ("/nowhere", 404),
        ("/items?kind=x", 400),
        ("/u/x", 404),
    ],
)
def test_every_answer_forbids_scripts_frames_and_guessing(reader: Browser, path: str, status: int) -> None:
    answer = reader.get(path)

    assert answer.status == status
    assert {name: answer.headers.get(name) for name in EVERY} == EVERY
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers and "server" not in answer.headers


def test_a_refused_method_and_a_refused_host_carry_them_too(reader: Browser) -> None:
    for answer in (reader.ask("DELETE", "/"), reader.get("/", Host="evil.example")):
        assert {name: answer.headers.get(name) for name in EVERY} == EVERY


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_our_own_fault_is_a_page_without_its_cause(still: World) -> None:
    def broken() -> dict[str, object]:
        raise RuntimeError("the secret cause")

    with browsing(replace(still.site, feeds=broken)) as browser:  # type: ignore[arg-type]
        answer = browser.get("/")

    assert answer.status == 500
    assert "secret cause" not in answer.text and "Something went wrong here" in answer.text
    assert {name: answer.headers.get(name) for name in EVERY} == EVERY


@pytest.fixture(scope="module")
def secure(database: Path) -> Iterator[Browser]:
    """A browser of a site whose public address is https."""
    with a_world(database, "https://alerts.example") as world, browsing(world.site) as browser:
        yield browser


@pytest.mark.parametrize(
    "host",
    ["alerts.example", "ALERTS.example:443", "alerts.example.", "localhost:1", "127.0.0.1", "[::1]:80"],
)
def test_the_public_name_and_loopback_are_ours(secure: Browser, host: str) -> None:
    assert secure.get("/", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "alerts.example.evil.example",
        "evil@alerts.example",
        "alerts.example/",
        "10.0.0.1",
        "",
        "a:b:c",
        "[::",
        "x y",
    ],
)
def test_any_other_name_is_misdirected(secure: Browser, host: str) -> None:
    assert secure.get("/", Host=host).status in (400, 421)


def test_an_https_site_asks_to_be_visited_by_https_only(database: Path) -> None:
    with a_world(database, "https://alerts.example/ip") as world, browsing(world.site) as browser:
        answer = browser.get("/")

    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert 'href="/ip/items"' in answer.text and "/ip/static/site.css" in answer.text


def test_a_plain_site_does_not(reader: Browser) -> None:
    assert "strict-transport-security" not in reader.get("/").headers


def test_addresses_in_pages_never_come_from_the_request(reader: Browser) -> None:
    answer = reader.get(
        "/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https", Forwarded="host=evil.example"
    )

    assert "evil.example" not in answer.text
