"""Laws, cases and registers of single countries in Europe, the Americas and the Commonwealth.

Neutral citations: UK Practice Direction of 14 January 2002. Federal Law Gazette of Germany: § 2 VkBkmG of 2022 (year, part,
number), before that part and page. French, Spanish and Portuguese laws by their own number, without "n°", which each writes its own way.
"""

import re

from alerts.domain.identifiers.form import NO, START, Form, first, form, like, tight, whole

_UK = r"(?:UKSC|UKPC|EWCA|EWHC|UKUT|CSIH|CSOH|NIQB|UKFTT|HCA|FCAFC|FCA|NZSC|NZCA|NZHC|SGCA|SGHC|IESC|IEHC|HKCFA|HKCA|HKCFI|ZASCA|IECA|EWPCC)"
_SPANISH = r"Ley Orgánica|Ley Foral|Ley|Real Decreto-[Ll]ey|Real Decreto Legislativo|Real Decreto|Decreto Legislativo|Decreto Supremo"
_PORTUGUESE = (
    r"Lei Complementar|Lei|Decreto-[Ll]ei|Decreto|Medida Provisória|Portaria|Resolução|Instrução Normativa"
)
_MONTH = r"de \d{1,2}[o°]? de [a-zç]{4,9} de"


def _year(text: str) -> str:
    return text if len(text) == 4 else f"{'20' if int(text) < 30 else '19'}{text}"


def _lei(match: re.Match[str]) -> str:
    """Return "Lei 9.279/1996", also for "Lei nº 9.279, de 14 de maio de 1996"."""
    name, issuer, number, year = match[1], match[2], match[3].replace(".", ""), match[4] or match[5]
    shown = f"{int(number):,}".replace(",", ".")
    return f"{name.replace('-Lei', '-lei')}{issuer or ''} {shown}/{_year(year)}"


def _french(match: re.Match[str]) -> str:
    """Return "loi n° 2026-115"; 2024-2025 without its n° is a pair of years."""
    name, marker, year, number = match[1].casefold(), match[2], match[3], match[4]
    if not marker and (len(year) < 4 or int(number) == int(year) + 1):
        return ""
    return f"{name.replace('decret', 'décret')} n° {year}-{number}"


def _gazette(match: re.Match[str]) -> str:
    """Return a place in the German or Austrian gazette: year before the part, or behind the number as in Austria."""
    year, part, mark, number, behind = match[1] or match[3], match[2], match[4], match[5], match[6]
    head = f"BGBl. {year + ' ' if year else ''}{part}"
    return f"{head} {'S.' if mark.startswith('S') else 'Nr.'} {number}{'/' + behind if behind else ''}"


def _citation(match: re.Match[str]) -> str:
    year, court, division, number, chamber = match.groups()
    parts = (f"[{year}] {court}", division, str(int(number)), f"({chamber})" if chamber else "")
    return " ".join(part for part in parts if part)


FORMS: tuple[Form, ...] = (
    form("]|)", rf"[\[(]((?:19|20)\d\d)[\])] ({_UK})(?: (Civ|Crim|Patents|IPEC))? (\d{{1,5}})(?: \(([A-Za-z]{{2,6}})\))?(?!\d)", _citation),
    form("si|s.i|s. i|statutory", rf"{START}(?:UK ?SI|S\.? ?I\.?|Statutory Instrument) ?((?:19|20)\d\d)(?: ?/ ?|,? No\.? ?)(\d{{1,5}})(?!\d)", like("UKSI {1}/{2}")),
    form("uksi/", r"legislation\.gov\.uk/(?:id/)?uksi/(\d{4})/(\d{1,5})(?!\d)", like("UKSI {1}/{2}")),
    form("ssi|s.s.i", rf"{START}S\.?S\.?I\.? (20\d\d)(?:/| No\.? ?)(\d{{1,4}})(?!\d)", like("SSI {1}/{2}")),
    form("ukpga/", r"legislation\.gov\.uk/(?:id/)?ukpga/(\d{4})/(\d{1,3})(?!\d)", like("{1} c. {2}")),
    form("act", r"(?<=Act )((?:19|20)\d\d) \(?c\. ?(\d{1,3})\)?(?!\d)", like("{1} c. {2}")),
    form("c.", r"^((?:19|20)\d\d) c\. ?(\d{1,3})$", like("{1} c. {2}")),
    form("(pat)", r"\d{1,2} (?:W|Ni|ZA|Li|LiQ) \(pat\) \d{1,4}/\d\d(?: \((?:EP|EU)\))?"),
    form("z", r"(?<!\w)(?:[IVX]{1,4}a?) Z[RB] \d{1,4}/\d\d(?!\d)"),
    form("bv", r"(?<!\w)[12] Bv[RLF] \d{1,4}/\d\d(?!\d)"),
    form("lg |az", r"(?:(?<=LG )|(?<=Az[.:] ))\d{1,2}[a-z]? [OU] \d{1,5}/\d\d(?!\d)"),
    form("lg |landesgericht|landgericht", r"(?:LG|OLG|Landgericht|Oberlandesgericht) [A-ZÄÖÜ][a-zäöüß]+[^.]{0,40}?[ (,](\d{1,2}[a-z]? [OU] \d{1,5}/\d\d)(?!\d)", first),
    form("bgbl", rf"BGBl\.? ?(?:((?:19|20)\d\d) ?)?(?:Teil )?(I{{1,3}})(?: ((?:19|20)\d\d))?,? ?({NO}|S\. ?|Seite )(\d{{1,4}})(?:/((?:19|20)\d\d))?(?!\d)", _gazette),
    form("bt-dr", r"BT-(?:Drs\.?|Drucksache) ?(\d\d)/(\d{1,5})(?!\d)", like("BT-Drs. {1}/{2}")),
    form("drucksache", r"Bundestagsdrucksache ?(\d\d)/(\d{1,5})(?!\d)", like("BT-Drs. {1}/{2}")),
    form("act", r"Act No\. ?\d{1,4} of (?:18|19|20)\d\d", whole, title_only=True),
    form("loi|ordonnance|cret", rf"(?i)(?<!\w)(loi|ordonnance|décret|decret)(?: organique)? ({NO})?(\d{{2,4}})-(\d{{1,4}})(?![\d-])", _french),
    form("nor", r"(?<=NOR: )[A-Z]{4}\d{7}[A-Z]"),
    form("nor", r"NOR ?: ?([A-Z]{4}\d{7}[A-Z])", first),
    form("/", rf"(?<!\w)({_SPANISH}) {NO}?(\d{{1,5}})/((?:19|20)\d\d)(?!\d)", lambda m: f"{m[1].replace('-Ley', '-ley')} {int(m[2])}/{m[3]}"),
    form("ley", rf"(?<!\w)Ley {NO}?(\d{{1,4}}) de ((?:19|20)\d\d)(?!\d)", like("Ley {1} de {2}")),
    form("ley", rf"(?<!\w)Ley {NO}(\d{{1,2}})\.?(\d{{3}})(?![\d/.])", like("Ley {1}.{2}")),
    form("ley", r"(?<!\w)Ley (\d{1,2}\.\d{3})(?![\d/.])", like("Ley {1}")),
    form("decreto supremo", rf"Decreto Supremo {NO}?(\d{{1,3}}-(?:19|20)\d\d-[A-Z]{{2,9}})", like("Decreto Supremo {1}")),
    form("orden", r"(?<!\w)Orden ([A-Z]{3})/(\d{1,4})/((?:19|20)\d\d)(?!\d)", like("Orden {1}/{2}/{3}")),
    form("boe-", rf"{START}BOE-[A-Z]-(?:19|20)\d\d-\d{{1,6}}(?!\d)"),
    form("lei|decreto|medida|portaria|resolu|instru", rf"(?<!\w)({_PORTUGUESE})((?: |/)[A-Z]{{2,9}}(?:/[A-Z]{{2,4}})*)? {NO}?(\d[\d.]*?)(?:/((?:19|20)?\d\d)|, {_MONTH} ((?:19|20)\d\d))(?![\d/])", _lei),
    form("proc", r"(?<=[Pp]rocesso n[o°] )[\w./-]{4,25}[\w]"),
    form("indecopi", r"(?<!\d)\d{3,5}-20\d\d/[A-Z]{2,5}-INDECOPI"),
    form("expediente", r"EXPEDIENTE(?: N[°o])? ?: ?(\d[\d-]{4,12}\d)", first),
    form("appeal", r"(?<=[Aa]ppeal [Cc]ase )A ?\d{3}/\d{4}", tight),
    form("", r"(?<!\w)A ?\d{3}/20\d\d(?!\d)", tight, title_only=True),
    form("", rf"{START}F(?:19|20)\d\d[A-Z]\d{{5}}(?!\d)"),
    form("sor/|si/|dors/|tr/", rf"{START}(SOR|SI|DORS|TR)/(\d{{2,4}})-(\d{{1,3}})(?!\d)", lambda m: f"{ {'DORS': 'SOR', 'TR': 'SI'}.get(m[1], m[1])}/{m[2]}-{m[3]}"),
    form("(comm)", r"(?i)CS ?\(COMM\) ?(\d{1,5})/(20\d\d)(?!\d)", like("CS(COMM) {1}/{2}")),
    form("(e)", rf"{START}(S\.O\.|G\.S\.R\.) ?(\d{{1,4}}) ?\(E\)", like("{1} {2}(E)")),
    form("uk00", rf"(?i){START}UK0000\d{{7}}(?!\d)", lambda m: m.group().upper()),
)  # fmt: skip
