"""feeds.yaml: from text to Feed values, with every fault at its line and column.

``check`` reports, ``read`` gives the feeds or raises, ``schema`` describes the format to editors. A
path may be a file or a folder (``feeds.d``) whose ``*.yaml`` files are read by name; ids are unique
across all of them. Positions count from 1. The format is documented in ``docs/feeds.schema.json``.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts.catalogue.build import build_feed
from alerts.catalogue.check import Checked, check_files, digest_of, files_of, unreachable
from alerts.catalogue.diagnostics import Diagnostic
from alerts.catalogue.positions import Data
from alerts.catalogue.schema import schema
from alerts.catalogue.secrets import Keyring
from alerts.domain.errors import CatalogueError
from alerts.domain.feeds import Feed

__all__ = ["Catalogue", "Diagnostic", "check", "files_of", "read", "schema", "written"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every configured feed, enabled or not, in file order; ``digest`` changes with any byte of the files."""

    feeds: tuple[Feed, ...]
    digest: str


def check(paths: Iterable[Path], *, reachable: bool = True) -> list[Diagnostic]:
    """Return all errors and warnings of the files, by file, line and column. Secrets are not looked up.

    Not ``reachable``: no hub could call this service, so a feed that waits for one gets a warning.
    """
    found: list[Diagnostic] = []
    for checked in check_files(tuple(paths)):
        more = [] if reachable else unreachable(checked)
        found += sorted([*checked.diagnostics, *more], key=lambda one: (one.line, one.column, one.code))
    return found


def read(
    path: Path | Sequence[Path],
    *,
    credentials: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Catalogue:
    """Return the catalogue; warnings are passed over.

    ``{file: name}`` is looked up in ``credentials``, ``{env: NAME}`` in ``environment`` (default: that
    of the process), both for enabled feeds only.

    Raises:
        CatalogueError: any error; its lines name all of them.
    """
    checked = check_files((path,) if isinstance(path, Path) else tuple(path))
    errors = [str(one) for file in checked for one in file.diagnostics if one.severity == "error"]
    if not checked:
        errors = [f"{path}:1:1: error[unreadable]: There is no YAML file."]
    keyring = Keyring(os.environ if environment is None else environment, credentials)
    feeds: list[Feed] = []
    for feed, faults in (built for file in checked for built in _built(file, keyring)):
        feeds.append(feed)
        errors.extend(faults)
    if errors:
        raise CatalogueError(errors)
    return Catalogue(tuple(feeds), digest_of(checked))


def written(path: Path | Sequence[Path]) -> list[dict[str, Data]]:
    """Return every row as its file says it, with the settings of ``defaults`` where it says nothing itself.

    Raises:
        CatalogueError: any error; its lines name all of them.
    """
    checked = check_files((path,) if isinstance(path, Path) else tuple(path))
    errors = [str(one) for file in checked for one in file.diagnostics if one.severity == "error"]
    if errors:
        raise CatalogueError(errors)
    return [row for file in checked for row in _rows(file.tree.data)]


def _rows(data: Data) -> Iterator[dict[str, Data]]:
    file = data if isinstance(data, dict) else {}
    defaults, feeds = file.get("defaults"), file.get("feeds")
    shared = defaults if isinstance(defaults, dict) else {}
    for row in feeds if isinstance(feeds, list) else []:
        if isinstance(row, dict):
            ours, theirs = shared.get("headers"), row.get("headers")
            both = {
                **(ours if isinstance(ours, dict) else {}),
                **(theirs if isinstance(theirs, dict) else {}),
            }
            yield {
                **row,
                **{key: value for key, value in shared.items() if key not in row},
                **({"headers": both} if both else {}),
            }


def _built(checked: Checked, keyring: Keyring) -> Iterator[tuple[Feed, list[str]]]:
    """Yield each feed of a file without errors, with the lines about its missing secrets."""
    if checked.shape is None:
        return
    defaults = checked.shape.defaults
    for index, model in enumerate(checked.shape.feeds):
        feed, faults = build_feed(model, defaults, keyring)
        yield feed, [_secret_line(checked, index, name, why) for name, why in faults]


def _secret_line(checked: Checked, index: int, name: str, why: str) -> str:
    own = ("feeds", index, "headers", name)
    at = checked.tree.place(own if own in checked.tree.keys else ("defaults", "headers", name))
    return str(Diagnostic(str(checked.file), at.line, at.column, "error", "secret", f"{name}: {why}"))
