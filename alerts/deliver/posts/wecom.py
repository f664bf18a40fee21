"""WeCom (企业微信) group robots.

Markdown of at most 4,096 bytes in UTF-8 (more is 40058), 20 messages a minute and robot (more is 45009). The key in the address is
the only secret. Source: developer.work.weixin.qq.com, document 91770 (group robots) and 90313 (error codes).
"""

from collections.abc import Sequence
from datetime import timedelta

from alerts.deliver.posts.dialect import Dialect, Heard, Said, by_number, encoded, numbers_of, plain_call
from alerts.deliver.posts.fit import fitted
from alerts.deliver.posts.marks import markdown
from alerts.domain.chat import Block, ChatText
from alerts.net import Answer

LIMIT = 4096  # bytes of content
GAP = timedelta(seconds=3.2)
CODES = {
    Said.BUSY: frozenset({-1, 45009, 45033}),
    Said.GONE: frozenset({93000, 93004, 93008}),
    Said.MISCONFIGURED: frozenset({40001, 40014, 60020}),
    Said.REFUSED: frozenset({40008, 40035, 40058, 44004, 45002}),
}


def body(chat: ChatText) -> str:
    """Return a Markdown message."""
    blocks = fitted(chat, lambda told: len(_content(chat, told).encode("utf-8", "replace")) <= LIMIT)
    return encoded({"msgtype": "markdown", "markdown": {"content": _content(chat, blocks)}})


def hear(answer: Answer) -> Heard:
    """Return what ``errcode`` says; HTTP is 200 also for refusals."""
    return by_number(numbers_of(answer).get("errcode"), CODES, answer)


def _content(chat: ChatText, blocks: Sequence[Block]) -> str:
    return markdown(chat.title, blocks, "\n")


WECOM = Dialect(("qyapi.weixin.qq.com",), GAP, signed=False, body=body, call=plain_call, hear=hear)
