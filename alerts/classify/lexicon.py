"""The lexicons: which words speak for what, one YAML file per language under ``terms/``.

A file has ``language``, perhaps ``home`` (the jurisdictions whose press writes in it) and ``common``
(its commonest words, for items whose language nobody said), and the sections of :data:`SECTIONS`. A section maps slugs to terms; terms stand in a
text block, one or several a line, separated by ``;`` (how a term is written: :mod:`alerts.classify.terms`).
Where terms differ in weight, a slug maps ``strong``, ``plain`` and ``weak`` to such blocks. The slug ``none``
holds phrases that only look like a term of the section: longer than it, they hide it.
All faults of all files are named at once as ``file:line: text``.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from alerts.classify.clock_file import NAME, shipped, with_own
from alerts.classify.clocks import Clock, Clocks, clocks
from alerts.classify.periods import Calendars, WeekendsOnly
from alerts.classify.terms import NONE, Index, Sense, Term, fault, index
from alerts.domain.errors import InputError
from alerts.domain.vocabulary import Event, Right, Role

_WEEKENDS = WeekendsOnly()
WEIGHTS = {"strong": 3.0, "plain": 1.0, "weak": 0.4}
CUES = frozenset({
    "precedent", "liability", "commentary", "statistics", "new-case", "closed-case", "instituted", "granted",
    "refused", "proposal", "request-for-comments", "correction", "settled", "official-warning", "accession", "notable", "active", "round-up", "final",
    "warning",
})  # fmt: skip
SECTIONS: dict[str, frozenset[str]] = {
    "relevance": frozenset({"topic", "against", NONE}),
    "right": frozenset(Right) | {NONE},
    "event": frozenset(Event) | {NONE},
    "cue": CUES | {NONE},
    "inquiry": frozenset({"section-337", "fact-finding", NONE}),
    "place": frozenset(),  # any two-letter code
    "office": frozenset(),
    "party": frozenset({"before", "after"}),
    "role": frozenset(Role) | {NONE},
    "negation": frozenset({"before", "after", "challenge", NONE}),
    "publisher": frozenset({"official", "topical", NONE}),
}


class LexiconError(InputError):
    """Lexicons that cannot be used; ``faults`` are ``file:line: text``."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True, eq=False)
class Lexicons:
    """The terms of all languages; two are never equal, so that one can be a key."""

    terms: Mapping[str, tuple[Term, ...]]  # by language
    homes: Mapping[str, tuple[str, ...]]  # language: the jurisdictions whose press writes in it
    common: Mapping[str, frozenset[str]]  # language: its commonest words, by which it is told
    clocks: Clocks = field(default_factory=lambda: clocks(()))  # deadlines computed from law

    def index_for(self, languages: frozenset[str]) -> Index:
        """Return the terms of these languages as one index; built once."""
        return _merged(self, languages.intersection(self.terms))


@lru_cache(maxsize=64)
def _merged(lexicons: Lexicons, languages: frozenset[str]) -> Index:
    return index(term for language in sorted(languages) for term in lexicons.terms[language])


@dataclass(slots=True)
class _File:
    """A file while it is read: its name, and what was found wrong in it."""

    name: str
    faults: list[str] = field(default_factory=list)
    language: str = ""
    home: str = ""
    common: str = ""
    terms: list[Term] = field(default_factory=list)

    def blame(self, node: Node, text: str, below: int = 0) -> None:
        self.faults.append(f"{self.name}:{node.start_mark.line + 1 + below}: {text}")


def load(folder: Path | None = None, calendars: Calendars = _WEEKENDS) -> Lexicons:
    """Return the lexicons that come with the program, with those of ``folder`` in place of files of the same name, and the rules of deadlines.

    ``calendars`` knows the holidays on which no period ends; without it only weekends are known.

    Raises:
        LexiconError: a file cannot be read or says something that has no meaning; all faults at once.
    """
    if folder is None:
        return _shipped(calendars)
    own = tuple(_texts(folder))
    if not own:
        return _only_rules(folder, calendars)
    replaced = {Path(name).name for name, _ in own}
    kept = tuple((name, text) for name, text in _shipped_texts() if name not in replaced)
    return _load((*kept, *own), with_own(folder, calendars), calendars)


def _only_rules(folder: Path, calendars: Calendars) -> Lexicons:
    """Return the shipped lexicons with the rules of a folder that holds nothing else."""
    rules, faults = with_own(folder, calendars)
    if faults:
        raise LexiconError(faults)
    return replace(_shipped(calendars), clocks=clocks(rules, calendars))


@lru_cache(maxsize=2)
def _shipped(calendars: Calendars) -> Lexicons:
    """Return the lexicons of the package; read once."""
    return _load(_shipped_texts(), shipped(calendars), calendars)


def _shipped_texts() -> tuple[tuple[str, str], ...]:
    files = sorted(resources.files("alerts.classify").joinpath("terms").iterdir(), key=lambda each: each.name)
    return tuple((each.name, each.read_text("utf-8")) for each in files if each.name.endswith(".yaml"))


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    found = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    paths = [path for path in found if path.name != NAME]
    if not found:
        raise LexiconError((f"{folder}:1: no lexicon here; a folder with files such as en.yaml is expected",))
    for path in paths:
        try:
            yield str(path), path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise LexiconError((f"{path}:1: {problem}",)) from problem


def _load(
    texts: tuple[tuple[str, str], ...],
    base: tuple[tuple[Clock, ...], tuple[str, ...]],
    calendars: Calendars,
) -> Lexicons:
    files = [_File(name) for name, _ in texts]
    for file, (_, text) in zip(files, texts, strict=True):
        _read(file, text)
    faults = tuple(fault_ for file in files for fault_ in file.faults) + base[1]
    if faults:
        raise LexiconError(faults)
    terms: dict[str, tuple[Term, ...]] = {}
    for file in files:
        terms[file.language] = terms.get(file.language, ()) + tuple(file.terms)
    return Lexicons(
        terms,
        {file.language: tuple(file.home.split()) for file in files},
        {file.language: frozenset(file.common.split()) for file in files if file.common},
        clocks(base[0], calendars),
    )


def _read(file: _File, text: str) -> None:
    """Fill ``file`` with the language, the home and the terms of its text; faults go there too."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        file.faults.append(f"{file.name}:{line}: {problem.problem}")
        return
    if not isinstance(root, MappingNode):
        file.faults.append(f"{file.name}:1: a mapping with language and sections is expected")
        return
    for key, value in root.value:
        if key.value == "language" and isinstance(value, ScalarNode):
            file.language = str(value.value)
        elif key.value == "home" and isinstance(value, ScalarNode):
            file.home = str(value.value)
        elif key.value == "common" and isinstance(value, ScalarNode):
            file.common = str(value.value)
        elif key.value in SECTIONS:
            file.terms += _section(file, str(key.value), value)
        else:
            file.blame(
                key, f"unknown section {key.value!r}; known: language, home, common, {', '.join(SECTIONS)}"
            )
    if not file.language:
        file.faults.append(f"{file.name}:1: language is missing")


def _section(file: _File, facet: str, node: Node) -> list[Term]:
    if not isinstance(node, MappingNode):
        file.blame(node, f"section {facet}: slugs with terms are expected")
        return []
    terms: list[Term] = []
    for key, value in node.value:
        slug = str(key.value)
        if not _known(facet, slug):
            file.blame(key, f"section {facet}: {slug!r} is no slug of it")
        elif isinstance(value, MappingNode):
            terms += _weighted(file, facet, slug, value)
        else:
            terms += _block(file, Sense(facet, slug, WEIGHTS["plain"]), value)
    return terms


def _known(facet: str, slug: str) -> bool:
    known = SECTIONS[facet]
    return slug in known if known else slug == NONE or (len(slug) == 2 and slug.isascii() and slug.isupper())


def _weighted(file: _File, facet: str, slug: str, node: MappingNode) -> list[Term]:
    terms: list[Term] = []
    for key, value in node.value:
        if key.value in WEIGHTS:
            terms += _block(file, Sense(facet, slug, WEIGHTS[key.value]), value)
        else:
            file.blame(key, f"{facet} {slug}: {key.value!r} is no weight; known: {', '.join(WEIGHTS)}")
    return terms


def _block(file: _File, sense: Sense, node: Node) -> list[Term]:
    """Return the terms of one text block."""
    if not isinstance(node, ScalarNode):
        file.blame(node, f"{sense.facet} {sense.value}: a text block with terms is expected")
        return []
    below = 1 if node.style == "|" else 0  # the block's text begins on the next line
    terms: list[Term] = []
    for number, line in enumerate(str(node.value).splitlines()):
        for text in (_plain(each) for each in line.split(";")):
            wrong = fault(text) if text else None
            if wrong:
                file.blame(node, f"{sense.facet} {sense.value}: {text!r} {wrong}", number + below)
            elif text:
                terms.append(Term(text, sense))
    return terms


def _plain(text: str) -> str:
    """Return a term in the form that texts have when they are searched; the sign for a gap stays."""
    return "…".join(unicodedata.normalize("NFKC", part) for part in text.split("…")).strip()
