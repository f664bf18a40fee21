"""What a stranger may try at the doors for subscribers: other sites' forms, borrowed names, addresses that lead away, harvested answers."""

import logging
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from tests.web.test_guard import EVERY
from tests.web.test_routes import SITE, address
from tests.web.world import Browser, Reply, World, a_world, browsing

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JOIN = {"region": "US", "email": "new@firm.example", "agree": "yes"}
# Every address that takes a POST, what changes something there, and what does not.
ACTS = {
    "/subscribe/address": (JOIN, {"region": "US", "email": "new@firm.example"}),
    "/confirm/{token}": ({"action": "confirm"}, {"action": "x"}),
    "/access/{token}": ({"action": "open"}, {}),
    "/keep/{token}": ({"action": "keep"}, {"action": "x"}),
    "/my/{session}": ({"action": "close"}, {"action": "x", "contact": "1"}),
    "/manage": ({"email": "legal@firm.example"}, {"email": "nobody"}),
    "/u/{token}": ({"List-Unsubscribe": "One-Click"}, {"List-Unsubscribe": "x"}),
}


def test_the_list_of_what_acts_is_whole() -> None:
    assert set(ACTS) == {route for route, methods in SITE.items() if "POST" in methods}


@pytest.mark.parametrize("route", ACTS)
def test_only_a_post_with_what_its_button_says_changes_anything(world: World, route: str) -> None:
    path, (good, bad) = address(world, route), ACTS[route]
    with browsing(world.site) as browser:
        before = world.fingerprint()
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
            browser.ask(method, path, b"action=confirm&List-Unsubscribe=One-Click", FORM)
        browser.get(f"{path}?{'&'.join(f'{name}={value}' for name, value in good.items())}")
        assert browser.post(path, **bad).status in (400, 422)
        assert world.fingerprint() == before
        assert browser.post(path, **good).status in (200, 303)
    assert world.fingerprint() != before


CROSS = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister of ours": {"Sec-Fetch-Site": "same-site"},
    "another site, our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    "another origin": {"Origin": "https://evil.example"},
    "our name in another's": {"Origin": "http://localhost.evil.example"},
    "another scheme": {"Origin": "ftp://localhost"},
    "no origin at all": {"Origin": "null"},
}
OURS = {
    "our page": {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    "our page that names nobody": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "an old browser": {"Origin": "http://localhost"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "a program": {},
}


@pytest.mark.parametrize("route", [route for route in ACTS if route != "/u/{token}"])
def test_a_form_of_another_site_is_refused_and_changes_nothing(world: World, route: str) -> None:
    path, fields = address(world, route), "&".join(f"{k}={v}" for k, v in ACTS[route][0].items())
    before = world.fingerprint()
    with browsing(world.site) as browser:
        for said in CROSS.values():
            assert browser.ask("POST", path, fields.encode(), FORM | said).status == 403, said
    assert world.fingerprint() == before


@pytest.mark.parametrize("whose", OURS)
def test_our_own_form_is_taken(world: World, browser: Browser, whose: str) -> None:
    assert browser.ask("POST", "/manage", b"email=a@b.example", FORM | OURS[whose]).status == 200


@pytest.mark.parametrize("route", SITE)
def test_every_page_of_every_route_carries_the_headers(still: World, reader: Browser, route: str) -> None:
    for path in (address(still, route), f"/none{route}"):
        answer = reader.get(path)
        assert {name: answer.headers.get(name) for name in EVERY} == EVERY
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("route", [route for route in SITE if "{token}" in route or "{session}" in route])
def test_what_is_somebodys_own_is_kept_by_no_cache_and_named_to_nobody(
    still: World, reader: Browser, route: str
) -> None:
    answer = reader.get(address(still, route))

    assert "private" in answer.headers["cache-control"]
    assert "no-store" in answer.headers["cache-control"] or route.startswith(("/calendar", "/private"))
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not re.findall(
        r'(?:src|href|action)="(?:https?:)?//(?!localhost|office\.example)[^"]+"', answer.text
    )


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("name", ["next", "url", "redirect", "return_to", "from", "lang", "back"])
def test_no_word_in_an_address_leads_away(world: World, browser: Browser, where: str, name: str) -> None:
    tokens = world.site.tokens
    opened = browser.ask(
        "POST", f"/access/{tokens.request(world.requests[1])}?{name}={where}", b"action=open", FORM
    )
    shown = browser.get(f"/subscribe?{name}={where}").text + browser.get(f"/manage?{name}={where}").text

    assert opened.status == 303 and opened.headers["location"].startswith("/my/")
    assert "evil.example" not in shown and "javascript:" not in shown


def test_another_host_is_misdirected_and_a_forwarded_one_is_in_no_page(database: Path) -> None:
    with a_world(database, "https://alerts.example") as world, browsing(world.site) as browser:
        for headers in (
            {"Host": "evil.example"},
            {"Host": "alerts.example", "X-Forwarded-Host": "evil.example"},
        ):
            answer = browser.ask("GET", "/manage", headers=headers)
            assert answer.status == (421 if headers["Host"] == "evil.example" else 200)
            assert "evil.example" not in answer.text


def asked(browser: Browser, number: int, headers: Mapping[str, str]) -> int:
    fields = f"region=US&email=v{number}@firm.example&agree=yes"
    return browser.ask("POST", "/subscribe/address", fields.encode(), FORM | dict(headers)).status


def test_a_made_up_forwarded_address_gives_no_more_turns(world: World) -> None:
    with browsing(world.site) as browser:
        answers = [
            asked(browser, n, {"X-Forwarded-For": f"203.0.{n}.1", "Forwarded": f"for=203.0.{n}.1"})
            for n in range(7)
        ]
    assert answers == [200] * 5 + [429] * 2


def test_behind_a_proxy_of_ours_only_its_own_word_counts(world: World) -> None:
    site = replace(world.site, proxies=frozenset({"127.0.0.1"}))
    with browsing(site) as browser:
        lying = [asked(browser, n, {"X-Forwarded-For": f"10.0.{n}.1, 203.0.113.9"}) for n in range(7)]
        other = asked(browser, 9, {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert lying == [200] * 5 + [429] * 2
    assert other == 200


def answer_for(browser: Browser, path: str, name: str, number: int) -> Reply:
    headers = FORM | {"X-Forwarded-For": f"203.0.{number}.1"}
    fields = f"region=US&email={name}@firm.example&agree=yes"
    answer = browser.ask("POST", path, fields.encode(), headers)
    text = re.sub(r"since[^>]+>|[\w.+%-]+(@|%40)firm\.example", "", answer.text)
    return replace(
        answer,
        text=text,
        headers={k: v for k, v in answer.headers.items() if k not in ("date", "content-length")},
    )


@pytest.mark.parametrize("path", ["/subscribe/address", "/manage"])
def test_nobody_learns_whether_an_address_is_new_waits_is_confirmed_or_forbids(
    world: World, path: str
) -> None:
    site = replace(world.site, proxies=frozenset({"127.0.0.1"}))
    with browsing(site) as browser:
        answer_for(browser, "/subscribe/address", "wait", 1)
        answer_for(browser, "/subscribe/address", "never", 2)
        join = site.store.requests.claim(site.clock.now(), 50)[-1]
        site.store.requests.forbid(join, site.clock.now())
        answers = [
            answer_for(browser, path, name, number)
            for number, name in enumerate(("new", "wait", "legal", "never"), 10)
        ]

    assert answers[0].status == 200
    assert all(answer == answers[0] for answer in answers)


def test_a_program_that_fills_in_what_people_do_not_see_is_told_nothing_and_asks_for_nothing(
    world: World,
) -> None:
    before = world.fingerprint()
    with browsing(world.site) as browser:
        answer = browser.post("/subscribe/address", website="https://spam.example", **JOIN)
    assert answer.status == 200 and "Check your mail" in answer.text
    assert world.fingerprint() == before


def test_no_secret_of_a_visit_is_logged_or_shown_with_a_fault(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The real server with its logging at its loudest; every door, also when the database breaks down behind it."""
    caplog.set_level(logging.DEBUG)
    shown = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(processors=shown, logger_factory=structlog.PrintLoggerFactory())
    paths = [address(world, route) for route in SITE if "{token}" in route or "{session}" in route]
    secrets = [
        path.split("/")[2].partition(".")[2].removesuffix(".ics").removesuffix(".atom") for path in paths
    ]
    seen = ""
    with browsing(world.site) as browser:
        for path in paths:
            seen += browser.get(f"{path}x?email=planted@secret.example").text
            browser.post(path, email="planted@secret.example", action="x", password="planted-word")
    with browsing(world.site, inner=True) as machine:
        seen += machine.get("/metrics").text + machine.get("/readyz").text
    with sqlite3.connect(world.path) as connection:
        connection.executescript(
            "PRAGMA foreign_keys = off; DROP TABLE account_request; DROP TABLE endpoint;"
        )
    connection.close()
    with browsing(world.site) as browser:
        answers = [browser.get(path) for path in paths]
        answers += [browser.post("/manage", email="planted@secret.example")]
    assert {answer.status for answer in answers} <= {500, 503}
    seen += "".join(answer.text for answer in answers)
    said = capsys.readouterr()
    everything = said.out + said.err + caplog.text + seen

    assert "site.fault" in said.out + said.err, "faults are logged"
    for secret in [*secrets, "planted@secret.example", "planted-word", "legal@firm.example"]:
        assert secret not in everything, secret
