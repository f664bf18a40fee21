"""What the reader of YAML complains about, put for somebody who writes feeds."""

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from alerts.catalogue.diagnostics import START, Fault, Position

_ADVICE = (  # what the words of the syntax mean to somebody who writes feeds
    ("cannot start any token", " Put the value in quotes."),
    ("mapping values are not allowed", " Put a value that holds ': ' in quotes, or mend the indentation."),
    ("could not find expected ':'", " A key needs a colon and a blank behind it."),
    ("unexpected end of stream", " A quote is not closed."),
)


def place_of(text: str, index: int) -> Position:
    """Return the line and column of the character at ``index``."""
    before = text[:index]
    return Position(before.count("\n") + 1, index - before.rfind("\n"))


def syntax_fault(error: YAMLError, text: str) -> Fault:
    """Return what the reader of the syntax complained about, in one sentence."""
    if isinstance(error, ReaderError):
        at = place_of(text, error.position)
        return Fault(at, "syntax", "A control character stands here; remove it.")
    if not isinstance(error, MarkedYAMLError):
        return Fault(START, "syntax", str(error).splitlines()[0])
    mark = error.problem_mark or error.context_mark
    at = Position(mark.line + 1, mark.column + 1) if mark else START
    if "'\\t'" in str(error.problem):
        return Fault(at, "tab", "A tab stands here; use spaces.")
    problem = str(error.problem or error.context or "unreadable").strip()
    advice = next((text for words, text in _ADVICE if words in problem), "")
    return Fault(at, "syntax", problem[:1].upper() + problem[1:] + "." + advice)
