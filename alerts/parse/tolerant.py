"""Read values from APIs whose types wander: numbers for texts, an object for a list of one, markup in a title."""

import json
import re
from collections.abc import Mapping

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_MARKUP = re.compile(r"<[a-zA-Z/!][^>]{0,2000}>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
# Where an object stands for a text: WordPress, XML with attributes, multilingual and labelled values.
_INSIDE = ("rendered", "#text", "value", "text", "name", "title", "label", "en", "url", "href", "id")


def load_json(text: str) -> Json:
    """Return the value that ``text`` spells.

    Raises:
        ParseError: PARSE_ERROR for broken JSON, HOSTILE for nesting that no source needs.
    """
    try:
        value: Json = json.loads(text.lstrip("\ufeff \t\r\n\0"))
    except RecursionError as fault:
        raise ParseError(Outcome.HOSTILE, "refused: its values are nested too deeply") from fault
    except ValueError as fault:
        raise ParseError(Outcome.PARSE_ERROR, f"the answer is not valid JSON: {str(fault)[:120]}") from fault
    return value


def as_text(value: Json) -> str | None:
    """Return ``value`` as a text, or None where it holds none; of a list the first, of an object its usual text."""
    if isinstance(value, str):
        return value if value.strip() else None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else str(value)
    if isinstance(value, list):
        return next((text for text in map(as_text, value) if text), None)
    return next((text for text in (as_text(value.get(name)) for name in _INSIDE) if text), None)


def as_texts(value: Json) -> tuple[str, ...]:
    """Return all texts of a list, or the one text of anything else."""
    many = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text.strip() for text in map(as_text, many) if text))


def as_records(value: Json) -> list[Json] | None:
    """Return ``value`` as a list of records: an object counts as a list of one; None where it is neither."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else None


def has_markup(text: str) -> bool:
    """Return whether ``text`` holds tags or character references."""
    return _MARKUP.search(text) is not None


def child(value: Json, name: str) -> Json:
    """Return the member ``name`` of an object, or None."""
    return value.get(name) if isinstance(value, Mapping) else None
