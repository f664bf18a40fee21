"""A YAML file opened for reading, and its faults with their places."""

from collections.abc import Mapping
from pathlib import Path

from alerts.catalogue.diagnostics import Diagnostic
from alerts.catalogue.positions import Limits, Tree, read_tree
from alerts.domain.errors import InputError
from alerts.domain.text import one_line


def opened(path: Path, limits: Limits) -> Tree:
    """Return the file as a tree.

    Raises:
        InputError: it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return read_tree(file.read(limits.size + 1), limits)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}.") from None


def diagnostics(path: Path, tree: Tree, texts: Mapping[str, str] | None = None) -> list[Diagnostic]:
    """Return the faults noted in the tree, from the top; ``texts`` are other words for some codes."""
    other = texts or {}
    return [
        Diagnostic(
            str(path),
            one.at.line,
            one.at.column,
            one.severity,
            one.code,
            one_line(other.get(one.code, one.text)),
        )
        for one in sorted(tree.faults, key=lambda one: one.at)
    ]
