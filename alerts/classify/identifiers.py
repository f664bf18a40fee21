"""Numbers by which a lawyer would search for the matter of an item, in one written form each.

Only numbers that say themselves what they are: a bare number is never read. Patent numbers carry the office's
code (``US11365026``, ``EP3156843``). Sources of the forms: Federal Register numbers as printed by the Office of the
Federal Register, ECLI (Council conclusions 2011/C 127/01), ELI (2012/C 325/02), CELEX (EUR-Lex), neutral
citations (UK Practice Direction of 14 January 2002), WIPO domain-name cases, Chinese document numbers
(党政机关公文处理工作条例, 2012, article 9).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from alerts.classify.reading import Passage

Write = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of identifier: ``key`` must stand in the folded text for the pattern to be tried at all."""

    key: str
    pattern: re.Pattern[str]
    write: Write
    title_only: bool = False


def _whole(match: re.Match[str]) -> str:
    return " ".join(match.group().split())


def _tight(match: re.Match[str]) -> str:
    return re.sub(r"\s+", "", match.group())


def _digits(prefix: str) -> Write:
    def write(match: re.Match[str]) -> str:
        return prefix + re.sub(r"[\s,.]", "", match.group(1))

    return write


def _order(match: re.Match[str]) -> str:
    """Return a decree's number in one form: 令（第80号） and 令第80号 are the same."""
    return re.sub(r"[()（）]", "", _tight(match))


def _form(key: str, pattern: str, write: Write = _whole, *, title_only: bool = False) -> Form:
    return Form(key, re.compile(pattern), write, title_only)


_YEAR_IN_BRACKETS = r"[\[(〔（【]\s?\d{4}\s?[\])〕）】]"
_UK = r"(?:UKSC|UKPC|EWCA|EWHC|UKUT|CSIH|CSOH|NIQB|UKFTT|HCA|FCAFC|FCA|NZSC|NZCA|NZHC|SGCA|SGHC|IESC|IEHC|HKCFA|HKCA|HKCFI|ZASCA|IECA|EWPCC)"

FORMS: tuple[Form, ...] = (
    _form("337-ta-", r"337-TA-\d{3,5}(?:/\d{3,5})*"),
    _form("fr doc", r"FR Doc\.?(?: No:?\.?)? ((?:19|20)\d\d-\d{4,5})", _digits("")),
    _form("fr", r"(?<![\w.])\d{2,3} (?:FR|Fed\. ?Reg\.) \d{1,3}(?:,\d{3}|\d{0,3})(?![\d,])"),
    _form("cfr", r"(?<![\w.])\d{1,2} CFR (?:[Pp]arts? )?\d+(?:\.\d+)?"),
    _form("docket", r"(?:PTO|USTR|ITC|COLC|CPB|BIS|USCBP|USPC|DOC|AMS)-[A-Z]?-?\d{4}-\d{4}"),
    _form("docket", r"(?<=[Dd]ocket No\. )\d{4}-\d{1,3}(?!\d)"),
    _form("case", r"(?:DFARS|FAR) Case \d{4}-[A-Z]?\d{3}"),
    _form("rin", r"(?<=RIN )\d{4}-[A-Z]{2}\d\d"),
    _form("ecli", r"ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}(?<!\.)"),
    _form("eli/", r"(?<=/)eli/[a-z0-9/._-]{6,60}(?<![/.])"),
    _form("celex", r"(?<=CELEX:)[0-9CE]\d{4}[A-Z]{1,2}\d{4}"),
    _form("celex", r"(?<=CELEX )[0-9CE]\d{4}[A-Z]{1,2}\d{4}"),
    _form("case", r"(?<=[Cc]ase )[CTF][-‐‑–]\d{1,4}/\d\d(?: P)?", lambda match: re.sub("[‐‑–]", "-", match.group())),
    _form("", r"(?<![\w-])[CT][-‐‑–]\d{1,4}/\d\d(?![\d/])", lambda match: re.sub("[‐‑–]", "-", match.group()), title_only=True),
    _form("upc_", r"UPC_(?:CFI|CoA|COA)_\d{1,5}/20\d\d"),
    _form("", r"(?<![\w-])[DGJTWR] ?\d{1,4}/(?:19|20)?\d\d(?![\d/-])", _tight, title_only=True),
    _form("", rf"\[(?:19|20)\d\d\] {_UK}(?: (?:Civ|Crim|Patents|IPEC))? \d{{1,5}}(?: \([A-Za-z]{{2,6}}\))?"),
    _form("(pat)", r"\d{1,2} (?:W|Ni|ZA|Li|LiQ) \(pat\) \d{1,4}/\d\d(?: \((?:EP|EU)\))?"),
    _form("zr", r"(?<!\w)(?:[IVX]{1,4}a?) Z[RB] \d{1,4}/\d\d(?!\d)"),
    _form("bgbl", r"BGBl\. ?(?:[12]\d{3} )?I{1,2} (?:(?:[12]\d{3} )?Nr\. ?\d+|S\. ?\d+)"),
    _form("act", r"Act No\. ?\d{1,4} of (?:18|19|20)\d\d", _whole, title_only=True),
    _form("public law", r"(?:Pub\. ?L\.|Public Law)(?: No\.)? \d{2,3}-\d{1,4}"),
    _form("decreto", r"[Dd]ecreto(?:[ -][Ll]ei)? (?:n\.? ?º ?)?\d[\d.]*/(?:19|20)\d\d"),
    _form("lei", r"(?<!\w)Lei (?:n\.? ?º ?)?\d[\d.]*/(?:19|20)?\d\d"),
    _form("décret", r"[Dd]écret n° ?\d{2,4}-\d{1,4}"),
    _form("loi", r"[Ll]oi n° ?\d{2,4}-\d{1,4}"),
    _form("nor", r"(?<=NOR: )[A-Z]{4}\d{7}[A-Z]"),
    _form("proc", r"(?<=[Pp]rocesso n[ºo°] )[\w./-]{4,25}[\w]"),
    _form("case no", r"(?<=[Cc]ase [Nn]o\. )[\w./:()-]{4,25}[\w)]"),
    _form("appeal", r"(?<=Appeal Number: )\d\d-\d{3,4}"),
    _form("", r"^\d\d-\d{3,4}(?=:)", _whole, title_only=True),
    _form("appeal", r"(?<=[Aa]ppeal [Cc]ase )A ?\d{3}/\d{4}", _tight),
    _form("", r"(?<!\w)A ?\d{3}/20\d\d(?!\d)", _tight, title_only=True),
    _form("ipr", r"(?<!\w)(?:IPR|PGR|CBM|DER)20\d\d-\d{5}"),
    _form("cv", r"\d:\d\d-(?:cv|mc|md)-\d{3,5}(?:-[A-Z]{2,4})*"),
    _form("opposition", r"(?:OPPOSITION|[Oo]pposition) N[oоº°]\.? (B ?\d(?: ?\d{3}){2})", lambda m: "B " + re.sub(r"\D", "", m.group(1))),
    _form("international registration", r"[Ii]nternational [Rr]egistration [Nn](?:o|umber)[.:]* ?(\d{5,7})", _digits("IR ")),
    _form("eutm", r"EUTM (?:[Nn]o\.? ?|[Aa]pplication [Nn]o\.? ?)?(0?\d{2} ?\d{3} ?\d{3})", _digits("EUTM ")),
    _form("", r"(?<![\w-])D(?:[A-Z]{2})?(?:19|20)\d\d-\d{4}(?!\d)"),
    _form("resoluci", r"(?<!\d)\d{3,5}-20\d\d/[A-Z]{2,5}-INDECOPI"),
    _form("expediente", r"EXPEDIENTE(?: N[°º])? ?: ?(\d[\d-]{4,12}\d)", lambda match: match.group(1)),
    _form("号", r"指导(?:性)?案例\s?\d{1,4}\s?号", _tight),
    _form("号", rf"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{1,8}}{_YEAR_IN_BRACKETS}\s?\d{{1,5}}\s?号", _tight),
    _form("号", rf"(?:法释|法发|国发|国办发|国知发[\u4e00-\u9fff]{{0,4}}|国知办[\u4e00-\u9fff]{{0,5}}){_YEAR_IN_BRACKETS}\s?\d{{1,4}}\s?号", _tight),
    _form("民", r"[（(]\d{4}[）)]\s?[\u4e00-\u9fff]{1,3}\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号", _tight),
    _form("令", r"(?:国务院|主席|(?:国家)?[\u4e00-\u9fff]{0,6}局|海关总署|[\u4e00-\u9fff]{1,4}部)?令\s?[（(]?\s?第?\s?\d{1,4}\s?号\s?[）)]?", _order),
    _form("公告", r"(?<=公告)\s?[（(]?第?[〇一二三四五六七八九十百\d]{1,5}号[）)]?", lambda m: "公告" + _balanced(_tight(m))),
    _form("令和", r"(?:令和|平成)\s?\d{1,2}年\s?[（(][\u30a0-\u30ff\u4e00-\u9fff]{1,2}[）)]\s?第\s?\d{3,6}\s?号", _tight),
)  # fmt: skip

_US_PATENTS = re.compile(r"(?:U\.S\.|US) (?:(Design|Reissue|Plant) )?Patents? (?:Nos?\.|Numbers?) ")
_US_NUMBER = re.compile(r"(?:RE|D|PP)?\d{1,3}(?:,\d{3}){1,2}(?!\d)")
_OFFICE_PATENT = re.compile(
    r"(?<![\w-])(EP|WO|CN|DE|GB|FR|KR)[ -]?(\d(?:[ ,.]?\d{3}){2,3}|\d{4}/\d{6})(?: ?([AB][1-9]|[ABCUY]))?(?![\d/])"
)


def read_identifiers(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the identifiers of title and summary, in order, each once."""
    found: dict[str, str] = {}
    for passage in passages:
        if passage.name != "publisher":
            for identifier in (*_patents(passage.text), *_forms(passage)):
                found.setdefault(re.sub(r"\W", "", identifier).casefold(), identifier)
    keys = sorted(found, key=len, reverse=True)
    inside = {key for n, key in enumerate(keys) if any(key in longer for longer in keys[:n])}
    return tuple(identifier for key, identifier in found.items() if key not in inside)


def _forms(passage: Passage) -> Iterator[str]:
    for form in FORMS:
        if form.key in passage.folded and (passage.name == "title" or not form.title_only):
            for match in form.pattern.finditer(passage.text):
                yield form.write(match)


def _patents(text: str) -> Iterator[str]:
    """Yield patent numbers with their office; an American notice lists several after one "Nos."."""
    for opening in _US_PATENTS.finditer(text):
        stretch = text[opening.end() : opening.end() + 500]
        yield from ("US" + number.replace(",", "") for number in _listed(stretch))
    for match in _OFFICE_PATENT.finditer(text):
        number = re.sub(r"[ ,.]", "", match.group(2))
        if 6 <= len(number) <= 13:
            yield match.group(1) + number


def _listed(text: str) -> Iterator[str]:
    """Yield the numbers of a list whose members are joined by short text, as in "1,234,567 ("the '567 patent"); and"."""
    end = 0
    for match in _US_NUMBER.finditer(text):
        if match.start() - end > 60 or ". " in text[end : match.start()]:
            return
        end = match.end()
        yield match.group()


def _balanced(text: str) -> str:
    """Return the text without a bracket that was opened or closed elsewhere."""
    opened, closed = any(each in text for each in "(（"), any(each in text for each in ")）")
    return text if opened == closed else text.strip("()（）")
