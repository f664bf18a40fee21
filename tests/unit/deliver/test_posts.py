"""What each platform is sent: within its limits, cut at an item's edge, and never with a mark that a source wrote."""

import hmac
import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.deliver import DIALECTS, Vault
from alerts.deliver.posts.dialect import Posting
from alerts.deliver.posts.webhook import echoed, new_secret, read_secret
from alerts.domain.chat import Block, ChatText, Span, Style
from alerts.domain.errors import InputError
from alerts.domain.posts import Keep
from alerts.domain.vocabulary import ChannelKind, Language, Severity
from alerts.net import Answer as NetAnswer
from alerts.render import Renderer
from tests.digests import LINKS, NOW, a_digest, a_line

CHATS = [kind for kind in DIALECTS if kind is not ChannelKind.WEBHOOK]
EVERY = pytest.mark.parametrize("kind", CHATS)
LIMITS = {
    ChannelKind.WECOM: 4096,
    ChannelKind.DINGTALK: 20_000,
    ChannelKind.FEISHU: 20 * 1024,
    ChannelKind.TEAMS: 28 * 1024,
}


def words(kind: ChannelKind, body: str) -> str:
    """Return all that people read in a message."""
    found: Any = json.loads(body)
    if kind is ChannelKind.WECOM:
        return str(found["markdown"]["content"])
    if kind is ChannelKind.DINGTALK:
        return str(found["markdown"]["text"])
    if kind is ChannelKind.SLACK:
        return "\n".join(block["text"]["text"] for block in found["blocks"])
    if kind is ChannelKind.FEISHU:
        (post,) = found["content"]["post"].values()
        return "\n".join("".join(node["text"] for node in line) for line in post["content"])
    card = found["attachments"][0]["content"]
    return "\n".join("".join(run["text"] for run in block["inlines"]) for block in card["body"])


def size(kind: ChannelKind, body: str) -> int:
    return len((words(kind, body) if kind is ChannelKind.WECOM else body).encode())


def a_chat(number: int, language: Language = Language.ENGLISH, **item: object) -> ChatText:
    """Return a digest of so many items that are nobody's burst."""
    severities = list(Severity)
    lines = []
    for n in range(1, number + 1):
        line = a_line(n, severities[n % 4], **({"title": f"Notice {n} says {chr(64 + n % 26) * 9}"} | item))
        stored = replace(line.stored, feed_id=f"feed-{n}")
        lines.append(replace(line, stored=stored))
    return Renderer().posted.chat(a_digest(*lines, language=language), LINKS, alert=False)


@EVERY
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("number", [1, 8, 50])
def test_a_message_stays_within_the_platforms_limits(
    kind: ChannelKind, language: Language, number: int
) -> None:
    chat = a_chat(number, language, title="关于修改商标注册费用标准的公告" * 10, summary="摘要" * 500)
    body = DIALECTS[kind].body(chat)

    if kind is ChannelKind.SLACK:
        blocks = json.loads(body)["blocks"]
        assert len(blocks) <= 50
        assert all(len(block["text"]["text"]) <= 3000 for block in blocks)
        assert len(blocks[0]["text"]["text"]) <= 150
    else:
        assert size(kind, body) <= LIMITS[kind]
    assert LINKS.archive.split("?")[0] in body


@EVERY
def test_what_has_no_room_is_left_out_whole_and_counted_and_the_severe_stay(kind: ChannelKind) -> None:
    chat = a_chat(50, title="T" * 230)
    text = words(kind, DIALECTS[kind].body(chat))

    told = text.count("T" * 200)
    (more,) = re.findall(r"and (\d+) more notices", text)
    assert 0 < told < 50
    assert told + int(more) == 50
    assert text.count("Why you get it") == told, "each is whole"
    # 12 of 50 are critical; none of the others stands while one of them does not.
    assert text.count("◆") >= min(told, 12)


def test_what_is_left_out_is_the_least_severe_whatever_its_jurisdiction() -> None:
    lines = []
    for n in range(1, 31):
        severity = Severity.CRITICAL if n == 1 else Severity.LOW if n % 2 else Severity.HIGH
        line = a_line(
            n, severity, jurisdiction="US" if n == 1 or n % 2 else "CN", title=f"N{n} {chr(64 + n % 26) * 9}"
        )
        lines.append(replace(line, stored=replace(line.stored, feed_id=f"feed-{n}")))
    chat = Renderer().posted.chat(a_digest(*lines), LINKS, alert=False)
    text = words(ChannelKind.WECOM, DIALECTS[ChannelKind.WECOM].body(chat))

    body = text.partition("N1 ")[2]
    assert "▲" in body, "a high one of another jurisdiction is told"
    assert "■" not in body, "before any low one of the first"


@EVERY
def test_one_short_digest_has_everything(kind: ChannelKind) -> None:
    text = words(kind, DIALECTS[kind].body(a_chat(2)))

    assert "more notice" not in text
    for piece in ("Notice 1", "Notice 2", "4 December 2026", "What was watched", "em-eurlex", "patent"):
        assert piece in text


HOSTILE = "[click](https://evil.example) <@all> <!channel> @all <https://evil.example|x> **b** `c` ~d~ <font> & \\[e]"


@EVERY
def test_a_title_cannot_mention_link_or_mark(kind: ChannelKind) -> None:
    body = DIALECTS[kind].body(a_chat(1, title=HOSTILE, publisher=HOSTILE))
    text = words(kind, body)

    if kind is not ChannelKind.TEAMS:  # its runs are no Markdown, and nobody is mentioned without an entity
        for mark in ("<@", "<!channel", "@all", "<https://evil", "[click]", "**b**", "`c`", "~d~", "<font"):
            assert mark not in text, mark
    found = json.loads(body)
    marked = "" if kind is ChannelKind.TEAMS else text
    links = re.findall(r'"(?:href|url)":"([^"]+)"', body) + re.findall(
        r"\]\((https?://[^)]+)\)|<(https?://[^|>]+)\|", marked
    )
    assert not [one for one in links if "evil" in str(one)]
    assert "entities" not in body
    if kind is ChannelKind.DINGTALK:
        assert found["at"] == {"isAtAll": False, "atMobiles": [], "atUserIds": []}
    if kind is ChannelKind.FEISHU:
        (post,) = found["content"]["post"].values()
        assert {node["tag"] for line in post["content"] for node in line} == {"text", "a"}


SPAN = st.builds(
    Span, st.text(max_size=60), st.sampled_from(Style), st.sampled_from([None, "https://a.example/x(y)|z"])
)
BLOCK = st.lists(st.lists(SPAN, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


@EVERY
@settings(max_examples=40, deadline=None)
@given(title=st.text(max_size=80), blocks=st.lists(BLOCK, max_size=6))
def test_any_words_make_a_message(kind: ChannelKind, title: str, blocks: list[Block]) -> None:
    more = tuple(((Span("more"),),) for _ in range(len(blocks) + 1))
    chat = ChatText("en", NOW, title, (), tuple(blocks), more, (), ((Span("foot"),),))
    body = DIALECTS[kind].body(chat)

    assert json.loads(body)
    assert "<!" not in words(kind, body) or kind is ChannelKind.TEAMS


def test_an_address_ends_where_it_should_inside_marks() -> None:
    chat = a_chat(1, url="https://office.example/a_(b)?q=[1]|2&r=3*4")
    assert "(https://office.example/a_%28b%29?q=%5B1%5D%7C2&r=3%2A4)" in words(
        ChannelKind.WECOM, DIALECTS[ChannelKind.WECOM].body(chat)
    )
    assert "<https://office.example/a_%28b%29?q=%5B1%5D%7C2&amp;r=3%2A4|" in words(
        ChannelKind.SLACK, DIALECTS[ChannelKind.SLACK].body(chat)
    )


def test_a_long_address_gives_way_to_the_items_own_page() -> None:
    chat = a_chat(1, url="https://office.example/" + "x" * 2000)
    body = DIALECTS[ChannelKind.WECOM].body(chat)

    assert "xxx" not in body
    assert "Notice 1" in body


# Signatures


def test_a_webhook_is_signed_as_the_published_example() -> None:
    """The example of the Standard Webhooks libraries."""
    keep = Keep("https://hooks.acme.example/x", ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",))
    posting = Posting(
        '{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC)
    )

    headers = DIALECTS[ChannelKind.WEBHOOK].call(keep, posting).headers

    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_dingtalk_signs_the_address_with_milliseconds() -> None:
    keep = Keep("https://oapi.dingtalk.com/robot/send?access_token=t", ("SECx",))
    at = datetime(2026, 3, 2, 12, 0, 0, 500_000, tzinfo=UTC)
    query = parse_qs(urlsplit(DIALECTS[ChannelKind.DINGTALK].call(keep, Posting("{}", "m", at)).url).query)

    assert query["timestamp"] == ["1772452800500"]
    expected = hmac.digest(b"SECx", b"1772452800500\nSECx", "sha256")
    assert query["sign"] == [b64encode(expected).decode()]
    assert query["access_token"] == ["t"]


def test_feishu_signs_nothing_with_time_and_secret_as_the_key() -> None:
    keep = Keep("https://open.feishu.cn/open-apis/bot/v2/hook/x", ("demo",))
    at = datetime.fromtimestamp(1599360473, UTC)
    body = json.loads(DIALECTS[ChannelKind.FEISHU].call(keep, Posting('{"msg_type":"post"}', "m", at)).body)

    assert body["timestamp"] == "1599360473"
    assert body["sign"] == b64encode(hmac.new(b"1599360473\ndemo", b"", sha256).digest()).decode()
    assert body["msg_type"] == "post"


@EVERY
def test_without_a_secret_nothing_is_added(kind: ChannelKind) -> None:
    keep = Keep("https://a.example/x?key=k", ())
    call = DIALECTS[kind].call(keep, Posting('{"a":1}', "m", NOW))

    assert (call.url, call.body) == (keep.url, b'{"a":1}')


def test_a_secret_is_made_long_enough_and_a_bad_one_is_refused() -> None:
    assert read_secret(f" {new_secret()}\n") != new_secret()
    for bad in (
        "",
        "whsec_",
        "whsec_abc",
        "whsec_%%%",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_" + "A" * 200,
    ):
        with pytest.raises(InputError, match="24 to 64 bytes"):
            read_secret(bad)


@pytest.mark.parametrize(
    ("kind", "host", "good"),
    [
        (ChannelKind.TEAMS, "prod-15.uksouth.logic.azure.com", True),
        (ChannelKind.TEAMS, "x.environment.api.powerplatform.com", True),
        (ChannelKind.TEAMS, "logic.azure.com.evil.example", False),
        (ChannelKind.SLACK, "hooks.slack.com", True),
        (ChannelKind.SLACK, "evilhooks.slack.com", False),
        (ChannelKind.FEISHU, "open.larksuite.com", True),
        (ChannelKind.WEBHOOK, "anything.example", True),
    ],
)
def test_a_platforms_addresses_lie_on_its_own_hosts(kind: ChannelKind, host: str, good: bool) -> None:
    assert DIALECTS[kind].serves(host) is good


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (ChannelKind.WECOM, 20), (ChannelKind.DINGTALK, 20), (ChannelKind.FEISHU, 100), (ChannelKind.SLACK, 60),
        (ChannelKind.TEAMS, 240),
    ],
)  # fmt: skip
def test_a_bot_is_paced_below_what_its_platform_publishes(kind: ChannelKind, most: int) -> None:
    assert timedelta(minutes=1) / DIALECTS[kind].gap < most


@pytest.mark.parametrize(
    ("body", "good"),
    [
        (b'{"challenge":"abc"}', True), (b"abc", True), (b'"abc"', True), (b" abc\n", True), (b'{"challenge":"abd"}', False),
        (b"", False), (b"ok", False), (b'{"challenge":null}', False), (b'["abc"]', False), ("\u00e4bc".encode(), False),
    ],
)  # fmt: skip
def test_only_the_challenge_itself_is_an_echo(body: bytes, good: bool) -> None:
    assert echoed(NetAnswer(200, {}, body, "https://a.example/"), "abc") is good


def test_what_is_sealed_opens_with_its_own_key_only() -> None:
    sealed = Vault(b"a" * 32).seal(Keep("https://a.example/t0ken", ("s3cret",)))

    assert Vault(b"a" * 32).open(sealed) == Keep("https://a.example/t0ken", ("s3cret",))
    assert "t0ken" not in sealed
    for key, text in ((b"b" * 32, sealed), (b"a" * 32, sealed[:-4] + "AAA="), (b"a" * 32, "nonsense")):
        with pytest.raises(InputError, match="ALERTS_SECRET_KEY"):
            Vault(key).open(text)
    assert "t0ken" not in repr(Keep("https://a.example/t0ken"))
