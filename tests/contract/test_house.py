"""The house style that a machine can check: sizes, names, and nothing left unfinished."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "alerts"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 5

# Data in the shape of code, and command lines: an option is a parameter to Typer.
LONG_FILES = {
    "domain/jurisdictions.py",
    "domain/jurisdiction_names.py",
    "domain/names.py",
    "domain/han.py",
    "store/tables.py",
}
MANY_PARAMETERS = ("cli/",)

FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "handler",
    "handlers",
    "base",
    "misc",
}
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|NotImplementedError|not implemented|placeholder|stub)\b", re.IGNORECASE
)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_short_and_its_functions_too(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or name(path) in LONG_FILES or "versions" in path.parts, f"{lines} lines"
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LONGEST_FUNCTION or "versions" in path.parts, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_takes_few_parameters(path: Path) -> None:
    if name(path).startswith(MANY_PARAMETERS):
        return
    for function in functions(path):
        arguments = function.args
        count = len(arguments.posonlyargs + arguments.args) - bool(
            arguments.args and arguments.args[0].arg in ("self", "cls")
        )
        assert count <= MOST_PARAMETERS, f"{function.name} takes {count}; a value is missing"


def test_most_functions_fit_on_a_screen() -> None:
    lengths = sorted(
        (f.end_lineno or 0) - f.lineno + 1
        for path in FILES
        if "versions" not in path.parts
        for f in functions(path)
    )
    assert lengths[int(len(lengths) * 0.95)] <= 40


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_is_named_for_what_it_is_and_says_what_it_is_for(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), (
        "a module begins with what it is for"
    )


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_left_unfinished(path: Path) -> None:
    found = UNFINISHED.findall(path.read_text(encoding="utf-8"))
    assert not found, found


def test_feedparser_is_called_with_bytes_in_memory_only() -> None:
    """A str or bytes argument may name a file or an address, and is then opened."""
    calls = [
        (path, node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse"
    ]
    assert calls, "the check looks at nothing"
    for path, call in calls:
        assert ast.unparse(call.args[0]).startswith(("BytesIO(", "io.BytesIO(")), (
            f"{name(path)}:{call.lineno}"
        )
