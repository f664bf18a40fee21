"""Numbers of patents and marks, with the code of their office and without the letter of their kind: ``US11365026``, ``EP3156843``.

Only numbers that say themselves whose they are: 1,234,567 alone may be units or money.
"""

import re
from collections.abc import Iterator

from alerts.domain.identifiers.form import END, NO, START, Form, form

_MONEY = r"(?! ?(?:EUR|Euro|USD|GBP|CHF|€|\$|£|%|units?|people|Stück|cases|million|billion|mm|won|yuan|yen|RMB|元|円|원|件|个))"
_LENGTHS = {
    "EP": (7,), "FR": (7,), "GB": (7,), "DE": (7, 8, 12), "CN": (7, 8, 9, 12, 13), "KR": (7, 9, 13), "WO": (10,), "JP": (7, 10), "AU": (10,),
}  # fmt: skip
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d")
_KIND = r"(?: ?[ABCEHPSTUY][1-9]?(?![A-Za-z0-9]))?"
_US_NUMBER = re.compile(r"(?:RE|D|PP)? ?\d{1,3}(?:,\d{3}){1,2}(?!\d)")
_SPACED = r"\d{1,3}(?:[ ,.]\d{3}){2,3}"


def _listed(text: str) -> Iterator[str]:
    """Yield the numbers of a list whose members are joined by short text, as in "1,234,567 ("the '567 patent"); and"."""
    end = 0
    for match in _US_NUMBER.finditer(text):
        if match.start() - end > 60 or ". " in text[end : match.start()]:
            return
        end = match.end()
        yield re.sub("[ ,]", "", match.group())


def _american(match: re.Match[str]) -> Iterator[str]:
    """Yield the patents that stand after one "Nos."."""
    return (f"US{number}" for number in _listed(match.string[match.end() : match.end() + 500]))


def _marks(match: re.Match[str]) -> Iterator[str]:
    return (f"US Reg. No. {number}" for number in _listed(match.string[match.end() : match.end() + 500]))


def _office(match: re.Match[str]) -> str:
    """Return office and digits, as many as its publications have, and no date; DE and nine digits is a tax number."""
    office, number = match[1], re.sub(r"[ ,./-]", "", match[2])
    return office + number if len(number) in _LENGTHS[office] and not _DAY.fullmatch(number) else ""


def _chinese(match: re.Match[str]) -> str:
    """Return an application: year, kind (1 invention, 2 utility model, 3 design, 8 and 9 from abroad), serial, check digit."""
    parts = re.sub(r"\s", "", match[2])
    return f"{match[1] or 'CN'}{parts}"


FORMS: tuple[Form, ...] = (
    form("patent", r"(?:U\.S\.|US|United States) (?:(?:Design|Reissue|Plant) )?[Pp]at(?:ent)?s?(?:\. | )(?:(?:Nos?\.|[Nn]umbers?|Nos?) )?(?=[DRP\d])", _american),
    form("pat.", r"(?:U\.S\.|US) Pat\. Nos?\. (?=[DRP\d])", _american),
    form("专利", r"美国(?:发明)?专利(?:号|第)?[:： ]?(?=[DR\d])", _american),
    form("regist", r"(?:U\.S\.|US|United States) (?:[Tt]rade ?[Mm]ark )?[Rr]egistration (?:Nos?\.|[Nn]umbers?) (?=\d)", _marks),
    form("reg.", r"(?:U\.S\.|US)(?: Trademark)? Reg\. Nos?\. (?=\d)", _marks),
    form("reg.", r"US Reg\. No\. \d{7}(?!\d)", lambda m: m.group()),
    form("us", rf"{START}US ?((?:D|RE|PP)?\d{{1,2}},?\d{{3}},?\d{{3}}) [ABEHPS]\d?{END}", lambda m: "US" + m[1].replace(",", "")),
    form("us", rf"{START}US((?:D|RE|PP)?(?<=[DEP])\d{{5,7}}|\d{{7,8}})(?:[ABEHPS]\d?)?(?![A-Za-z0-9]|,\d)", lambda m: "US" + m[1]),
    form("us", rf"{START}US ?(20[012]\d)/(\d{{7}})(?: ?[AP]\d)?(?![\d])", lambda m: f"US{m[1]}{m[2]}"),
    form("us", rf"{START}US(20[012]\d)(\d{{7}})(?: ?[AP]\d)?(?![A-Za-z0-9])", lambda m: f"US{m[1]}{m[2]}"),
    form("ep", rf"{START}EP ?(\d{{8}})\.(\d)(?!\d)", lambda m: f"EP{m[1]}.{m[2]}"),
    form("european patent appl", rf"(?i)European patent applications? {NO}?(\d{{8}})\.(\d)(?!\d)", lambda m: f"EP{m[1]}.{m[2]}"),
    form("wo", rf"{START}(WO)[ -]?(\d{{4}}/? ?\d{{6}}){_KIND}(?![\d/])", _office),
    form("de", rf"{START}(DE)[ -]?((?:10|11|20|21) ?20\d\d ?\d{{3}} ?\d{{3}}){_KIND}(?![\d/.])", _office),
    form("jp", rf"{START}(JP)[ -]?((?:20\d\d-?\d{{6}})|\d{{7}}){_KIND}(?![\d/-])", _office),
    form("au", rf"{START}(AU)[ -]?(20\d\d\d{{6}}){_KIND}(?![\d/])", _office),
    form("", rf"{START}(?<![-.])(EP|CN|DE|GB|FR|KR)[ -]?({_SPACED}|\d{{7,13}}){_KIND}(?![\d/]|[.,]\d){_MONEY}", _office),
    form("pct", rf"{START}PCT ?/ ?([A-Z]{{2}}) ?(20\d\d|\d\d) ?/ ?(\d{{5,6}})(?!\d)", lambda m: f"PCT/{m[1]}{m[2]}/{m[3]}"),
    form("zl|cn", rf"{START}(ZL|CN) ?((?:19|20)\d\d ?[12389] ?\d{{7}} ?\. ?[\dXx])(?!\d)", _chinese),
    form("专利", r"(?<![A-Za-z\d. ])()(20\d\d[12389]\d{7}\.[\dX])(?!\d)", _chinese),
    form("特", r"特許(?:第)? ?(\d{7}) ?号", lambda m: f"JP{m[1]}"),
    form("특허", r"(?:특허|등록특허|특허등록)(?:번호)? ?(?:제 ?)?10-(\d{7})(?!\d)", lambda m: f"KR10{m[1]}"),
    form("제|kr", r"(?:제 ?|KR ?)(10|20|30|40|41|45)-(\d{7})(?!\d)", lambda m: f"KR{m[1]}{m[2]}"),
    form("", r"(?:제 ?|출원(?:번호)? ?|KR ?)(10|20|30|40|41|45)-(20\d\d)-(\d{7})(?!\d)", lambda m: f"KR{m[1]}{m[2]}{m[3]}"),
    form("ir ", rf"{START}IR ?(?:{NO})?(\d ?\d{{3}} ?\d{{3}}|\d{{6,7}})(?!\d)", lambda m: "IR " + m[1].replace(" ", "")),
)  # fmt: skip
