"""The rule base of computed deadlines: ``alerts/obligations.yaml`` and an operator's own file of that name.

The file is a list of rules (docs/obligations.md). An own file adds rules, replaces the shipped one with the same
``id``, and takes one away with ``drop: true``. All faults are named at once as ``file:line: text``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from alerts.classify.clocks import Clock
from alerts.classify.periods import LONGEST, Calendars, Period, Unit
from alerts.classify.terms import fault
from alerts.domain.vocabulary import Event, Right, Role

NAME = "obligations.yaml"
KEYS = {
    "id": True, "role": True, "law": True, "period": True, "from": True, "office": True, "words": True, "roll": False,
    "jurisdictions": False, "rights": False, "events": False, "first": False, "last": False, "note": False, "drop": False,
}  # fmt: skip
_PERIOD = re.compile(r"(\d{1,4}) (days?|working-days|weeks?|months?|years?)")


@dataclass(slots=True)
class _Reader:
    """A file while it is read, and what was found wrong in it."""

    name: str
    calendars: Calendars
    faults: list[str] = field(default_factory=list)

    def blame(self, node: Node, text: str) -> None:
        self.faults.append(f"{self.name}:{node.start_mark.line + 1}: {text}")

    def text(self, node: Node | None) -> str:
        """Return the one line of text in a node, and "" with a fault where it is none."""
        if node is None:
            return ""
        if isinstance(node, ScalarNode) and str(node.value).strip():
            return " ".join(str(node.value).split())
        self.blame(node, "a text is expected here")
        return ""

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """Return the texts of a list."""
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            return tuple(self.text(each) for each in node.value)
        self.blame(node, "a list such as [US, EM] is expected here")
        return ()


def shipped(calendars: Calendars) -> tuple[tuple[Clock, ...], tuple[str, ...]]:
    """Return the rules that come with the program, and what is wrong with them (nothing)."""
    text = resources.files("alerts").joinpath(NAME).read_text("utf-8")
    rules, _, faults = _read(NAME, text, calendars)
    return tuple(rules.values()), faults


def with_own(folder: Path, calendars: Calendars) -> tuple[tuple[Clock, ...], tuple[str, ...]]:
    """Return the shipped rules with those of an operator's folder over them, and the faults of that file."""
    rules, faults = shipped(calendars)
    path = folder / NAME
    if not path.exists():
        return rules, faults
    try:
        own, dropped, wrong = _read(str(path), path.read_text("utf-8"), calendars)
    except (OSError, UnicodeDecodeError) as problem:
        return rules, (f"{path}:1: {problem}",)
    base = {rule.id: rule for rule in rules}
    unknown = tuple(
        f"{path}:{line}: no rule {name!r} to drop" for name, line in dropped.items() if name not in base
    )
    kept = {name: rule for name, rule in base.items() if name not in dropped}
    return tuple((own | {name: own.get(name, rule) for name, rule in kept.items()}).values()), wrong + unknown


def _read(
    name: str, text: str, calendars: Calendars
) -> tuple[dict[str, Clock], dict[str, int], tuple[str, ...]]:
    """Return the rules of a file by id, the ids that it drops with their lines, and its faults."""
    reader, rules, dropped = _Reader(name, calendars), dict[str, Clock](), dict[str, int]()
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        return {}, {}, (f"{name}:{line}: {problem.problem}",)
    if root is None or not isinstance(root, SequenceNode):
        return {}, {}, (f"{name}:1: a list of rules is expected, each beginning with - id:",)
    for node in root.value:
        fields = _fields(reader, node)
        which = reader.text(fields.get("id"))
        if which in rules or which in dropped:
            reader.blame(node, f"the rule {which!r} stands here a second time")
        elif reader.text(fields.get("drop")) == "true":
            dropped[which] = node.start_mark.line + 1
        elif (rule := _rule(reader, node, fields)) is not None:
            rules[which] = rule
    return rules, dropped, tuple(reader.faults)


def _fields(reader: _Reader, node: Node) -> Mapping[str, Node]:
    if not isinstance(node, MappingNode):
        reader.blame(node, "a rule with id, role, law, period, from, office and words is expected")
        return {}
    fields = {str(key.value): value for key, value in node.value}
    for key, _ in node.value:
        if str(key.value) not in KEYS:
            reader.blame(key, f"unknown key {key.value!r}; known: {', '.join(KEYS)}")
    return fields


def _rule(reader: _Reader, node: Node, fields: Mapping[str, Node]) -> Clock | None:
    """Return one rule, or None with the faults noted."""
    before = len(reader.faults)
    for key in (key for key, needed in KEYS.items() if needed and key not in fields):
        reader.blame(node, f"{key} is missing" + (": every rule names its law" if key == "law" else ""))
    words = _words(reader, fields.get("words"))
    rule = Clock(
        id=reader.text(fields.get("id")),
        role=Role(_one(reader, fields.get("role"), frozenset(Role)) or Role.TERM_ENDS),
        law=reader.text(fields.get("law")),
        period=_period(reader, fields),
        words=words,
        beside=_one(reader, fields.get("from"), frozenset({"publication", "words"})) == "words",
        office=_place(reader, fields.get("office"), reader.text(fields.get("office")), with_calendar=True),
        jurisdictions=frozenset(
            _place(reader, fields.get("jurisdictions"), each)
            for each in reader.texts(fields.get("jurisdictions"))
        ),
        rights=frozenset(Right(each) for each in _many(reader, fields.get("rights"), frozenset(Right))),
        events=frozenset(Event(each) for each in _many(reader, fields.get("events"), frozenset(Event))),
        first=_date(reader, fields.get("first")),
        last=_date(reader, fields.get("last")),
        note=reader.text(fields.get("note")),
    )
    return rule if len(reader.faults) == before else None


def _words(reader: _Reader, node: Node | None) -> tuple[str, ...]:
    """Return the terms of a block that are separated by ``;``, as lexicons write them."""
    words = tuple(each.strip() for each in reader.text(node).split(";") if each.strip())
    for each in words:
        wrong = fault(each)
        if wrong and node is not None:
            reader.blame(node, f"words: {each!r} {wrong}")
    return words


def _period(reader: _Reader, fields: Mapping[str, Node]) -> Period:
    node, roll = fields.get("period"), reader.text(fields.get("roll"))
    if roll not in ("", "next-working-day"):
        reader.blame(fields["roll"], f"roll: {roll!r} is not next-working-day")
    match = _PERIOD.fullmatch(reader.text(node))
    if match is None or not 0 < int(match[1]) <= LONGEST:
        if node is not None:
            reader.blame(node, "a period such as 30 days, 20 working-days, 3 months or 1 year is expected")
        return Period(1, Unit.DAYS)
    unit = match[2] if match[2].endswith("s") else f"{match[2]}s"
    return Period(int(match[1]), Unit(unit), bool(roll))


def _one(reader: _Reader, node: Node | None, known: frozenset[str]) -> str:
    value = reader.text(node)
    if value and value not in known and node is not None:
        reader.blame(node, f"{value!r} is none of {', '.join(sorted(known))}")
    return value if value in known else ""


def _many(reader: _Reader, node: Node | None, known: frozenset[str]) -> tuple[str, ...]:
    values = reader.texts(node)
    for value in values:
        if value not in known and node is not None:
            reader.blame(node, f"{value!r} is none of {', '.join(sorted(known))}")
    return tuple(value for value in values if value in known)


def _place(reader: _Reader, node: Node | None, code: str, with_calendar: bool = False) -> str:
    if node is None or not code:
        return code
    if not (len(code) == 2 and code.isascii() and code.isupper()):
        reader.blame(node, f"{code!r} is no two-letter code such as US or EM")
    elif with_calendar and reader.calendars.calendar_of(code) is None:
        reader.blame(node, f"no calendar of holidays is known for {code}")
    return code


def _date(reader: _Reader, node: Node | None) -> date | None:
    written = reader.text(node)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        if node is not None:
            reader.blame(node, f"{written!r} is no day such as 2026-03-01")
        return None
