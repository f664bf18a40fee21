"""Where the feeds are: one address for each place, kind, right, language and form; and which of them hold an item.

The feeds that a hub tells of are narrowed by kind and right at most: of every other filter there are too many.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from urllib.parse import urlencode

from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import REGIONS, expand
from alerts.domain.vocabulary import Language

HEARD = frozenset({"kind", "right"})  # parameters of feeds that a hub tells of


def feed_path(
    place: str, form: str, narrowed: Mapping[str, str], language: Language, before: int | None = None
) -> str:
    """Return the address of a page of a feed within the site; of the newest where ``before`` is None."""
    tongue = {"lang": language.value} if language is not Language.ENGLISH else {}
    later = {"before": str(before)} if before else {}
    return address(f"/feeds/{place}.{form}", {**narrowed, **tongue, **later})


def address(path: str, query: Mapping[str, str]) -> str:
    """Return an address with its parameters."""
    return f"{path}?{urlencode(query)}" if query else path


def topics_of(items: Iterable[StoredItem], forms: Iterable[str]) -> list[str]:
    """Return the addresses, within the site, of all feeds that a hub tells of and that hold one of these items."""
    narrow = dict.fromkeys(each for one in items for each in _wishes(one))
    every = product(narrow, forms, Language)
    return [feed_path(place, form, dict(given), language) for (place, given), form, language in every]


def _wishes(stored: StoredItem) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield place and filters of each feed that holds an item."""
    codes = stored.jurisdictions
    regions = [slug for slug in REGIONS if slug == "world" or set(codes) & set(expand([slug]))]
    kinds = ("", stored.judgement.kind.value)
    rights = ("", *(right.value for right in stored.judgement.rights))
    for place, kind, right in product((*codes, *regions), kinds, rights):
        yield place, tuple((name, value) for name, value in (("kind", kind), ("right", right)) if value)
