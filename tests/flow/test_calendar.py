"""A company's calendar follows its sources: a deadline appears, moves, and is cancelled, under one identity."""

import io
from http.client import HTTPConnection
from urllib.parse import urlsplit

import feedparser
from icalendar import Calendar

from tests.deployment import Deployment, Entry, free_port, rss, until

TITLE = "Proposed rule on trademark fees, 商标费用征求意见，关于修改商标申请费用及审查程序若干规定的通知; comments, please"
TEXT = "The trademark office proposes new fees. Comments must be received on or before {}."


def told(service: Deployment, at: str, when: str) -> None:
    entry = Entry(TITLE, "rule", "Mon, 02 Mar 2026 09:00:00 GMT", TEXT.format(when))
    service.source.answers["/us.xml"] = rss(entry)
    service.round(at)


def events(service: Deployment) -> list[dict[str, str]]:
    text = service.good("calendar", "ip@acme.example", "--export").out
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "X-PUBLISHED-TTL:PT6H\r\n" in text.replace("\r\n", "\n").replace("\n", "\r\n")
    found = Calendar.from_ical(text).walk("VEVENT")
    return [
        {
            "uid": str(one["uid"]),
            "day": one.decoded("dtstart").isoformat(),
            "sequence": str(one["sequence"]),
            "status": str(one["status"]),
            "summary": str(one["summary"]),
        }
        for one in found
    ]


def test_a_deadline_moves_and_is_cancelled_as_its_source_does(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(Entry("Old", "old", "Mon, 05 Feb 2024 09:00:00 GMT"))
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.subscribe("other@else.example", "CN", now="2026-03-02T20:00Z")
    service.round("2026-03-01T10:00Z")
    assert events(service) == []

    told(service, "2026-03-02T12:00Z", "April 15, 2026")
    (first,) = events(service)
    assert (first["day"], first["sequence"], first["status"]) == ("2026-04-15", "0", "CONFIRMED")
    assert TITLE[:60] in first["summary"]
    assert "END:VEVENT" not in service.good("calendar", "other@else.example", "--export").out

    told(service, "2026-03-03T12:00Z", "May 20, 2026")
    (moved,) = events(service)
    assert (moved["uid"], moved["day"], moved["sequence"]) == (first["uid"], "2026-05-20", "1")

    withdrawn = "Withdrawn. " + TEXT.format("May 20, 2026")
    service.source.answers["/us.xml"] = rss(Entry(TITLE, "rule", "Mon, 02 Mar 2026 09:00:00 GMT", withdrawn))
    service.round("2026-03-03T18:00Z")
    (off,) = events(service)
    assert (off["day"], off["sequence"], off["status"]) == ("2026-05-20", "2", "CANCELLED")
    told(service, "2026-03-03T22:00Z", "May 20, 2026")
    (on,) = events(service)
    assert (on["uid"], on["sequence"], on["status"]) == (first["uid"], "3", "CONFIRMED")

    service.source.answers["/us.xml"] = rss(
        Entry(
            TITLE,
            "rule",
            "Mon, 02 Mar 2026 09:00:00 GMT",
            "The trademark office will set new fees at another time.",
        )
    )
    service.round("2026-03-04T12:00Z")
    (gone,) = events(service)
    assert (gone["uid"], gone["sequence"], gone["status"]) == (first["uid"], "4", "CANCELLED")


def test_the_address_opens_the_calendar_until_it_is_revoked(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(Entry("Old", "old", "Mon, 05 Feb 2024 09:00:00 GMT"))
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    told(service, "2026-03-02T12:00Z", "April 15, 2099")
    path = urlsplit(service.good("calendar", "ip@acme.example").out.strip()).path
    assert path.startswith("/calendar/") and path.endswith(".ics")
    port = free_port()
    with service.daemon(settings={"ALERTS_LISTEN": f"127.0.0.1:{port}", "ALERTS_METRICS_LISTEN": "off"}):
        until(lambda: ask(port, path)[0] == 200)
        _, headers, body = ask(port, path)
        assert headers["content-type"] == "text/calendar; charset=utf-8"
        assert "private" in headers["cache-control"]
        assert b"20990415" in body
        assert ask(port, path, headers["etag"])[0] == 304
        assert ask(port, path[:-6] + "AA.ics")[0] == 404

        fresh = urlsplit(service.good("calendar", "ip@acme.example", "--revoke").out.strip()).path

        assert ask(port, path)[0] == 404
        assert ask(port, fresh)[0] == 200


def ask(port: int, path: str, mark: str = "") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"If-None-Match": mark} if mark else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    except OSError:
        return 0, {}, b""
    finally:
        connection.close()


def test_the_private_feed_tells_what_the_company_was_told_and_why(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(Entry("Old", "old", "Mon, 05 Feb 2024 09:00:00 GMT"))
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.subscribe("other@else.example", "CN", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    told(service, "2026-03-02T12:00Z", "April 15, 2099")
    service.round("2026-03-03T08:01Z")
    mine, theirs = (
        urlsplit(service.good("calendar", who, "--feed").out.strip()).path
        for who in ("ip@acme.example", "other@else.example")
    )
    assert mine.startswith("/private/") and mine.endswith(".atom")
    port = free_port()
    with service.daemon(settings={"ALERTS_LISTEN": f"127.0.0.1:{port}", "ALERTS_METRICS_LISTEN": "off"}):
        until(lambda: ask(port, mine)[0] == 200)
        _, headers, body = ask(port, mine)
        feed = feedparser.parse(io.BytesIO(body))
        assert (len(feed.entries), feed.bozo) == (1, False)
        assert "商标费用征求意见" in feed.entries[0].title
        assert "United States" in feed.entries[0].content[0].value, "why it was told"
        assert "private" in headers["cache-control"] and headers["referrer-policy"] == "no-referrer"
        assert ask(port, mine, f'"x", W/{headers["etag"]}')[0] == 304
        assert len(feedparser.parse(io.BytesIO(ask(port, theirs)[2])).entries) == 0
        assert ask(port, mine.replace(".atom", "a.atom"))[0] == 404
        assert ask(port, mine.replace("/private/", "/calendar/").replace(".atom", ".ics"))[0] == 200
        service.good("calendar", "ip@acme.example", "--revoke")
        assert ask(port, mine)[0] == 404
