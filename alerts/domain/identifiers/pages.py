"""The official page of an identifier, where its address follows from the identifier alone and stays.

No address is guessed: an act of the EU whose kind is not told, a Japanese law (its address depends on who introduced the bill), a
decision of the EPO's boards (on its language) or a trade commission case (on an internal number) has none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from alerts.domain.identifiers.american import AGENCIES

_LETTERS = {"Regulation": "R", "Directive": "L", "Decision": "D"}
_COURTS = {
    "UKSC": "uksc",
    "UKPC": "ukpc",
    "EWCA Civ": "ewca/civ",
    "EWCA Crim": "ewca/crim",
    "EWHC IPEC": "ewhc/ipec",
}
_DIVISIONS = {
    "Pat": "pat",
    "Ch": "ch",
    "IPEC": "ipec",
    "Comm": "comm",
    "TCC": "tcc",
    "Admin": "admin",
    "KB": "kb",
    "QB": "qb",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """The shape of an identifier, and how its address is made; ``home`` is the only publisher whose bare numbers these are."""

    shape: re.Pattern[str]
    address: Callable[[re.Match[str]], str | None]
    home: str | None = None


def _page(shape: str, address: str | Callable[[re.Match[str]], str | None], home: str | None = None) -> _Page:
    """Return a page; in a text ``{1}`` stands for the first group, quoted."""
    if callable(address):
        return _Page(re.compile(shape), address, home)
    template = address
    return _Page(
        re.compile(shape),
        lambda match: template.format("", *(quote(each or "", safe="/:()") for each in match.groups())),
        home,
    )


def _act(match: re.Match[str]) -> str:
    kind, year, number = match["kind"], match["year"], match["number"]
    whole = int(year) if len(year) == 4 else 1900 + int(year)
    return _celex(f"3{whole}{_LETTERS[kind]}{int(number):04d}")


def _celex(number: str) -> str:
    return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{number}"


def _ecli(match: re.Match[str]) -> str:
    ecli = match.group()
    if match[1] == "EU":
        return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=ecli:{ecli}"
    return f"https://e-justice.europa.eu/ecli/{ecli}"


def _judgment(match: re.Match[str]) -> str | None:
    """Return the page of the National Archives for courts of England and Wales and the Supreme Court."""
    year, court, division, number, chamber = match.groups()
    path = _COURTS.get(f"{court} {division}" if division else court)
    if court == "EWHC" and chamber in _DIVISIONS:
        path = f"ewhc/{_DIVISIONS[chamber]}"
    return f"https://caselaw.nationalarchives.gov.uk/{path}/{year}/{number}" if path else None


def _printed_paper(match: re.Match[str]) -> str:
    term, number = match[1], int(match[2])
    return f"https://dserver.bundestag.de/btd/{term}/{number // 100:03d}/{term}{number:05d}.pdf"


def _mark(match: re.Match[str]) -> str | None:
    """Return the record of a mark; numbers of patent applications look alike and begin below 70."""
    if int(match[1][:2]) < 70:
        return None
    return f"https://tsdr.uspto.gov/#caseNumber={match[1]}&caseType=SERIAL_NO&searchType=statusSearch"


PAGES: tuple[_Page, ...] = (
    _page(r"((?:[CR]\d-)?(?:19|20)\d\d-\d{5})", "https://www.federalregister.gov/d/{1}", home="US"),
    _page(r"(\d{2,3}) FR (\d{1,6})", "https://www.federalregister.gov/citation/{1}-FR-{2}"),
    _page(r"(\d{1,2}) CFR Part (\d{1,4})", "https://www.ecfr.gov/current/title-{1}/part-{2}"),
    _page(r"(\d{1,2}) CFR (\d{1,4}\.\d{1,4})", "https://www.ecfr.gov/current/title-{1}/section-{2}"),
    _page(rf"((?:{AGENCIES})-(?:[A-Z]-)?\d{{4}}-\d{{4}})", "https://www.regulations.gov/docket/{1}"),
    _page(r"Pub\. L\. (1\d\d)-(\d{1,4})", lambda m: f"https://www.govinfo.gov/link/plaw/{m[1]}/public/{m[2]}" if int(m[1]) >= 104 else None),
    _page(r"Opposition No\. (\d{8})", "https://ttabvue.uspto.gov/ttabvue/v?pno={1}&pty=OPP"),
    _page(r"Cancellation No\. (\d{8})", "https://ttabvue.uspto.gov/ttabvue/v?pno={1}&pty=CAN"),
    _page(r"Serial No\. (\d{8})", _mark),
    _page(r"US Reg\. No\. (\d{7})", "https://tsdr.uspto.gov/#caseNumber={1}&caseType=US_REGISTRATION_NO&searchType=statusSearch"),
    _page(r"(?P<kind>Regulation|Directive|Decision) (?:\(EU\) )?(?P<year>(?:19|20)?\d\d)/(?P<number>\d{1,4})(?:/[A-Z]{2,3})?", _act),
    _page(r"(?P<kind>Regulation) \([A-Z]{2,3}\) No (?P<number>\d{1,4})/(?P<year>(?:19|20)?\d\d)", _act),
    _page(r"COM\((20\d\d)\) (\d{1,4})", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=COM:{1}:{2}:FIN"),
    _page(r"[0-9CE]\d{4}[A-Z]{1,2}\d{4}", lambda m: _celex(m.group())),
    _page(r"ECLI:([A-Z]{2}):[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}", _ecli),
    _page(r"(eli/(?:reg|dir|dec)(?:_impl|_del)?/\d{4}/\d{1,5}(?:/oj)?)", "https://data.europa.eu/{1}"),
    _page(r"([CTF]-\d{1,4}/\d\d)(?: P)?", "https://curia.europa.eu/juris/liste.jsf?num={1}&language=en"),
    _page(r"EUTM (\d{9})", "https://euipo.europa.eu/eSearch/#details/trademarks/{1}"),
    _page(r"RCD (\d{9}-\d{4})", "https://euipo.europa.eu/eSearch/#details/designs/{1}"),
    _page(r"\[((?:19|20)\d\d)\] (UKSC|UKPC|EWCA|EWHC)(?: (Civ|Crim|IPEC))? (\d{1,5})(?: \(([A-Za-z]{2,6})\))?", _judgment),
    _page(r"UKSI (\d{4})/(\d{1,5})", "https://www.legislation.gov.uk/uksi/{1}/{2}"),
    _page(r"SSI (\d{4})/(\d{1,4})", "https://www.legislation.gov.uk/ssi/{1}/{2}"),
    _page(r"((?:19|20)\d\d) c\. (\d{1,3})", "https://www.legislation.gov.uk/ukpga/{1}/{2}"),
    _page(r"(UK0000\d{7})", "https://trademarks.ipo.gov.uk/ipo-tmcase/page/Results/1/{1}"),
    _page(r"BGBl\. (20(?:2[3-9]|[3-9]\d)) I Nr\. (\d{1,4})", "https://www.recht.bund.de/bgbl/1/{1}/{2}/VO.html"),
    _page(r"BGBl\. (20(?:2[3-9]|[3-9]\d)) II Nr\. (\d{1,4})", "https://www.recht.bund.de/bgbl/2/{1}/{2}/VO.html"),
    _page(r"BGBl\. (I{1,3}) Nr\. (\d{1,4})/(\d{4})", "https://www.ris.bka.gv.at/eli/bgbl/{1}/{3}/{2}"),
    _page(r"BT-Drs\. (\d\d)/(\d{1,5})", _printed_paper),
    _page(r"(BOE-[A-Z]-\d{4}-\d{1,6})", "https://www.boe.es/diario_boe/txt.php?id={1}"),
    _page(r"(F(?:19|20)\d\d[A-Z]\d{5})", "https://www.legislation.gov.au/{1}/latest"),
    _page(r"WT/DS(\d{1,3})(?:/.*)?", "https://www.wto.org/english/tratop_e/dispu_e/cases_e/ds{1}_e.htm"),
    _page(r"((?:G/(?:TBT|SPS)|IP)/[A-Za-z0-9/.]+)", "https://docs.wto.org/dol2fe/Pages/FE_Search/FE_S_S006.aspx?Query=(@Symbol={1})&Language=ENGLISH"),
    _page(r"(D(?:[A-Z]{2,3})?(?:19|20)\d\d-\d{4})", "https://www.wipo.int/amc/en/domains/search/text.jsp?case={1}"),
    _page(r"IR (\d{6,7})", "https://www3.wipo.int/madrid/monitor/en/showData.jsp?ID=ROM.{1}"),
    _page(r"(WO\d{10})", "https://patentscope.wipo.int/search/en/detail.jsf?docId={1}"),
    _page(r"EP(\d{8})\.\d", "https://register.epo.org/application?number=EP{1}&lng=en"),
    _page(r"((?:US(?:D|RE|PP)?|EP|CN|DE|GB|FR|KR|JP|AU)\d{5,13})", "https://worldwide.espacenet.com/patent/search?q=pn%3D{1}"),
)  # fmt: skip


def official_page(identifier: str, jurisdiction: str | None = None) -> str | None:
    """Return the address of the official page of an identifier as it is kept, or None where none is certain.

    ``jurisdiction`` is the publisher's: a bare number such as 2026-01234 belongs to the Federal Register only in an American item.
    """
    for page in PAGES:
        if (match := page.shape.fullmatch(identifier)) and page.home in (None, jurisdiction):
            return page.address(match)
    return None
