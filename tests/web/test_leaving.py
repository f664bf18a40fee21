"""The way out of the mails: RFC 8058, and a page for people."""

from datetime import timedelta
from http.client import HTTPConnection

import pytest

from alerts.domain.text import masked
from tests.web.world import Browser, World

MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    {"Content-Type": "multipart/form-data; boundary=b"},
)
URLENCODED = (b"List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})


@pytest.mark.parametrize("request_", [URLENCODED, MULTIPART], ids=["urlencoded", "multipart"])
def test_one_click_of_a_mail_program_ends_the_mails(
    world: World, browser: Browser, request_: tuple[bytes, dict[str, str]]
) -> None:
    answer = browser.ask("POST", f"/u/{world.token}", *request_)

    assert answer.status == 200
    assert "location" not in answer.headers and "set-cookie" not in answer.headers
    assert not world.active


@pytest.mark.parametrize("origin", ["https://mail.example", "null"])
def test_one_click_asks_for_neither_origin_nor_cookie(world: World, browser: Browser, origin: str) -> None:
    body, headers = URLENCODED
    foreign = headers | {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Cookie": "session=1"}

    assert browser.ask("POST", f"/u/{world.token}", body, foreign).status == 200
    assert not world.active


def test_clicking_again_is_no_fault_and_writes_nothing_more(world: World, browser: Browser) -> None:
    browser.ask("POST", f"/u/{world.token}", *URLENCODED)
    once = world.fingerprint()

    assert browser.ask("POST", f"/u/{world.token}", *URLENCODED).status == 200
    assert world.fingerprint() == once


def test_the_page_shows_a_button_and_pressing_it_ends_the_mails(world: World, browser: Browser) -> None:
    page = browser.get(f"/u/{world.token}")

    assert '<button type="submit" name="action" value="leave">' in page.text and world.active
    assert "l***@firm.example" in page.text and "legal@firm.example" not in page.text

    assert "no more mails" in browser.post(f"/u/{world.token}", action="leave").text
    assert not world.active
    assert "already stopped" in browser.get(f"/u/{world.token}").text


def test_a_stop_can_be_taken_back(world: World, browser: Browser) -> None:
    browser.post(f"/u/{world.token}", action="leave")

    assert "go on" in browser.post(f"/u/{world.token}", action="rejoin").text
    assert world.active
    assert browser.post(f"/u/{world.token}", action="rejoin").status == 200


@pytest.mark.parametrize(
    "body", [b"", b"List-Unsubscribe=Two-Clicks", b"action=delete", b"x=1&x=2", b"\xff\xfe=%zz"]
)
def test_a_post_that_asks_for_nothing_known_changes_nothing(
    still: World, reader: Browser, body: bytes
) -> None:
    before = still.fingerprint()

    answer = reader.ask("POST", f"/u/{still.token}", body, URLENCODED[1])

    assert answer.status == 400
    assert still.fingerprint() == before


@pytest.mark.parametrize(
    "change", ["{id}", "{id}.", "{id}.AAAAAAAAAAAAAAAAAAAAAA", "{token}A", "x{token}", "%00", "a%2Fb"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_token_is_told_nothing(still: World, reader: Browser, change: str, method: str) -> None:
    path = "/u/" + change.format(id=still.public_id, token=still.token)

    answer = reader.ask(method, path, *(URLENCODED if method == "POST" else (None, None)))

    assert answer.status == 404
    assert "firm.example" not in answer.text and still.active


def test_a_token_of_ours_for_nobody_is_answered_like_a_forged_one(still: World, reader: Browser) -> None:
    nobody = still.site.tokens.unsubscribe("0" * 20)

    assert reader.get(f"/u/{nobody}").text == reader.get("/u/forged").text


def test_the_page_is_kept_by_nobody(still: World, reader: Browser) -> None:
    for answer in (
        reader.get(f"/u/{still.token}"),
        reader.get("/u/forged"),
        reader.post(f"/u/{still.token}"),
    ):
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_refused_address_does_not_come_back_in_the_page(reader: Browser) -> None:
    assert "secret-word" not in reader.get("/u/secret-word").text


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_no_form_needs_is_refused(still: World, reader: Browser, chunked: bool) -> None:
    body = b"List-Unsubscribe=One-Click&x=" + b"x" * 70_000
    connection = HTTPConnection(reader.place, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request(
        "POST", f"/u/{still.token}", iter([body]) if chunked else body, kind, encode_chunked=chunked
    )
    status = connection.getresponse().status
    connection.close()

    assert status == 413
    assert still.active


def test_the_page_speaks_the_language_of_the_mails_unless_the_address_says_another(
    still: World, reader: Browser
) -> None:
    assert "Stop these mails?" in reader.get(f"/u/{still.token}", Accept_Language="zh").text
    assert "停止接收这些邮件？" in reader.get(f"/u/{still.token}?lang=zh").text


@pytest.mark.parametrize(
    ("address", "shown"), [("a@b.example", "a***@b.example"), ("", "***"), ("x", "***x")]
)
def test_an_address_is_shown_in_part(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_after_a_month_a_stop_is_not_taken_back(world: World, browser: Browser) -> None:
    browser.post(f"/u/{world.token}", action="leave")
    world.clock.move(timedelta(days=30, minutes=1))

    answer = browser.post(f"/u/{world.token}", action="rejoin")

    assert answer.status == 200 and "more than 30 days ago" in answer.text
    assert not world.active
