"""Do the JMESPaths and CSS selectors of a mapping compile. The libraries that will run them say so."""

import jmespath
from jmespath.exceptions import ArityError, JMESPathError, JMESPathTypeError, UnknownFunctionError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

MAX_LENGTH = 1_000


def jmespath_fault(path: str) -> str | None:
    """Return why ``path`` is no JMESPath, or None."""
    if len(path) > MAX_LENGTH or path.count("(") + path.count("[") > 50:
        return "The JMESPath is too long or too deep."
    try:
        compiled = jmespath.compile(path)
        compiled.search(None)  # functions are looked up when they are called
    except (ArityError, UnknownFunctionError) as error:
        return f"Not a JMESPath: {str(error).splitlines()[0]}."
    except JMESPathTypeError:
        return None  # of nothing; the answers will hold something
    except (JMESPathError, ValueError, RecursionError) as error:
        return f"Not a JMESPath: {str(error).splitlines()[0].rstrip(':')}."
    return None


def selector_fault(selector: str) -> str | None:
    """Return why ``selector`` is no CSS selector, or None."""
    if len(selector) > MAX_LENGTH:
        return f"The CSS selector is longer than {MAX_LENGTH:,} characters."
    if not selector.strip() or "\x00" in selector:
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
