"""Feishu (飞书) and Lark custom bots.

A post of nodes, so words are never marks; at most 20 KB, 100 messages a minute and 5 a second. With a secret the body carries
``timestamp`` (seconds, within an hour) and ``sign``, whose key is the time and the secret and whose text is empty. Around full and half hours the
platform answers 11232 for want of room. Source: open.feishu.cn, "Custom bot usage guide".
"""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

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
)
from alerts.deliver.posts.fit import fitted
from alerts.deliver.posts.marks import inert, padded
from alerts.domain.chat import Block, ChatText, Line, Span
from alerts.domain.posts import Keep
from alerts.domain.vocabulary import Language
from alerts.net import Answer

LIMIT = 20_000  # bytes of the whole request, of 20,480 that are allowed; the rest is for the signature
GAP = timedelta(seconds=0.7)
BAD_REQUEST = 9499  # also for too many at a time: then it says so
CODES = {
    Said.BUSY: frozenset({11232, 11233, 99991400}),
    Said.GONE: frozenset({19001, 19007}),
    Said.MISCONFIGURED: frozenset({19021, 19022, 19024}),
    Said.REFUSED: frozenset({BAD_REQUEST, 19002, 19003}),
}


def body(chat: ChatText) -> str:
    """Return a post."""
    return _message(chat, fitted(chat, lambda blocks: len(_message(chat, blocks).encode()) <= LIMIT))


def call(keep: Keep, posting: Posting) -> Call:
    """Return the request, signed where there is a secret."""
    text = posting.body
    if keep.secrets:
        stamp = int(posting.at.timestamp())
        seal = {"timestamp": str(stamp), "sign": signature(keep.secrets[0], stamp)}
        text = f"{encoded(seal)[:-1]},{text[1:]}"
    return Call(keep.url, JSON, text.encode("utf-8", "replace"))


def signature(secret: str, stamp: int) -> str:
    """Return the signature of a time in seconds."""
    return b64encode(hmac.new(f"{stamp}\n{secret}".encode(), digestmod=sha256).digest()).decode()


def hear(answer: Answer) -> Heard:
    """Return what ``code`` says; older answers call it ``StatusCode``."""
    numbers = numbers_of(answer)
    heard = by_number(numbers.get("code", numbers.get("StatusCode")), CODES, answer)
    if heard.code == BAD_REQUEST and "too many" in heard.words.lower():
        return Heard(Said.BUSY, heard.words, code=heard.code)
    return heard


def _message(chat: ChatText, blocks: Sequence[Block]) -> str:
    tongue = "zh_cn" if chat.language == Language.CHINESE else "en_us"
    lines = [_line(line) for block in _spaced(blocks) for line in block]
    content = {"post": {tongue: {"title": inert(chat.title), "content": lines}}}
    return encoded({"msg_type": "post", "content": content})


def _spaced(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with an empty line between two."""
    blank: Block = ((Span(" "),),)
    return [each for block in blocks for each in (blank, block)][1:]


def _line(line: Line) -> list[dict[str, str]]:
    return [_node(span) for span in line]


def _node(span: Span) -> dict[str, str]:
    before, text, after = padded(span)
    if span.url:
        return {"tag": "a", "text": text, "href": span.url}
    return {"tag": "text", "text": f"{before}{text}{after}"}


FEISHU = Dialect(("open.feishu.cn", "open.larksuite.com"), GAP, signed=True, body=body, call=call, hear=hear)
