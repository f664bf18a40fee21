"""Read one record of an API: an object by JMESPaths, or an HTML fragment by CSS selectors.

Both give the same thing: a function from a path to the value it finds. A path that cannot be applied to
this record (a string function on a number) finds nothing, so one odd record does not spoil the others.
"""

from collections.abc import Callable, Mapping
from xml.parsers import expat

import jmespath
from jmespath.exceptions import JMESPathError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse.tolerant import Json, as_text

Finder = Callable[[str], Json]
_WHOLE = True  # all of the document is given at once
_FAULTS = (JMESPathError, TypeError, ValueError, LookupError, AttributeError)


def search(path: str, value: Json) -> Json:
    """Return what the JMESPath finds in ``value``, None for nothing."""
    try:
        found: Json = jmespath.search(path, value)
    except _FAULTS:
        return None
    return found


def object_finder(record: Json) -> Finder:
    """Return a finder for JMESPaths inside ``record``."""
    return lambda path: search(path, record)


def html_finder(record: Json) -> Finder:
    """Return a finder for ``selector@attribute`` (either part may be missing) inside an HTML fragment."""
    markup = (as_text(record) or "").strip()
    # Outside a table the HTML parser drops rows and cells (WHATWG HTML 13.2.6.4.7).
    if markup[:3].lower() in {"<tr", "<td"}:
        markup = f"<table>{markup}</table>"
    tree = LexborHTMLParser(markup or "<p></p>")

    def find(path: str) -> Json:
        selector, _, attribute = path.partition("@")
        try:
            node = tree.css_first(selector.strip()) if selector.strip() else tree.body
        except (SelectolaxError, ValueError):
            return None
        if node is None:
            return None
        return node.attributes.get(attribute.strip()) if attribute else node.text(separator=" ", strip=True)

    return find


def xml_to_json(body: bytes) -> Json:
    """Return XML as nested mappings: tag → value, attributes as ``@name``, text of a mixed element as ``#text``.

    Prefixes of namespaces are left off; repeated elements become a list. ``body`` has passed the guard.

    Raises:
        ParseError: PARSE_ERROR where it is not well-formed.
    """
    reader = _Nested()
    try:
        reader.parser.Parse(body, _WHOLE)
    except expat.ExpatError as fault:
        raise ParseError(Outcome.PARSE_ERROR, f"the answer is not well-formed XML: {fault}") from fault
    return reader.top


class _Nested:
    """Builds nested mappings from Expat's events; the stack holds open elements and their text."""

    def __init__(self) -> None:
        self.top: dict[str, Json] = {}
        self.stack: list[tuple[dict[str, Json], list[str]]] = [(self.top, [])]
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, _name: str, attributes: Mapping[str, str]) -> None:
        element: dict[str, Json] = {
            f"@{_local(name)}": value for name, value in attributes.items() if name != "xmlns"
        }
        self.stack.append((element, []))

    def text(self, data: str) -> None:
        self.stack[-1][1].append(data)

    def end(self, name: str) -> None:
        element, pieces = self.stack.pop()
        text = "".join(pieces).strip()
        value: Json = {**element, "#text": text} if element and text else element or text or None
        parent = self.stack[-1][0]
        local = _local(name)
        known = parent.get(local)
        if local not in parent:
            parent[local] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            parent[local] = [known, value]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
