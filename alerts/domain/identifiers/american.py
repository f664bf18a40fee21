"""Identifiers of the United States: trade commission, Federal Register, statutes, courts, trade mark office.

Federal Register numbers as printed by the Office of the Federal Register; public laws as in the Statutes at Large; docket
numbers of district courts as in CM/ECF (office, year, kind, number), without the initials of the judges, which change.
"""

import re
from collections.abc import Iterator

from alerts.domain.identifiers.form import START, Form, digits, first, form, like, tight

_ITC = r"\bITC\b|trade commission|section 337|337-TA|337调查|complaint"
AGENCIES = "PTO|USTR|ITC|COLC|CPB|BIS|USCBP|USPC|DOC|AMS"


def _investigations(match: re.Match[str]) -> Iterator[str]:
    """Yield each of 337-TA-1133/1134."""
    return (f"337-TA-{number}" for number in match[1].replace(" ", "").split("/"))


def _regulation(match: re.Match[str]) -> str:
    title, part, section = match.groups()
    return f"{title} CFR {part}.{section}" if section else f"{title} CFR Part {part}"


def _docket(match: re.Match[str]) -> str:
    """Return a number of a district court: office, year, kind, number of at least five digits."""
    office, year, kind, number = match.groups()
    return f"{office + ':' if office else ''}{year}-{kind.lower()}-{int(number):05d}"


FORMS: tuple[Form, ...] = (
    form("337", rf"(?i){START}337[- ]?TA[- ]?(\d{{3,5}}(?: ?/ ?\d{{3,5}})*)(?!\d)", _investigations),
    form("337", r"(?i)(?:\bInv\.?|Investigation|EDIS)(?: No\.?)? 337-(\d{3,4})(?!\d)", _investigations),
    form("dn|d.n", rf"{START}D\.?N\.?[ -]?([2-5]\d{{3}})(?!\d| ?(?:mm|pipe|valve|flange))", like("DN {1}"), near=_ITC),
    form("trade commission", r"(?i)Docket No\.? ?([2-5]\d{3})(?!\d|-)", like("DN {1}")),
    form(
        "fr doc",
        r"FR Doc(?:ument)?\.?(?: No\.?:?)? ?((?:[CRXZ]\d-)?(?:19|20)\d\d-\d{4,5})(?!\d)",
        first,
    ),
    form("document num", r"(?i)document number:? ((?:[CR]\d-)?(?:19|20)\d\d-\d{5})(?!\d)", first),
    form(
        "fr",
        rf"{START}(?<!\.)([3-9]\d|1[0-2]\d) FR ?(\d{{1,3}},\d{{3}}|\d{{2,6}})(?![\d,]\d)",
        lambda m: f"{m[1]} FR {m[2].replace(',', '')}",
    ),
    form(
        ".",
        rf"{START}(?<!\.)([3-9]\d|1[0-2]\d) (?:Fed\. ?Reg\.|F\. ?R\.) ?(\d{{1,3}},\d{{3}}|\d{{2,6}})(?![\d,]\d)",
        lambda m: f"{m[1]} FR {m[2].replace(',', '')}",
    ),
    form(
        "cfr|c.f.r",
        rf"{START}(?<!\.)(\d{{1,2}}) (?:CFR|C\.F\.R\.) ?(?:[Pp]arts? |§{{1,2}} ?|[Ss]ections? |[Ss]ec\. )?(\d{{1,4}})(?:\.(\d{{1,4}}))?(?!\d)",
        _regulation,
    ),
    form("-", rf"{START}(?:{AGENCIES})-[A-Z]?-?\d{{4}}-\d{{4}}(?!\d)"),
    form("docket", r"(?<=[Dd]ocket No\. )\d{4}-\d{1,3}(?!\d)"),
    form("case", r"(?:DFARS|FAR) Case \d{4}-[A-Z]?\d{3}"),
    form("rin", r"(?<=RIN )\d{4}-[A-Z]{2}\d\d"),
    form(
        "pub|p.l|p. l|pl|公法",
        rf"{START}(?:(?:Pub(?:lic|\.)? ?L(?:aw|\.)?|P\. ?L\.|PL)(?: No\.?)?|公法) ?(1[01]\d|[6-9]\d)-(\d{{1,4}})(?!-|[A-Za-z0-9])",
        like("Pub. L. {1}-{2}"),
    ),
    form("公法", r"第 ?(1[01]\d)-(\d{1,4}) ?号公法", like("Pub. L. {1}-{2}")),
    form("ipr|pgr|cbm|der", rf"{START}(IPR|PGR|CBM|DER)[ -]?(20\d\d)-(\d{{5}})(?!\d)", like("{1}{2}-{3}")),
    form("-cv-|-mc-|-md-|-ml-|-cr-", rf"(?i){START}(?<![-/:])(?:(\d)[:-])?(\d\d)-(cv|mc|md|ml|cr)-0*(\d{{2,6}})(?!\d)", _docket),
    form("appeal", r"(?<=Appeal Number: )\d\d-\d{3,4}"),
    form("", r"^\d\d-\d{3,4}(?=:)", title_only=True),
    form("opposition", rf"(?i){START}Opposition No\.? ?(91\d{{6}})(?!\d)", like("Opposition No. {1}")),
    form("cancellation", rf"(?i){START}Cancellation No\.? ?(92\d{{6}})(?!\d)", like("Cancellation No. {1}")),
    form("serial", r"(?i)Serial N(?:o\.?|umber):? ?(\d\d/?\d{3},?\d{3})(?!\d|,\d)", digits("Serial No. ")),
    form("ser.", r"(?i)Ser\. No\.? ?(\d\d/?\d{3},?\d{3})(?!\d|,\d)", digits("Serial No. ")),
    form("application", r"(?i)Application (?:Serial )?No\.? ?(\d\d/\d{3},?\d{3})(?!\d|,\d)", digits("Serial No. ")),
    form("case no", r"(?<=[Cc]ase [Nn]o\. )(?!\d?:?\d\d-(?:cv|mc|md|cr)-|D[A-Z]{0,2}\d{4}-)[\w./:()-]{4,25}[\w)]", tight),
    form("international registration", r"[Ii]nternational [Rr]egistration [Nn](?:o|umber)[.:]* ?(\d{5,7})", digits("IR ")),
)  # fmt: skip
