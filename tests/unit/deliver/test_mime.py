"""The bytes that travel: valid, the same each time, with list headers letter for letter."""

import email
import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.deliver import encode, message_id, sender_of
from alerts.deliver.headers import literal_field, mailbox_field, text_field
from alerts.domain.digests import DeliveryClaim, Message
from alerts.domain.errors import InputError
from alerts.domain.places import mark
from alerts.domain.vocabulary import Language
from tests.digests import NOW, a_claim, a_message

SENDER = sender_of("alerts@alerts.example")
HOSTILE = [
    "nul\x00inside", "line\u2028separator", "vertical\x0btab", "form\x0cfeed", "carriage\r\nBcc: x@y.example",
    "\u202eevil\u202c", "=?utf-8?q?looks_encoded?=", "a" * 10_000, "中" * 10_000, "😀" * 300, "\ud800 half a pair",
    "", " ", "tab\tbed", "x " * 500,
]  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def check_form(raw: bytes) -> None:
    """Hold RFC 5322 and 2047: line ends, lengths, encoded-words, and no defect that Python's parser sees."""
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head, _, body = raw.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        assert len(line) <= 78 or len(line.split()) <= 2, line
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", head))
    assert all(len(line) <= 78 for line in body.split(b"\r\n"))
    message = parsed(raw)
    assert not message.defects
    assert not any(part.defects for part in message.walk())


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_any_text_becomes_a_valid_message_that_reads_back(subject: str, text: str, html: str) -> None:
    raw = encode(a_claim(a_message(subject, text, html)), SENDER)

    check_form(raw)
    plain, rich = parsed(raw).iter_parts()
    assert plain.get_content().split() == text.encode("utf-8", "replace").decode().split()
    assert rich.get_content().split() == html.encode("utf-8", "replace").decode().split()


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_subject_leaves_no_control_character_and_no_second_header(title: str) -> None:
    raw = encode(a_claim(a_message(title)), SENDER)

    check_form(raw)
    subject = str(parsed(raw)["Subject"])
    assert not re.search("[\x00-\x1f\x7f\u2028\u2029]", subject)
    assert parsed(raw)["Bcc"] is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=300))
def test_a_subject_reads_back_as_it_was(title: str) -> None:
    raw = encode(a_claim(a_message(title)), SENDER)

    assert "".join(str(parsed(raw)["Subject"]).split()) == "".join(title.split())


def test_a_subject_that_looks_encoded_stays_what_it_is() -> None:
    raw = encode(a_claim(a_message("=?utf-8?q?not_really?=")), SENDER)

    assert parsed(raw)["Subject"] == "=?utf-8?q?not_really?="


@pytest.mark.parametrize("token", ["a" * 26, "b" * 200])
def test_the_unsubscribe_address_stands_literally(token: str) -> None:
    url = f"https://alerts.example.org/u/{token}"
    headers = (("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    raw = encode(a_claim(replace(a_message(), headers=headers)), SENDER)

    assert re.findall(rb"\r\nList-Unsubscribe: ?(?:\r\n )?(<[^\r]*)", raw) == [f"<{url}>".encode()]
    assert b"\r\nList-Unsubscribe: <https://" in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_copies_have_the_same_bytes_whatever_the_attempt() -> None:
    first = a_claim()
    later = a_claim(attempt=5, failures=4, first_attempt_at=NOW)

    assert encode(first, SENDER) == encode(later, SENDER)


def test_chinese_travels_as_base64_and_latin_as_quoted_printable() -> None:
    chinese = encode(a_claim(a_message("标题", "知识产权" * 200, "<p>" + "知识产权" * 200 + "</p>")), SENDER)
    latin = encode(a_claim(a_message("Title", "A cup of café\n" * 50, "<p>A cup of café</p>\n" * 50)), SENDER)

    assert chinese.count(b"Content-Transfer-Encoding: base64") == 2
    assert latin.count(b"Content-Transfer-Encoding: quoted-printable") == 2


def test_everything_says_that_no_person_wrote_it() -> None:
    message = parsed(encode(a_claim(), SENDER))

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def streams(*claims: DeliveryClaim) -> list[str]:
    return [str(parsed(encode(claim, SENDER))["List-Id"]).partition("<")[2] for claim in claims]


def test_a_stream_has_one_list_id_for_all_its_readers_and_another_stream_another() -> None:
    daily, other, weekly, urgent = streams(
        a_claim(),
        a_claim(
            id=2, address="other@b.example", endpoint_public_id="f" * 26, message_id="<2@alerts.example>"
        ),
        a_claim(rhythm="weekly"),
        a_claim(urgent=True),
    )

    assert daily == other == "daily.alerts.alerts.example>"
    assert len({daily, weekly, urgent}) == 3


def test_only_digests_are_bulk() -> None:
    assert parsed(encode(a_claim(), SENDER))["Precedence"] == "bulk"
    assert parsed(encode(a_claim(urgent=True), SENDER))["Precedence"] is None


def test_feedback_is_grouped_by_stream_and_never_by_reader() -> None:
    one = parsed(encode(a_claim(), SENDER))["Feedback-ID"]
    other = parsed(encode(a_claim(id=9, address="z@z.example", endpoint_public_id="z" * 26), SENDER))[
        "Feedback-ID"
    ]

    assert one == other
    assert str(one).startswith("202611:daily:en:")
    assert 5 <= len(str(one).rpartition(":")[2]) <= 15


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "IP Risk Alerts"), ("zh-Hans", "知识产权风险预警"), ("fr", "IP Risk Alerts")],
)
def test_the_sender_is_named_in_the_readers_language(language: str, name: str) -> None:
    message = Message("Subject", "t", "h", language)
    sender = parsed(encode(a_claim(message), SENDER))["From"].addresses[0]

    assert (sender.display_name, sender.addr_spec) == (name, "alerts@alerts.example")


def test_a_recipient_that_is_two_addresses_is_refused() -> None:
    with pytest.raises(InputError):
        encode(a_claim(address="a@b.example\r\nBcc: c@d.example"), SENDER)


def test_a_message_id_follows_from_its_key_alone() -> None:
    assert message_id("digest:1", "alerts.example") == message_id("digest:1", "alerts.example")
    assert message_id("digest:1", "alerts.example") != message_id("digest:2", "alerts.example")
    assert re.fullmatch(r"<[0-9a-f]{32}@xn--bcher-kva\.example>", message_id("digest:1", "bücher.example"))


def test_a_literal_header_refuses_what_would_break_it() -> None:
    for value in ("<https://a.example/\r\nBcc: x>", "<https://例.example/>"):
        with pytest.raises(InputError):
            literal_field("List-Unsubscribe", value)


@given(st.text(max_size=120))
def test_any_display_name_reads_back(phrase: str) -> None:
    raw = mailbox_field("From", phrase, "a@b.example") + "\r\n"
    message = parsed(raw.encode())

    address = message["From"].addresses[0]
    assert address.addr_spec == "a@b.example"


def test_a_subject_without_blanks_is_still_folded() -> None:
    assert max(map(len, text_field("Subject", "x" * 500).split("\r\n"))) <= 78


def test_every_language_has_a_sender_name() -> None:
    assert set(SENDER.names) == set(Language)


WORD = st.text(max_size=90)
SHARED = st.lists(
    st.text(max_size=120) | st.sampled_from(["line.\n", "通知 ", ".\n.", "=3D ", " "]), max_size=6
)


@example(["a"], ["b"], ["0", "\n"])
@given(SHARED, SHARED, st.lists(WORD, min_size=2, max_size=2))
def test_words_put_into_their_places_read_as_if_they_had_always_stood_there(
    before: list[str], after: list[str], words: list[str]
) -> None:
    text = "".join([*before, mark("company"), *after, mark("because.wrapped"), "\n", mark("company"), "\n"])
    own = {"company": words[0], "because.wrapped": words[1]}
    shared = replace(a_message(text="x" + text, html=text), words=tuple(own.items()))

    raw = encode(a_claim(shared), SENDER)

    check_form(raw)
    whole = encode(a_claim(shared.whole), SENDER)
    for mine, theirs in zip(parsed(raw).iter_parts(), parsed(whole).iter_parts(), strict=True):
        assert mine.get_content().rstrip().splitlines() == theirs.get_content().rstrip().splitlines()
    assert encode(a_claim(shared), SENDER) == raw
