"""Do the JMESPaths and CSS selectors of a mapping compile. The libraries that will run them say so."""

import jmespath
from jmespath.exceptions import JMESPathError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

MAX_LENGTH = 1_000


def jmespath_fault(path: str) -> str | None:
    """Return why ``path`` is no JMESPath, or None."""
    if len(path) > MAX_LENGTH or path.count("(") + path.count("[") > 50:
        return "The JMESPath is too long or too deep."
    try:
        jmespath.compile(path)
    except (JMESPathError, ValueError, RecursionError) as error:
        return f"Not a JMESPath: {str(error).splitlines()[0]}"
    return None


def selector_fault(selector: str) -> str | None:
    """Return why ``selector`` is no CSS selector, or None."""
    if not selector.strip() or len(selector) > MAX_LENGTH or "\x00" in selector:
        return "A CSS selector in quotes is needed."
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except (SelectolaxError, ValueError, UnicodeError):
        return f"{selector!r} is no CSS selector (quote attribute values that hold / or .)."
    return None


def fragment_fault(field: str) -> str | None:
    """Return why ``field`` is no CSS selector with an optional ``@attribute``, or None."""
    selector, _, attribute = field.partition("@")
    if "@" in field and not attribute.replace("-", "").isalnum():
        return f"{field!r} names no attribute after @."
    return selector_fault(selector) if selector or not attribute else None
