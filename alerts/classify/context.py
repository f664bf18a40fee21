"""What the classifier knows of an item's source before it reads the item."""

from dataclasses import dataclass

from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Carries, Right, Trust


@dataclass(frozen=True, slots=True)
class SourceContext:
    """The admin's knowledge of a source; priors, never more.

    ``jurisdiction`` is the publisher's. ``topical`` says that the source is about intellectual property as a
    whole; an item of another source must show what it has to do with it. ``official`` None: read from the name.
    """

    jurisdiction: str | None
    carries: Carries = Carries.BOTH
    rights: tuple[Right, ...] = ()
    topical: bool = True
    publisher: str = ""
    official: bool | None = None


def context_of(feed: Feed) -> SourceContext:
    """Return what a configured feed says of its items."""
    names = " ".join(dict.fromkeys(feed.name.values()))
    return SourceContext(
        feed.jurisdiction,
        feed.carries,
        feed.rights,
        feed.topical,
        feed.publisher or names,
        None if feed.trust is Trust.OFFICIAL else False,
    )
