"""Feeds out: the same list of items as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

:mod:`~alerts.render.feeds.entries` puts items into words, one module for each form writes them. A form is one line in ``FORMS``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from alerts.render.feeds import atom, jsonfeed, rss
from alerts.render.feeds.entries import Setting, entry_of
from alerts.render.feeds.values import Entry, Head, Label

__all__ = ["FORMS", "Entry", "Form", "Head", "Label", "Setting", "entry_of"]


class Form(NamedTuple):
    """How a feed is written: its media type, what people call it, and who writes it."""

    media: str
    name: str
    write: Callable[[Head, Sequence[Entry]], bytes]


FORMS: Mapping[str, Form] = {
    "atom": Form("application/atom+xml", "Atom", atom.write),
    "rss": Form("application/rss+xml", "RSS", rss.write),
    "json": Form("application/feed+json", "JSON Feed", jsonfeed.write),
}
