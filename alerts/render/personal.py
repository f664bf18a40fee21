"""What differs between the readers of one digest: their company, why they get it, the way out.

A shared message is rendered with places (:mod:`alerts.domain.places`) for these words. Each stands in three forms: as it
is, escaped for HTML, and wrapped for the plain text, since a place cannot be wrapped before it is filled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import escape

from alerts.domain.places import mark
from alerts.render.columns import wrap as wrapped

if TYPE_CHECKING:
    from alerts.render.views import DigestView


class Place(str):
    """A place where a reader's own words will stand. Templates may print, escape and wrap it; nothing else."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str) -> "Place":
        place = super().__new__(cls, mark(name))
        place.name = name
        return place

    def __html__(self) -> str:
        return mark(f"{self.name}.html")  # nothing in it needs escaping


@dataclass(frozen=True, slots=True)
class Personal:
    """A reader's own words."""

    company: str
    heading: str
    because: str
    unsubscribe: str

    def words(self, places: Iterable[str]) -> Mapping[str, str]:
        """Return the words for the named places."""
        return {place: self._form(*place.partition(".")[::2]) for place in places}

    def _form(self, name: str, form: str) -> str:
        text: str = getattr(self, name)
        if form == "html":
            return str(escape(text))
        return wrapped(text) if form == "wrapped" else text


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Return ``text`` in lines (:func:`alerts.render.columns.wrap`); of a place, the place of its wrapped form."""
    if isinstance(text, Place) and not indent and not hanging:
        return mark(f"{text.name}.wrapped")
    return wrapped(text, indent, hanging)


def personal_of(view: "DigestView") -> Personal:
    """Return the words of a view that are its reader's own."""
    return Personal(view.company, view.heading, view.because, view.links.unsubscribe)


def impersonal(view: "DigestView") -> "DigestView":
    """Return the view with places for its reader's own words."""
    return replace(
        view,
        company=Place("company"),
        heading=Place("heading"),
        because=Place("because"),
        links=replace(view.links, unsubscribe=Place("unsubscribe")),
    )
