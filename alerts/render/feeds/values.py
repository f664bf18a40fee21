"""What a feed says, before it is written in one form or another. Addresses are absolute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.domain.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Label:
    """A slug of the vocabulary: ``scheme`` says of which set, ``text`` is its name in the reader's language."""

    facet: str
    scheme: str
    slug: str
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. ``ident`` is the same for each page and form; ``address`` is that of this page and form."""

    ident: str
    address: str
    home: str
    title: str
    subtitle: str
    author: str
    language: Language
    updated: datetime
    first: str | None = None  # on later pages only
    next: str | None = None
    hub: str | None = None
    related: str | None = None  # where its reader changes what it holds
    forms: tuple[tuple[str, str], ...] = ()  # media type and address of the same feed in its other forms

    @property
    def relations(self) -> list[tuple[str, str]]:
        """Return the hub, the settings and the pages around this one, as relation and address."""
        links = {"hub": self.hub, "related": self.related, "first": self.first, "next": self.next}
        return [(rel, address) for rel, address in links.items() if address]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. ``body`` is HTML that was built from elements; all other texts are plain and clean."""

    ident: str
    page: str
    title: str
    summary: str
    body: str
    language: str | None
    published: datetime
    updated: datetime
    publisher: str
    labels: tuple[Label, ...]
    source: str | None  # where it can be read at its source
    warning: str | None  # the same as a CAP message
    facts: Mapping[str, object]  # for programs
