"""Read YAML text into plain data that remembers where every value stands.

The tree is built from the events of ruamel.yaml's pure reader, not by its composer: events come one
by one, so depth, size and alias expansion are bounded while reading, a duplicate key or a foreign tag
is one fault among others, and the reader's own recursion is never reached.

Limits: 100 levels, 10,000 nodes by alias expansion; of text 5 MB and 30,000 nodes unless told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from alerts.catalogue.diagnostics import START, Fault, Path, Position
from alerts.catalogue.scalars import Scalar, plain
from alerts.catalogue.syntax import place_of, syntax_fault

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_NODES = 30_000
MAX_EXPANDED = 10_000

Data = Scalar | list["Data"] | dict[str, "Data"]

_CORE = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes of text, and keys and values."""

    size: int = MAX_BYTES
    nodes: int = MAX_NODES


CATALOGUE = Limits()


@dataclass(slots=True)
class Tree:
    """The data of one text, the places of its keys and values, and what was wrong with it.

    ``complete`` is False where reading stopped: what is missing then says nothing about the author.
    """

    data: Data = None
    complete: bool = False
    values: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path, *, on_key: bool = False) -> Position:
        """Return where ``path`` stands, or the nearest thing around it that stands in the text."""
        first, second = (self.keys, self.values) if on_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or second.get(path[:length])
            if found:
                return found
        return START


class _StopError(Exception):
    """Reading further makes no sense."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.text)


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is being read."""

    data: list[Data] | dict[str, Data]
    path: Path
    anchor: str | None
    size: int = 1
    key: str | None = None  # the key whose value comes next
    skip: bool = False  # that key is a duplicate: its value is read and dropped


def read_tree(raw: bytes, limits: Limits = CATALOGUE) -> Tree:
    """Return the tree of ``raw``; never raises, whatever the bytes are."""
    tree = Tree()
    text = _decode(raw, tree, limits.size)
    if text is None:
        return tree
    if not _says_something(text):
        tree.faults.append(Fault(START, "empty", "The file is empty; it needs 'version: 1' and 'feeds:'."))
        return tree
    try:
        builder = _Builder(tree, limits.nodes)
        for event in _events(text):
            builder.take(event)
        tree.complete = True
    except _StopError as stop:
        tree.faults.append(stop.fault)
    except YAMLError as error:
        tree.faults.append(syntax_fault(error, text))
    return tree


def _says_something(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _events(text: str) -> Iterator[Event]:
    yield from YAML(typ="safe", pure=True).parse(text)


def _decode(raw: bytes, tree: Tree, limit: int) -> str | None:
    """Return the text, without byte-order mark, or None with the reason as a fault."""
    if len(raw) > limit:
        text = f"The file is larger than {limit // 1_000_000} MB; split it."
        tree.faults.append(Fault(START, "too-large", text))
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:4]:
        tree.faults.append(Fault(START, "encoding", "The file is UTF-16 or UTF-32; save it as UTF-8."))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        tree.faults.append(Fault(place_of(before, len(before)), "encoding", "This byte is not UTF-8."))
        return None


def _at(mark: StringMark) -> Position:
    return Position(mark.line + 1, mark.column + 1)


class _Builder:
    """Puts events together; faults that leave the rest readable are noted, others stop."""

    def __init__(self, tree: Tree, most: int) -> None:
        self.tree = tree
        self.most = most
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Data, int] | None] = {}
        self.documents = self.nodes = self.expanded = 0

    def take(self, event: Event) -> None:
        """Add one event to the tree."""
        at = _at(event.start_mark)
        if isinstance(event, DocumentStartEvent):
            self._document(at)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._close()
        elif isinstance(event, NodeEvent):
            self._node(event, at)

    def _document(self, at: Position) -> None:
        self.documents += 1
        if self.documents > 1:
            text = "A second document begins here; the file is one document."
            raise _StopError(Fault(at, "several-documents", text))

    def _node(self, event: NodeEvent, at: Position) -> None:
        self.nodes += 1
        if self.nodes > self.most:
            raise _StopError(Fault(at, "too-many-nodes", f"More than {self.most:,} values; split the file."))
        if self._takes_key():
            self._key(event, at)
        elif isinstance(event, AliasEvent):
            self._alias(event, at)
        elif isinstance(event, ScalarEvent):
            self._scalar(event, at)
        else:
            self._open(event, at)

    def _takes_key(self) -> bool:
        frame = self.stack[-1] if self.stack else None
        return frame is not None and isinstance(frame.data, dict) and frame.key is None

    def _key(self, event: NodeEvent, at: Position) -> None:
        frame = self.stack[-1]
        if not isinstance(event, ScalarEvent):
            raise _StopError(Fault(at, "syntax", "A key must be a plain word."))
        frame.key = event.value
        path = (*frame.path, event.value)
        if event.value in frame.data:
            frame.skip = True
            first = self.tree.keys[path]
            text = f"The key {event.value!r} stands twice; the first is in line {first.line}."
            self._note(at, "duplicate-key", text)
        else:
            self.tree.keys[path] = at

    def _alias(self, event: AliasEvent, at: Position) -> None:
        known = self.anchors.get(event.anchor)
        if known is None:
            inside = event.anchor in self.anchors
            text = f"*{event.anchor} contains itself." if inside else f"There is no anchor &{event.anchor}."
            raise _StopError(Fault(at, "alias", text))
        data, size = known
        self.expanded += size
        if self.expanded > MAX_EXPANDED:
            text = f"Aliases expand to more than {MAX_EXPANDED:,} values."
            raise _StopError(Fault(at, "alias-expansion", text))
        self._put(data, size, at)

    def _scalar(self, event: ScalarEvent, at: Position) -> None:
        self._check_tag(event, at)
        is_plain = event.style is None and event.tag in (None, _CORE + "null")
        data = plain(event.value) if is_plain or _retyped(event) else event.value
        if event.anchor:
            self.anchors[event.anchor] = (data, 1)
        self._put(data, 1, at)

    def _open(self, event: NodeEvent, at: Position) -> None:
        self._check_tag(event, at)
        if len(self.stack) >= MAX_DEPTH:
            raise _StopError(Fault(at, "too-deep", f"More than {MAX_DEPTH} levels."))
        data: list[Data] | dict[str, Data] = [] if isinstance(event, SequenceStartEvent) else {}
        path = self._next_path()
        if event.anchor:
            self.anchors[event.anchor] = None  # until it is complete
        self._put(data, 0, at)
        self.stack.append(_Frame(data, path, event.anchor))

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.data, frame.size)
        if self.stack:
            self.stack[-1].size += frame.size

    def _next_path(self) -> Path:
        if not self.stack:
            return ()
        frame = self.stack[-1]
        last = frame.key if isinstance(frame.data, dict) else len(frame.data)
        return (*frame.path, last if last is not None else "")

    def _put(self, data: Data, size: int, at: Position) -> None:
        if not self.stack:
            self.tree.data = data
            self.tree.values[()] = at
            return
        path, frame = self._next_path(), self.stack[-1]
        frame.size += size
        if isinstance(frame.data, list):
            frame.data.append(data)
        elif frame.key is not None and not frame.skip:
            frame.data[frame.key] = data
        if not frame.skip:
            self.tree.values[path] = at
        frame.key, frame.skip = None, False

    def _check_tag(self, event: NodeEvent, at: Position) -> None:
        tag = event.tag if isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)) else None
        if tag and tag not in _KNOWN_TAGS and not (isinstance(event, ScalarEvent) and tag == "!"):
            self._note(at, "unknown-tag", f"The tag {_short(tag)} is not read here; remove it.")

    def _note(self, at: Position, code: str, text: str) -> None:
        self.tree.faults.append(Fault(at, code, text))


def _retyped(event: ScalarEvent) -> bool:
    return event.tag in {_CORE + name for name in ("int", "float", "bool", "null")}


def _short(tag: str) -> str:
    return "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag[:60]
