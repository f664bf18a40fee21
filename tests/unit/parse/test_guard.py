"""The guard refuses what costs more than it says, and lets ordinary documents through."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse.guard import guard
from tests.documents import rss

ITEM = "<title>Notice</title><link>https://office.example/1</link><description>&lt;p&gt;Text of it&lt;/p&gt;</description>"


@given(st.text(max_size=300))
def test_any_text_is_guarded_or_refused(text: str) -> None:
    try:
        assert guard(text).body.startswith(b"<?xml")
    except ParseError as refusal:
        assert refusal.outcome in {Outcome.HOSTILE, Outcome.NOT_A_FEED}


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "lol">]><r>&a;</r>',
        '<?xml version="1.0"?><!-- <x --><!DOCTYPE r [<!ENTITY a "lol">]><r/>',
        "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://192.0.2.1/x'> %p;]><r/>",
        '<!DOCTYPE r SYSTEM "x" [\n<!-- c --><!entity a SYSTEM "file:///etc/hostname">]><r/>',
        "<r><t>&a;</t>&nbsp;<!DOCTYPE r [<!ENTITY a 'lol'>]></r>",
        "<r><![CDATA[x]]>&nbsp;<!entity a 'lol'></r>",
        "<r>" + "<a>" * 70,
        "<r " + " ".join(f'a{n}="1"' for n in range(65)) + "/>",
        "<r><br><p " + " ".join(f"a{n}" for n in range(2000)) + ">&nbsp;</r>",
        "<r>" + "<a/>" * 60_001 + "</r>",
        "<r>" + "x y " * 600_000 + "</r>",
        "<r>&nbsp;" + "<p>" * 1_001,
        " " * 11_000_000,
    ],
    ids=["entity", "comment", "parameter", "lower", "inside", "inside-lower", "depth", "attributes", "loose", "elements", "run", "unclosed", "size"],
)  # fmt: skip
def test_each_way_to_cost_too_much_is_refused_at_once(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ParseError) as refusal:
        guard(text)
    assert refusal.value.outcome is Outcome.HOSTILE
    assert time.process_time() - started < 1


def test_an_endless_word_is_broken_and_nothing_else_is_touched() -> None:
    text = (
        "<r><author>a@" + "a." * 3_000 + "</author><title>T" + "x" * 10_000 + "</title><b>kept whole</b></r>"
    )
    body = guard(text).body.decode()
    assert max(map(len, body.replace("<", " ").replace(">", " ").split())) < 4096
    assert body.replace(" ", "").endswith(text.replace(" ", ""))
    assert "<b>kept whole</b>" in body


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss/>',
        "<!-- first --><?pi x?>\n\n<!-- <rss> --><rss/>",
        "\n" * 100_000 + "<rss/>",
        "junk before <rss/>",
    ],
)
def test_what_stands_before_the_root_is_dropped(text: str) -> None:
    guarded = guard(text)
    assert guarded.body.split(b"\n", 1)[1] == b"<rss/>"
    assert guarded.well_formed


def test_entities_of_html_and_control_characters_are_left_to_the_tolerant_reader() -> None:
    guarded = guard("<rss><title>Fees&nbsp;rise\x0b\x00</title></rss>")
    assert not guarded.well_formed
    assert guarded.stripped
    assert b"\x00" not in guarded.body


@pytest.mark.parametrize("text", ["<r>&nbsp;<![CDATA[<!ENTITY a 'b'>]]></r>", "<r>&nbsp;<!-- <!ENTITY a 'b'> --></r>", "<r>&nbsp;&lt;!ENTITY a></r>"])  # fmt: skip
def test_a_text_about_entities_declares_none(text: str) -> None:
    assert not guard(text).well_formed


def test_a_text_without_an_element_is_no_feed() -> None:
    with pytest.raises(ParseError) as refusal:
        guard("/etc/hostname")
    assert refusal.value.outcome is Outcome.NOT_A_FEED


def test_the_guard_is_linear_on_ordinary_feeds() -> None:
    text = rss(*[ITEM] * 5000)
    started = time.process_time()
    guard(text)
    assert (time.process_time() - started) / (len(text) / 1e6) < 0.2
