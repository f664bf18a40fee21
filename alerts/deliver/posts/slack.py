"""Slack incoming webhooks.

Blocks: 50 at most, 3,000 characters of text in one, 150 in the header; longer sums are refused as msg_blocks_too_long. One message a second,
short bursts allowed; 429 comes with Retry-After. Refusals have a status and one word. ``&``, ``<`` and ``>`` are the only characters that need
escaping, and with them mentions (``<!channel>``) are; ``verbatim`` keeps Slack from looking for names and links in the words.
Source: docs.slack.dev, "Block Kit", "Formatting text", "Rate limits"; api.slack.com/changelog 2016-05-17 (errors of incoming webhooks).
"""

from collections.abc import Sequence
from datetime import timedelta

from alerts.deliver.posts.dialect import Dialect, Heard, Said, by_status, encoded, plain_call, words_of
from alerts.deliver.posts.fit import fitted
from alerts.deliver.posts.marks import inert, link_target, padded
from alerts.domain.chat import Block, ChatText, Line, Span, Style
from alerts.net import Answer

BLOCKS, TEXT, HEADER, ALL = 50, 3000, 150, 12_000  # the sum is not documented; 13,200 was refused
GAP = timedelta(seconds=1.05)
WORDS = {
    Said.GONE: (
        "no_service",
        "no_team",
        "no_active_hooks",
        "channel_not_found",
        "channel_is_archived",
        "invalid_token",
    ),
    Said.MISCONFIGURED: ("action_prohibited", "posting_to_general_channel_denied", "team_disabled"),
    Said.REFUSED: ("invalid_payload", "invalid_blocks", "no_text", "msg_too_long", "msg_blocks_too_long"),
    Said.BUSY: ("rate_limited", "ratelimited"),
}


def body(chat: ChatText) -> str:
    """Return a message of blocks, and one line for places that show no blocks."""
    header = {"type": "header", "text": {"type": "plain_text", "text": inert(chat.title)[:HEADER]}}
    sections = [_section(block) for block in fitted(chat, _fits)]
    fallback = _escaped(inert(chat.title))
    return encoded(
        {"text": fallback, "blocks": [header, *sections], "unfurl_links": False, "unfurl_media": False}
    )


def hear(answer: Answer) -> Heard:
    """Return what status and word say; taken is 200 with ``ok``."""
    words = words_of(answer)
    if answer.status == 200 and words != "ok":
        return Heard(Said.UNSURE, f"no answer of the platform: {words}", code=200)
    said = next((said for said, known in WORDS.items() if words.startswith(known)), None)
    return Heard(said, words, code=answer.status) if said else by_status(answer)


def _fits(blocks: Sequence[Block]) -> bool:
    sizes = [len(_text(block)) for block in blocks]
    return len(blocks) < BLOCKS and max(sizes, default=0) <= TEXT and sum(sizes) <= ALL


def _section(block: Block) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _text(block), "verbatim": True}}


def _text(block: Block) -> str:
    return "\n".join(_line(line) for line in block)


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    before, text, after = padded(span)
    text = _escaped(text)
    if span.url:
        return f"{before}<{_escaped(link_target(span.url))}|{text}>{after}"
    return f"{before}*{text}*{after}" if span.style is Style.STRONG and text else f"{before}{text}{after}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SLACK = Dialect(
    ("hooks.slack.com", "hooks.slack-gov.com"), GAP, signed=False, body=body, call=plain_call, hear=hear
)
