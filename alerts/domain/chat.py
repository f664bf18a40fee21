"""A message for a chat: words in lines, without a platform's marks. What each platform makes of them is in ``deliver/posts``.

Words of sources are only ever the text of a span, so no title can be taken for a mark, a mention or a link.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Style(StrEnum):
    """How a span looks."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one look; with ``url`` a link."""

    text: str
    style: Style = Style.PLAIN
    url: str | None = None


Line = tuple[Span, ...]
Block = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ChatText:
    """A message in blocks. ``more[n]`` stands where only the first ``n`` items are told; ``tail`` goes first when room is short."""

    language: str
    built_at: datetime
    title: str
    head: Block
    items: tuple[Block, ...]
    more: tuple[Block, ...]
    tail: Block
    foot: Block

    def told(self, number: int, *, tail: bool = True) -> tuple[Block, ...]:
        """Return the blocks of the message with its first ``number`` items; empty ones are left out."""
        blocks = (self.head, *self.items[:number], self.more[number], self.tail if tail else (), self.foot)
        return tuple(block for block in blocks if block)


def plain(block: Block) -> str:
    """Return the words of a block."""
    return "\n".join("".join(span.text for span in line) for line in block)
