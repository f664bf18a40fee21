"""DingTalk (钉钉) custom group robots.

Messages of at most 20,000 bytes (more is 460101), 20 a minute and robot; more is 130101, and the robot is deaf for ten minutes.
With a secret the address carries ``timestamp`` (milliseconds, within an hour) and ``sign``. One number, 310000, stands for a
wrong signature, a missing keyword and an address that is not on the robot's list.
Source: open.dingtalk.com, "Custom robot access", "Security settings", "Error codes of custom robots".
"""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote_plus

from alerts.deliver.posts.dialect import (
    JSON,
    Call,
    Dialect,
    Heard,
    Posting,
    Said,
    by_number,
    encoded,
    numbers_of,
    words_of,
)
from alerts.deliver.posts.fit import fitted
from alerts.deliver.posts.marks import inert, markdown
from alerts.domain.chat import Block, ChatText
from alerts.domain.posts import Keep
from alerts.net import Answer

LIMIT = 20_000  # bytes of the whole message
GAP = timedelta(seconds=3.2)
DEAF = timedelta(minutes=10)
CODES = {
    Said.BUSY: frozenset({-1, 90018, 90030, 130101, 130102, 130103, 410100}),
    Said.GONE: frozenset({300001, 300005, 400013, 400101, 400102, 400106}),
    Said.MISCONFIGURED: frozenset({310000}),
    Said.REFUSED: frozenset({40035, 400105, 430101, 430102, 430103, 430104, 460101}),
}


def body(chat: ChatText) -> str:
    """Return a Markdown message that mentions nobody."""
    return _message(chat, fitted(chat, lambda blocks: len(_message(chat, blocks).encode()) <= LIMIT))


def call(keep: Keep, posting: Posting) -> Call:
    """Return the request, signed where there is a secret."""
    url = keep.url
    if keep.secrets:
        stamp = int(posting.at.timestamp() * 1000)
        join = "&" if "?" in url else "?"
        url = f"{url}{join}timestamp={stamp}&sign={quote_plus(signature(keep.secrets[0], stamp))}"
    return Call(url, JSON, posting.body.encode("utf-8", "replace"))


def signature(secret: str, stamp: int) -> str:
    """Return the signature of a time in milliseconds."""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), sha256).digest()
    return b64encode(digest).decode()


def hear(answer: Answer) -> Heard:
    """Return what ``errcode`` says; a robot that was too quick may also be answered ``punish``."""
    numbers = numbers_of(answer)
    if numbers.get("punish"):
        return Heard(Said.BUSY, words_of(answer), DEAF, answer.status)
    heard = by_number(numbers.get("errcode"), CODES, answer)
    too_quick = heard.said is Said.BUSY and heard.code != -1
    return Heard(heard.said, heard.words, DEAF, heard.code) if too_quick else heard


def _message(chat: ChatText, blocks: Sequence[Block]) -> str:
    text = markdown(chat.title, blocks, "  \n")
    at = {"isAtAll": False, "atMobiles": [], "atUserIds": []}
    return encoded({"msgtype": "markdown", "markdown": {"title": inert(chat.title), "text": text}, "at": at})


DINGTALK = Dialect(
    ("oapi.dingtalk.com", "api.dingtalk.com"), GAP, signed=True, body=body, call=call, hear=hear
)
