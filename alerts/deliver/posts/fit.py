"""Make a message fit: items are left out whole, the last first, and counted in "and N more"."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from alerts.domain.chat import Block, ChatText


def fitted(chat: ChatText, fits: Callable[[Sequence[Block]], bool]) -> tuple[Block, ...]:
    """Return the blocks of as many items as fit; what was watched is told in full where it takes no item's room."""
    number = len(chat.items)
    if fits(chat.told(number)):
        return chat.told(number)
    if number and not fits(chat.told(number, tail=False)):
        # Searched by halves, since a long notice has a thousand items: how many, from one on, are not too many.
        number = bisect_left(range(1, number), 1, key=lambda some: not fits(chat.told(some, tail=False)))
    whole = chat.told(number)
    return whole if fits(whole) else chat.told(number, tail=False)
