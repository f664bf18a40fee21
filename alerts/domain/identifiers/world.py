"""Symbols of the World Trade Organization and numbers of domain-name cases."""

import re

from alerts.domain.identifiers.form import START, Form, form, like

_TAIL = r"(?: ?/ ?(?:Add|Rev|Corr|Suppl)\. ?\d{1,3})*"


def _symbol(match: re.Match[str]) -> str:
    """Return a symbol without spaces, in capitals but for Add., Rev., Corr. and Suppl."""
    tight = match.group().replace(" ", "")
    return re.sub("(?i)add|rev|corr|suppl", lambda tail: tail.group().capitalize(), tight.upper())


def _dispute(match: re.Match[str]) -> str:
    return f"WT/DS{match[1]}{'/' + match[2].upper() if match[2] else ''}"


FORMS: tuple[Form, ...] = (
    form("/", rf"(?i){START}G ?/ ?(?:TBT|SPS) ?/ ?N(?: ?/ ?[A-Z]{{3}}){{1,4}} ?/ ?\d{{1,5}}{_TAIL}(?!\d)", _symbol),
    form("/", rf"{START}G/(?:TBT|SPS)/(?:GEN|W|M|R)/\d{{1,5}}{_TAIL}(?!\d)", _symbol),
    form("ip/", rf"{START}IP/[NCQD](?:/[A-Z0-9]{{1,4}}){{1,5}}{_TAIL}", lambda m: _symbol(m) if re.search(r"\d", m.group()) else ""),
    form("ds", rf"(?i){START}WT ?/ ?DS ?(\d{{1,3}})(?:/((?:AB/)?(?:RW?|\d{{1,3}}))(?![A-Za-z0-9]))?(?!\d)", _dispute),
    form("ds", rf"{START}DS ?([1-9]\d{{2}})()(?![\d.])", _dispute, near=r"\bWTO\b|World Trade|世贸|世界贸易|세계무역"),
    form("", rf"{START}(?<!-)D(?:[A-Z]{{2,3}})? ?(?:19|20)\d\d-\d{{4}}(?!\d)", lambda m: m.group().replace(" ", "")),
    form("cac-", rf"(?i){START}CAC-(?:UDRP|ADREU)-\d{{5,6}}(?!\d)", lambda m: m.group().upper()),
    form("fa", rf"{START}FA ?(\d{{13}})(?!\d)", like("FA{1}")),
)  # fmt: skip
