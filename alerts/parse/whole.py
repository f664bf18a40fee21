"""A page that is read as one text: one that is watched for change, or the own page of an item.

The text is that of the mapping's region, else of the page's main part; without menus, notices about cookies, advertisements
and the like. Lines that differ at every visit without meaning anything (the day's date, counters of visitors, the year of a
copyright) are left out: they would make every day a change. The name of a linked document stands behind its link,
since offices replace a fee schedule under the same words.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from alerts.domain.dates import find_day_text, read_day
from alerts.domain.feeds import PageMapping
from alerts.parse.rows import page_text

_NEVER_TEXT = ["script", "style", "noscript", "template", "svg", "iframe"]
_FRAME = ["nav", "footer", "aside", "dialog"]
_MAIN = (
    "main",
    "[role=main]",
    "article",
    "#main-content",
    "#maincontent",
    "#content",
    "#main",
    ".main-content",
)
_LEAST = 200  # characters that a main part holds
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:ads?|adverts?|advertisement|sponsor(?:ed)?|banner|breadcrumbs?|cookies?|consent|gdpr|share|sharing|social|sidebar"
    r"|menu|navigation|skip-?links?|visitors?|counter|newsletter|related|popup|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_BESIDE = 0.3  # of the text; an element with more is the page itself
_NOTE = 120  # characters; a longer line is a text
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|odt|ods|rtf|zip|csv|xml)$", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?:visitors?|visits|page ?views|hits|views|访问量|访问人数|浏览量|浏览次数|点击数|点击量|点击率|阅读量|您是第|訪問者数|瀏覽人次|Besucher)\W{0,3}\d[\d,. ]*"
    r"|\d[\d,. ]*\s*(?:visitors|page ?views|次浏览|人次)"
    r"|(?:page (?:generated|rendered|loaded)|processed) in [\d.,]+ ?(?:s|ms|seconds)"
    r"|^(?:©|\(c\)|copyright|版权所有)[^\n]{0,120}(?:19|20)\d\d",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:montag|dienstag|mittwoch"
    r"|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
    r"|(?:星期|周|週)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일|今天是|今日|现在时间|当前时间|today(?: is)?|heute(?: ist)?|aujourd'hui|hoy(?: es)?|UTC|GMT",
    re.IGNORECASE,
)


def main_text(tree: LexborHTMLParser, page: PageMapping, today: date) -> str | None:
    """Return the page's text, line by line, or None where the mapping's region is not there."""
    part = tree.css_first(page.region) if page.region is not None else _main_part(tree)
    if part is None:
        return None
    part.strip_tags(_NEVER_TEXT)
    _name_documents(part)
    return _telling(page_text(part), page.ignore, today)


def _main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that holds what the page is about: a marked one, else the body without its frame."""
    body = tree.body or tree.root
    if body is None:
        return None
    body.strip_tags(_NEVER_TEXT + _FRAME)
    _take_out_forms(body)
    _take_out_beside(body)
    for marked in _MAIN:
        found = body.css(marked)
        if len(found) == 1 and len(page_text(found[0])) >= _LEAST:
            return found[0]
    body.strip_tags(["header"])
    return body


def _take_out_forms(body: LexborNode) -> None:
    """Take out forms for searching and asking; one that holds the page itself stays, as ASP.NET writes every page."""
    most = _MOST_BESIDE * len(page_text(body))
    for form in body.css("form")[:500]:
        if len(page_text(form)) < most:
            form.decompose()


def _take_out_beside(body: LexborNode) -> None:
    most = _MOST_BESIDE * len(page_text(body))
    for node in body.css("[class], [id]")[:5000]:
        named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if node.tag not in {"body", "html", "main"} and _BESIDE.search(named) and len(page_text(node)) < most:
            node.decompose()


def _name_documents(part: LexborNode) -> None:
    for anchor in part.css("a[href]")[:5000]:
        try:
            name = unquote(urlsplit(anchor.attributes.get("href") or "").path.rpartition("/")[2])
        except ValueError:
            continue
        if _DOCUMENT.search(name) and name not in anchor.text():
            anchor.insert_child(f" ({name})")


def _telling(text: str, ignore: Sequence[str], today: date) -> str:
    """Return the lines that would not differ at the next visit by themselves."""
    for pattern in ignore:
        text = re.sub(pattern, "", text)
    kept = (" ".join(_uncounted(line).split()) for line in text.splitlines())
    return "\n".join(line for line in kept if line and not _is_today(line, today))


def _uncounted(line: str) -> str:
    return _COUNTER.sub("", line) if len(line) <= _NOTE else line


def _is_today(line: str, today: date) -> bool:
    """Return whether a line shows the day of the visit and nothing else."""
    if len(line) > _NOTE:
        return False
    rest = _CLOCK.sub("", line)
    written = find_day_text(rest, "DMY")
    if written is None:
        return not re.sub(r"[\W_]", "", rest)  # a clock alone, or a line of signs
    days = {found for order in ("DMY", "MDY") if (found := read_day(written, order))}
    near = any(abs(day - today) <= timedelta(days=1) for day in days)
    return near and not re.sub(r"[\W_]", "", rest.replace(written, ""))
