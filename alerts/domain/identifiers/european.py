"""Identifiers of the European Union and of the European courts and offices.

Acts are numbered as in the interinstitutional style guide: since 2015 year/number under one series, before that
number/year for regulations and year/number/community for directives and decisions. ECLI: Council conclusions 2011/C 127/01;
ELI: 2012/C 325/02.
"""

import re
from collections.abc import Iterator

from alerts.domain.identifiers.form import END, NO, START, Form, form, like, tight

ONE_SERIES = 2015  # from which year on the acts of all kinds share one series of numbers
_SHORT_YEARS = 1999  # acts of earlier years carry two digits of it
_KINDS = (
    (re.compile("reg|règl|verord|条例|规则|규정"), "Regulation"),
    (re.compile("dir|richtl|指令|지침"), "Directive"),
    (re.compile("dec|déc|beschl|决定|결정"), "Decision"),
)
_COMMUNITIES = {"UE": "EU", "EG": "EC", "CE": "EC", "EWG": "EEC", "CEE": "EEC"}
_KIND = (
    r"(?:(Regulation|Directive|Decision|\w*verordnung|\w*richtlinie|\w*beschluss|Règlement|Décision|Reglamento|Directiva"
    r"|Decisión|Regulamento|Diretiva|Decisão|Regolamento|条例|指令|规则|规定|규정|지침)"
    r"(?: d'exécution| délégué| de ejecución| delegad[oa]| de execução| di esecuzione)? ?)"
)
_COMMUNITY = r"(EU|UE|EC|EG|CE|EEC|EWG|CEE)"
_BEFORE = rf"{_COMMUNITY}(?:, ?Euratom)?\)? ?(?:{NO})?\d{{1,4}}/"  # where it is nowhere the long pattern need not be tried
_COURT = r"(?:[Cc]ases?|[Rr]echtssachen?|[Aa]ffaires?|[Aa]suntos?|[Pp]rocessos?|[Cc]aus[ae]|案|案件|사건)"


def _kind(word: str | None) -> str:
    folded = (word or "").casefold()
    return next((name for words, name in _KINDS if words.search(folded)), "")


def _act(match: re.Match[str]) -> str:
    """Return "(EU) 2026/711" with its kind where that is told; what comes first is the year unless a "No" says otherwise."""
    kind, bracket, community, marker, one, two = match.groups()
    year_first = not marker and len(one) == 4 and int(one) >= ONE_SERIES
    year, number = (one, two) if year_first else (two, one)
    bare = not bracket and not kind
    if bare and (len(number) < 3 or int(number) == int(year) + 1):
        return ""  # EU 2025/26 is a season, EU 2024/2025 two years
    return written(_kind(kind), community, year, number, numbered=bool(marker))


def written(kind: str, community: str, year: str, number: str, *, numbered: bool = False) -> str:
    """Return the act as the Official Journal writes it; empty when there is no such year."""
    whole_year = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 30 else 1900)
    community = _COMMUNITIES.get(community, community)
    if not 1952 <= whole_year <= 2049:
        return ""
    if whole_year >= ONE_SERIES:
        return f"{kind} (EU) {whole_year}/{int(number)}".strip()
    shown = str(whole_year) if whole_year >= _SHORT_YEARS else f"{whole_year % 100:02d}"
    if kind in ("", "Regulation") and numbered:
        return f"Regulation ({community}) No {int(number)}/{shown}"
    if kind == "Regulation":
        return f"Regulation ({community}) No {int(number)}/{shown}"
    return f"{kind} {shown}/{int(number)}/{community}".strip()


def _joined(match: re.Match[str]) -> Iterator[str]:
    """Yield every case of "Joined Cases C-1/25 P and C-2/25 P"."""
    found = re.finditer(r"([CTF])-? ?(\d{1,4})/(\d\d)(?!\d)( P)?(?![a-z])", match.group())
    return (f"{one[1]}-{one[2]}/{one[3]}{one[4] or ''}" for one in found if _sat(one[1], int(one[3])))


def _sat(court: str, year: int) -> bool:
    """Return whether the court had cases that year: the Court of Justice since 1953, the others since 1989 (F from 2005 on)."""
    since = 1953 if court == "C" else 1989
    return since <= (2000 if year < 50 else 1900) + year <= 2049


_CASE = r"[CTF]-\d{1,4}/\d\d(?!\d|/)(?: P(?![A-Za-z]))?"
_JOIN = r"(?:, | and | et | und | y | e |、|和|与|及)"

FORMS: tuple[Form, ...] = (
    form("/", rf"(?i){_KIND}?(\()?{START}{_COMMUNITY}(?:, ?Euratom)?\)? ?({NO})?(\d{{1,4}})/(\d{{2,4}})(?![\d/])", _act, near=_BEFORE),
    form(
        "/",
        rf"(?i)(?:{_KIND}{NO}?)?(?<![\w/.])(\d{{2}}|(?:19|20)\d\d)/(\d{{1,4}})/{_COMMUNITY}{END}",
        lambda m: written(_kind(m[1]), m[4].upper(), m[2], m[3]),
        near=rf"\d/{_COMMUNITY}",
    ),
    form(
        "/",
        r"(?:EU )?(?<!\w)(Regulation|Directive) (20(?:1[5-9]|2\d))/(\d{2,5})(?![\d/])",
        lambda m: written(m[1], "EU", m[2], m[3]),
    ),
    form("com", rf"{START}COM ?[(/]?(20\d\d)[)/] ?(\d{{1,4}})(?!\d)", lambda m: f"COM({m[1]}) {int(m[2])}"),
    form("celex", r"(?i)CELEX(?: number| no\.?)?:? ?([0-9CE]\d{4}[A-Z]{1,2}\d{4})(?!\d)", lambda m: m[1].upper()),
    form("ecli", r"(?i)ECLI: ?[A-Z]{2}: ?[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}(?<!\.)", lambda m: m.group().replace(" ", "").upper()),
    form("eli/", r"(?<=/)eli/[a-z0-9/._-]{6,60}(?<![/.])"),
    form("c-|t-|f-", rf"{_COURT}:? ?(?:{NO})?{_CASE}(?:{_JOIN}{_CASE})*", _joined),
    form("c-|t-", r"(?<![\w-])[CT]-\d{1,4}/\d\d(?![\d/])(?: P(?![A-Za-z]))?", _joined, title_only=True, near=r"CJEU|Court of Justice|General Court|EuGH|CJUE|TJUE|欧盟法院|유럽사법"),
    form("upc", rf"(?i){START}UPC[_ -](CFI|CoA)[_ -]?(?:No\.? ?)?(\d{{1,5}})[/_](20\d\d)(?!\d)",
         lambda m: f"UPC_{'CFI' if m[1].upper() == 'CFI' else 'CoA'}_{int(m[2])}/{m[3]}"),
    form("_", r"(?<![A-Za-z0-9])(ACT|ORD|App|APP|APL|CC|PR)_ ?(\d{1,6})[/_](20\d\d)(?!\d)", like("{1}_{2}/{3}")),
    form("", r"(?<![\w-])(?!G20)[DGJTWR] ?\d{1,4}/(?:19|20)?\d\d(?![\d/-])", tight, title_only=True, near=r"boards? of appeal|Beschwerdekammer|chambres? de recours|上诉委员会"),
    form("r", rf"{START}R ?(\d{{1,4}}/20\d\d-(?:\d|G))(?!\d)", like("R {1}")),
    form("opposition", r"(?:OPPOSITION|[Oo]pposition) N[oоº°]\.? (B ?\d(?: ?\d{3}){2})", lambda m: "B " + re.sub(r"\D", "", m[1])),
    form("eutm|ctm|mark|marque|marca|欧盟", rf"(?i){START}(?:EUTM|CTM|EU trade ?mark|European Union trade ?mark|Unionsmarken?|marque de l'Union européenne|marca de la Unión Europea|marca da União Europeia|欧盟商标)"
         rf"(?: (?:application|registration|Anmeldung))? ?(?:{NO})?(\d{{2,3}} ?\d{{3}} ?\d{{3}})(?!\d| ?\d{{3}})", lambda m: f"EUTM {int(m[1].replace(' ', '')):09d}"),
    form("rcd|design|geschmack", rf"(?i){START}(?:RCD|Community design|EU design|Gemeinschaftsgeschmacksmuster)(?: {NO}| )?(\d{{6,9}})-(\d{{4}})(?!\d)",
         lambda m: f"RCD {int(m[1]):09d}-{m[2]}"),
)  # fmt: skip
