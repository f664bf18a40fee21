"""Check one or more catalogue files: every fault in one run, each at its place."""

import hashlib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from alerts.catalogue import mappings, model, rules
from alerts.catalogue.diagnostics import START, Diagnostic, Fault, Finding, nearest
from alerts.catalogue.diagnostics import Path as Where
from alerts.catalogue.positions import MAX_BYTES, Data, Tree, read_tree

MAX_MESSAGES = 500  # of one file; nobody reads more

_OUR_CODES = ("bad-", "unknown-", "slow-", "wrong-")


@dataclass(frozen=True, slots=True)
class Checked:
    """One file after checking; ``shape`` is None if it has errors."""

    file: Path
    raw: bytes
    tree: Tree
    shape: model.CatalogueModel | None
    diagnostics: tuple[Diagnostic, ...]


def check_files(paths: Sequence[Path]) -> tuple[Checked, ...]:
    """Return every file checked, also against the others (ids are unique across files)."""
    checked: list[Checked] = []
    seen: dict[str, str] = {}
    for path in (file for given in paths for file in files_of(given)):
        checked.append(_check_file(path, seen))
    return tuple(checked)


def digest_of(checked: Sequence[Checked]) -> str:
    """Return the SHA-256 of all bytes in order, hexadecimal."""
    total = hashlib.sha256()
    for one in checked:
        total.update(len(one.raw).to_bytes(8, "big") + one.raw)
    return total.hexdigest()


def files_of(given: Path) -> list[Path]:
    """Return the files that a path stands for: itself, or the YAML files of a folder by name."""
    try:  # names that begin with a dot are locks and backups of editors
        found = (path for path in given.iterdir() if path.suffix in (".yaml", ".yml"))
        return sorted(path for path in found if not path.name.startswith(".")) or [given]
    except OSError:  # a file, or a folder that may not be read: opening it says what is wrong
        return [given]


def unreachable(checked: Checked) -> list[Diagnostic]:
    """Return a warning for each enabled feed that wants to be pushed, in a deployment that no hub can call."""
    text = "No hub can call this service: set ALERTS_PUBLIC_URL to its https address; until then the feed is polled only."
    wanting = [
        Finding(("feeds", index, "websub"), "no-public-url", text, severity="warning")
        for index, feed in enumerate(_feeds(checked.tree.data))
        if isinstance(feed, dict) and feed.get("websub") is True and feed.get("enabled", True) is True
    ]
    return [_diagnostic(checked.file, _placed(checked.tree, finding)) for finding in wanting]


def _check_file(path: Path, seen: dict[str, str]) -> Checked:
    raw, problem = _bytes(path)
    tree = read_tree(raw) if problem is None else Tree(faults=[Fault(START, "unreadable", problem)])
    shape, findings = _findings(tree.data) if tree.complete else (None, [])
    findings += _double_ids(tree, str(path), seen) + _double_addresses(tree, str(path), seen)
    faults = tree.faults + [_placed(tree, finding) for finding in findings]
    diagnostics = tuple(sorted((_diagnostic(path, fault) for fault in faults), key=_order))[:MAX_MESSAGES]
    if any(one.severity == "error" for one in diagnostics):
        shape = None
    return Checked(path, raw, tree, shape, diagnostics)


def _bytes(path: Path) -> tuple[bytes, str | None]:
    """Return the bytes (one more than allowed at most) and, if there are none, why.

    Only plain files are opened: a pipe that nobody writes to would hold the daemon for ever.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            return b"", "There is no YAML file in this folder."
        if not stat.S_ISREG(kind):
            return b"", "This is no plain file; name a file or a folder of *.yaml files."
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1), None
    except OSError as error:
        return b"", f"The file cannot be read: {error.strerror or error}."


def _order(diagnostic: Diagnostic) -> tuple[int, int, str]:
    return diagnostic.line, diagnostic.column, diagnostic.code


def _diagnostic(path: Path, fault: Fault) -> Diagnostic:
    return Diagnostic(str(path), fault.at.line, fault.at.column, fault.severity, fault.code, fault.text)


def _placed(tree: Tree, finding: Finding) -> Fault:
    at = tree.place(finding.path, on_key=finding.on_key)
    return Fault(at, finding.code, _named(tree.data, finding), finding.severity)


def _named(data: Data, finding: Finding) -> str:
    """Return the sentence with the feed and key it is about in front."""
    words = [str(part) for part in finding.path]
    if len(words) > 1 and words[0] == "feeds":
        feed = _feeds(data)[int(words[1])] if words[1].isdecimal() else None
        name = feed.get("id") if isinstance(feed, dict) else None
        words[:2] = [name if isinstance(name, str) else f"feeds[{words[1]}]"]
    prefix = ".".join(words)
    return f"{prefix}: {finding.text}" if prefix else finding.text


def _feeds(data: Data) -> list[Data]:
    feeds = data.get("feeds") if isinstance(data, dict) else None
    return feeds if isinstance(feeds, list) else []


def _findings(data: Data) -> tuple[model.CatalogueModel | None, list[Finding]]:
    if not isinstance(data, dict):
        return None, [Finding((), "wrong-type", "The file must be a mapping with 'version' and 'feeds'.")]
    findings = list(_rule_findings(data))
    try:
        return model.CatalogueModel.model_validate(data), findings
    except ValidationError as error:
        return None, [_shape_finding(detail) for detail in error.errors(include_url=False)] + findings


def _rule_findings(data: dict[str, Data]) -> Iterator[Finding]:
    defaults = data.get("defaults")
    if isinstance(defaults, dict):
        yield from rules.defaults_findings(defaults, ("defaults",))
    for index, feed in enumerate(_feeds(data)):
        if isinstance(feed, dict):
            yield from rules.feed_findings(feed, ("feeds", index))


def _double_ids(tree: Tree, file: str, seen: dict[str, str]) -> list[Finding]:
    """Return the ids that an earlier feed has, and remember the new ones with their place."""
    findings = []
    for index, feed in enumerate(_feeds(tree.data)):
        name = feed.get("id") if isinstance(feed, dict) else None
        path: Where = ("feeds", index, "id")
        if not isinstance(name, str):
            continue
        if name in seen:
            findings.append(Finding(path, "duplicate-id", f"{name!r} stands already in {seen[name]}."))
        seen.setdefault(name, f"{file}:{tree.place(path).line}")
    return findings


def _double_addresses(tree: Tree, file: str, seen: dict[str, str]) -> list[Finding]:
    """Return a warning for each address that an earlier feed asks in the same way."""
    findings = []
    for index, feed in enumerate(_feeds(tree.data)):
        if not isinstance(feed, dict) or not isinstance(feed.get("url"), str):
            continue
        asked = f"{feed['url']} {feed.get('json')}{feed.get('page')}{feed.get('filter')}"
        path: Where = ("feeds", index, "url")
        first = seen.get(str(feed.get("id"))) in (None, f"{file}:{tree.place((*path[:-1], 'id')).line}")
        if asked in seen and first:  # of a feed pasted twice the id says it
            text = f"This address is asked already by the feed in {seen[asked]}; one of the two can go."
            findings.append(Finding(path, "duplicate-address", text, severity="warning"))
        seen.setdefault(asked, f"{file}:{tree.place(path).line}")
    return findings


def _shape_finding(detail: ErrorDetails) -> Finding:
    """Return what pydantic found, in our words."""
    path: Where = tuple(part for part in detail["loc"] if part != "[key]")
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden" and path[-1] == "<<":
        text = "Merge keys are not read; settings for all feeds stand under 'defaults'."
        return Finding(path, "unknown-key", text, on_key=True)
    if kind == "extra_forbidden":
        hint = nearest(str(path[-1]), _known_keys(path[:-1]))
        return Finding(path, "unknown-key", f"There is no such key.{hint}", on_key=True)
    if kind == "missing":
        return Finding(path[:-1], "missing-key", f"The key {path[-1]!r} is missing.", on_key=path[:-1] != ())
    if kind.startswith(_OUR_CODES):
        return Finding(path, kind, detail["msg"])
    if kind == "literal_error":
        return Finding(
            path, "bad-value", f"{given!r:.60} is not allowed here; it must be {detail['ctx']['expected']}."
        )
    return Finding(path, "wrong-type", _type_sentence(kind, detail["msg"], given))


def _type_sentence(kind: str, message: str, given: object) -> str:
    needed = {
        "bool_type": "true or false",
        "int_type": "a whole number",
        "string_type": "text (in quotes if it looks like a number)",
        "list_type": "a list",
        "dict_type": "a mapping",
        "model_type": "a mapping",
        "model_attributes_type": "a mapping",
    }.get(kind)
    if needed is None:
        return f"{message}."
    hint = nearest(given, ("true", "false")) if kind == "bool_type" and isinstance(given, str) else ""
    switch = {"on": " Write true.", "yes": " Write true.", "off": " Write false.", "no": " Write false."}
    if kind == "bool_type" and isinstance(given, str):
        hint = switch.get(given.casefold(), hint)
    if kind == "list_type" and isinstance(given, str):
        hint = f" Write [{given!r:.60}]."
    if kind.startswith("model") and isinstance(given, str):
        hint = " Write {key: value}, as {en: Office, zh-Hans: 局} for a name."
    shown = "nothing" if given is None else f"{given!r:.60}"
    return f"This must be {needed}, not {shown}.{hint}"


def _known_keys(path: Where) -> list[str]:
    """Return the keys that may stand at ``path``."""
    names = [part for part in path if isinstance(part, str)]
    shapes: dict[tuple[str, ...], type[mappings.Strict]] = {
        (): model.CatalogueModel,
        ("defaults",): model.Inherited,
        ("feeds",): model.FeedModel,
        ("feeds", "name"): model.NameModel,
        ("feeds", "filter"): model.FilterModel,
        ("feeds", "json"): mappings.JsonModel,
        ("feeds", "json", "paging"): mappings.PagingModel,
        ("feeds", "page"): mappings.PageModel,
        ("feeds", "detail"): mappings.DetailModel,
    }
    shape = shapes.get(tuple(names))
    return [field.alias or name for name, field in shape.model_fields.items()] if shape else []
