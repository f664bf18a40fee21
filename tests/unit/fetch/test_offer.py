"""Hubs and topics are found in headers and documents, and odd ones are passed over."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Document, Parsed, Unchanged, Validators
from alerts.domain.feeds import Feed
from alerts.domain.push import LONGEST_ADDRESS, Offer
from alerts.fetch import offer_of
from alerts.parse import parse_here
from tests.builders import a_feed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = "https://office.example/feed.xml"
HUB, OTHER = "https://hub.example/", "https://second.example/hub"


def answered(body: bytes = b"", link: str | None = None, kind: str = "application/xml") -> Document:
    headers = {"content-type": kind} | ({"link": link} if link else {})
    return Document(HERE, HERE, 200, headers, body, NOW)


def offered(document: Document, feed: Feed | None = None) -> Offer:
    return offer_of(document, parse_here(document, feed or a_feed()))


def rss(links: str) -> bytes:
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="2.0" {atom}><channel><title>T</title>{links}<item><title>A</title><link>https://office.example/1</link></item></channel></rss>'.encode()


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>x</id>
<link rel="hub" href="{HUB}"/><link rel="hub" href="/hub"/><link rel="self" href="/canonical.atom"/>
<entry><id>1</id><title>A</title><link rel="self" href="/entry"/></entry></feed>""".encode()


def test_hub_and_self_are_read_from_rss_atom_and_json_feed() -> None:
    links = f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="https://cdn.example/feed"/>'
    assert offered(answered(rss(links))) == Offer((HUB,), "https://cdn.example/feed")

    canonical = "https://office.example/canonical.atom"
    assert offered(answered(ATOM)) == Offer((HUB, "https://office.example/hub"), canonical)

    body = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://office.example/f.json",
    "hubs": [{"type": "rssCloud", "url": "https://cloud.example"}, {"type": "WebSub", "url": "https://hub.example/"}, 7],
    "items": [{"id": "1", "url": "https://office.example/1"}]}"""
    assert offered(answered(body, kind="application/json")) == Offer((HUB,), "https://office.example/f.json")


@pytest.mark.parametrize(
    "link",
    [
        f'<{HUB}>; rel="hub", <{HERE}?self>; rel="self"',
        f"<{HUB}>;rel=hub,<{HERE}?self>;rel=self",
        f'<{HERE}?self>; title="a, b; c"; rel="SELF", <{HUB}>; rel="alternate HUB"',
        f'<https://other.example>; rel="preconnect", <{HUB}>; rel="hub"; crossorigin, <{HERE}?self>; rel="canonical self"',
    ],
)
def test_every_form_of_a_link_header_is_read(link: str) -> None:
    assert offer_of(answered(link=link), Parsed(())) == Offer((HUB,), f"{HERE}?self")


def test_the_header_comes_before_the_document_and_what_it_lacks_comes_from_there() -> None:
    found = offered(answered(ATOM, link=f"<{OTHER}>; rel=hub"))
    assert found == Offer((OTHER,), "https://office.example/canonical.atom")


def test_without_a_self_the_address_that_answered_is_the_topic() -> None:
    assert offered(answered(rss(f'<atom:link rel="hub" href="{HUB}"/>'))) == Offer((HUB,), HERE)


def test_an_answer_that_says_unchanged_takes_nothing_back() -> None:
    found = offer_of(Unchanged(Validators('"1"'), {}, NOW, HERE))
    assert (found.hubs, found.whole) == ((), False)


@pytest.mark.parametrize(
    "hub",
    [
        "javascript:alert(1)",
        "ftp://hub.example",
        "file:///etc/passwd",
        "https://hub.example/\x07",
        "h" * (LONGEST_ADDRESS + 1),
    ],
)
def test_what_is_no_web_address_is_no_hub(hub: str) -> None:
    found = offer_of(answered(), Parsed((), hubs=(hub,), topic=hub))
    assert found == Offer((), HERE)


@given(st.text(max_size=400))
def test_no_link_header_is_an_exception(header: str) -> None:
    offer_of(answered(link=header or "-"), Parsed(()))


def test_a_header_made_to_run_away_is_read_at_once() -> None:
    for header in (
        "<a>" + ";a" * 8000,
        "<a>" + "; a" * 5000 + "<",
        '<a>;rel="' * 1500,
        "<a>" + " " * 16000 + ";",
    ):
        began = time.perf_counter()
        offer_of(answered(link=header), Parsed(()))
        assert time.perf_counter() - began < 1
