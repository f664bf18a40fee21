"""A broken, hostile or stalled source is recorded with a clear state, and the others go on."""

import pytest

from tests.deployment import Deployment, Entry, rss
from tests.servers import Answer, Scripted, inflate, redirect, truncated

GOOD = Entry(
    "New trademark examination guideline",
    "g1",
    "Mon, 02 Mar 2026 09:00:00 GMT",
    "A guideline on trademark examination.",
)

BAD: list[tuple[str, Scripted, str]] = [
    ("html", Answer(body=b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>", headers={"Content-Type": "text/html"}), "not-a-feed"),
    ("empty", Answer(body=b""), "empty"),
    ("truncated", truncated(b"<?xml version='1.0'?><rss version='2.0'><channel>"), "connection"),
    ("hostile", Answer(body=b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><rss><channel><title>&b;</title></channel></rss>"), "hostile"),
    ("huge", inflate(100 * 1024 * 1024), "too-large"),
    ("loop", redirect("/loop.xml"), "http-error"),
    ("missing", Answer(404, b"gone fishing"), "http-error"),
    ("busy", Answer(429, headers={"Retry-After": "600"}), "throttled"),
    ("robot", Answer(403, b"<html><title>Just a moment...</title><body>Checking your browser</body></html>", headers={"Content-Type": "text/html"}), "challenge"),
    ("down", Answer(500, b"oops"), "http-error"),
]  # fmt: skip


def test_bad_sources_are_recorded_and_do_not_stop_the_good_one(apart: Deployment) -> None:
    service = apart
    for name, answer, _ in BAD:
        service.source.answers[f"/{name}.xml"] = answer
    service.source.answers["/good.xml"] = rss(GOOD)
    service.feeds(
        service.feed("good", "US", "/good.xml"),
        *(service.feed(f"bad-{n}", "US", f"/{n}.xml") for n, _, _ in BAD if n != "busy"),
        # patience is asked for a whole host, so the impatient one has a name of its own
        service.feed("bad-busy", "US", "/busy.xml").replace("127.0.0.1", "localhost"),
    )

    outcome = service.good("run", "--once", "--at", "2026-03-02T10:00Z", "--format", "json")
    lines = {str(line["feed"]): line for line in outcome.lines if line["step"] == "poll"}

    assert lines["good"]["outcome"] == "ok"
    assert {name: lines[f"bad-{name}"]["outcome"] for name, _, _ in BAD} == {
        name: state for name, _, state in BAD
    }
    assert all(lines[f"bad-{name}"]["detail"] for name, _, _ in BAD), "each says what happened"
    assert all(str(line["next"]) > "2026-03-02T10:00" for line in lines.values()), "each has a next time"


def test_a_server_that_asked_for_patience_is_left_alone_also_by_hand(service: Deployment) -> None:
    service.source.answers["/busy.xml"] = Answer(429, headers={"Retry-After": "600"})
    service.feeds(service.feed("busy", "US", "/busy.xml"))
    service.round("2026-03-02T10:00Z")

    outcome = service.alerts("poll", "busy", "--at", "2026-03-02T10:05Z")
    assert outcome.code == 1
    assert "patience" in outcome.err and "5 min" in outcome.err
    assert len(service.source.requests) == 1


HOSTILE_TITLE = "Patent\x00 alert\u2028 \u202egnp.exe\u202c\u200b " + "very " * 2000


def test_a_hostile_title_reaches_the_digest_clean(service: Deployment) -> None:
    entry = Entry(
        HOSTILE_TITLE.replace("\x00", "&#0;"), "h1", "Mon, 02 Mar 2026 09:00:00 GMT", "About a patent."
    )
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(entry)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")
    (mail,) = service.mails()
    whole = mail.as_string()
    for character in ("\x00", "\u2028", "\u202e", "\u200b"):
        assert character not in whole
    assert all(len(line) <= 998 for line in service.mail.messages[0].content.split(b"\r\n"))


@pytest.mark.parametrize("path", ["/one.xml", "/two.xml"])
def test_the_same_document_twice_gives_no_new_item(service: Deployment, path: str) -> None:
    service.source.answers[path] = Answer(body=rss(GOOD).body)  # no validators: the server always answers 200
    service.feeds(service.feed("us", "US", path))
    service.good("poll", "us", "--at", "2026-03-02T10:00Z")
    outcome = service.good("poll", "us", "--at", "2026-03-02T12:00Z", "--format", "json")
    assert outcome.lines[0]["outcome"] == "unchanged"
    assert len(service.good("items", "--format", "json").lines) == 1


def test_status_shows_a_failing_source_and_what_waits_at_once(service: Deployment) -> None:
    service.source.answers["/busy.xml"] = Answer(429, headers={"Retry-After": "7200"})
    service.source.answers["/gone.xml"] = Answer(410)
    service.source.answers["/good.xml"] = rss(GOOD)
    service.feeds(
        service.feed("a-gone", "US", "/gone.xml"),
        service.feed("b-busy", "US", "/busy.xml"),
        service.feed("c-good", "US", "/good.xml"),
    )
    service.round("2026-03-02T10:00Z")

    outcome = service.alerts("status", "--at", "2026-03-02T10:05Z")
    assert outcome.code == 1
    assert "2 failing" in outcome.out
    assert "wait because their server asked for patience: 1 (c-good)" in outcome.out
