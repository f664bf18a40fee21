"""The lists of an HTML page, found by what repeats: elements of one shape that each lead somewhere else.

A list of notices differs from a menu in that its rows bear dates, lead to different addresses and say more than a word.
What is found are mappings to try, best first; only reading the page by them shows whether they hold.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from selectolax.lexbor import LexborHTMLParser, LexborNode

from alerts.domain.dates import find_day_text
from alerts.domain.feeds import PageMapping
from alerts.parse.rows import node_text, resolve

_ANCHORS = 2000
_CLIMB = 6
_SAMPLE = 30  # rows of a list that are looked at
_LEAST = 3  # rows that make a list
_CLASS = re.compile(r"[A-Za-z_][\w-]{1,40}")
_CHANGING = re.compile(r"\d|odd|even|first|last|active|current|open|hidden|visible", re.IGNORECASE)
_NOT_A_LIST = re.compile(
    r"nav|menu|breadcrumb|footer|header|sidebar|social|share|pag(?:er|ination)|cookie|lang", re.IGNORECASE
)
_CHROME = {"nav", "header", "footer", "aside"}
_LINKS = (
    "a[href]",
    "a[href$='.pdf']",
    "a[href*='.pdf']",
    "a[href*='.mp3']",
    "h2 a[href]",
    "h3 a[href]",
    "h4 a[href]",
)


@dataclass(frozen=True, slots=True)
class _List:
    """Elements of one shape, and what speaks for their being a list of notices."""

    selector: str
    rows: tuple[LexborNode, ...]
    score: float


def layouts(tree: LexborHTMLParser, address: str, most: int = 5) -> list[PageMapping]:
    """Return mappings by CSS for the lists of a page at ``address``, best first."""
    groups: dict[str, dict[int, LexborNode]] = defaultdict(dict)
    for anchor in tree.css("a[href]")[:_ANCHORS]:
        node: LexborNode | None = anchor
        for _ in range(_CLIMB):
            if node is None or node.tag in {"body", "html", "-undef"}:
                break
            groups[_selector(node)][node.mem_id] = node
            node = node.parent
    lists = [
        _judge(name, tuple(rows.values()), address) for name, rows in groups.items() if len(rows) >= _LEAST
    ]
    best = sorted((one for one in lists if one.score > 0), key=lambda one: -one.score)[:most]
    return [_mapping(one, address) for one in best]


def _selector(node: LexborNode) -> str:
    """Return CSS for elements like ``node``: its own shape under that of its nearest named ancestor."""
    parts, above = [_shape(node)], node.parent
    for _ in range(3):
        if above is None or above.tag in {"body", "html", "-undef"}:
            break
        parts.append(_shape(above))
        if parts[-1] != above.tag:
            break
        above = above.parent
    return " > ".join(reversed(parts))


def _shape(node: LexborNode) -> str:
    tag = node.tag or "*"
    name = node.attributes.get("id") or ""
    if _CLASS.fullmatch(name) and not _CHANGING.search(name):
        return f"{tag}#{name}"
    classes = [word for word in (node.attributes.get("class") or "").split() if _stable(word)]
    return ".".join([tag, *classes[:2]])


def _stable(word: str) -> bool:
    return _CLASS.fullmatch(word) is not None and not _CHANGING.search(word)


def _judge(selector: str, rows: tuple[LexborNode, ...], address: str) -> _List:
    sample = rows[:_SAMPLE]
    texts = [node_text(row) for row in sample]
    links = [_link(row, "a[href]", address) for row in sample]
    crowd = median(len(row.css("a[href]")) for row in sample)
    dated = sum(find_day_text(text, "DMY") is not None for text in texts) / len(sample)
    several = sum(_several_days(text) for text in texts) / len(sample)
    length = median(map(len, texts))
    score = (
        3 * dated + len(set(links)) / len(links) + min(len(rows), 30) / 30 + (1 if 20 <= length <= 800 else 0)
    )
    score -= 3 * _in_chrome(sample[0]) + (crowd > 5) * 2 + 2 * several + len(set(texts)) / len(texts) * -1
    return _List(selector, rows, score - 2.5)


def _several_days(text: str) -> bool:
    """Return whether ``text`` holds many days: a block of rows instead of one."""
    return len(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]\d{2}(?!\d)", text[:3000])) > 5


def _in_chrome(node: LexborNode) -> bool:
    above: LexborNode | None = node
    while above is not None and above.tag not in {"body", "html", "-undef"}:
        named = f"{above.attributes.get('class') or ''} {above.attributes.get('id') or ''}"
        if above.tag in _CHROME or _NOT_A_LIST.search(named):
            return True
        above = above.parent
    return False


def _mapping(one: _List, address: str) -> PageMapping:
    rows = one.rows[:_SAMPLE]
    link = max(
        _LINKS,
        key=lambda css: (round(_distinct(_link(row, css, address) for row in rows), 1), -_LINKS.index(css)),
    )
    plain = "a[href]" if rows[0].tag != "a" else None
    title = None if plain is None else _title(rows, link)
    dated = any(find_day_text(node_text(row), "DMY") for row in rows)
    return PageMapping(
        # a table's head is a row of the same shape, but it leads nowhere
        rows=f"{one.selector}:has(a[href])" if rows[0].tag == "tr" else one.selector,
        link=link if link != plain and plain else None,
        title=title,
        date_from="row" if dated else "url",
    )


def _link(row: LexborNode, css: str, address: str) -> str | None:
    anchor = row if row.tag == "a" else row.css_first(css)
    return resolve(address, anchor.attributes.get("href")) if anchor else None


def _distinct(values: Iterable[str | None]) -> float:
    found = list(values)
    return len(set(found) - {None}) / len(found)


def _title(rows: Sequence[LexborNode], link: str) -> str | None:
    """Return CSS for the title of rows whose link says too little ("PDF", a number), else None."""
    choices = {css: _texts(rows, css) for css in dict.fromkeys([link, *_cells(rows)])}
    worth = {css: _worth(texts) for css, texts in choices.items()}
    best = max(worth, key=lambda css: (worth[css], css == link))
    return best if best != link and worth[best] > worth[link] + 1 else None


def _texts(rows: Sequence[LexborNode], css: str) -> list[str]:
    found = (row.css_first(css) for row in rows)
    return [node_text(node) if node else "" for node in found]


def _worth(texts: Sequence[str]) -> float:
    """Return how well ``texts`` would do as titles: different, of several words, not a date, not a whole text."""
    length = median(map(len, texts))
    words = median(len(text.split()) for text in texts)
    dates = sum(find_day_text(text, "DMY") is not None and len(text) < 30 for text in texts) / len(texts)
    return (
        3 * _distinct(text or None for text in texts)
        + min(words, 5)
        - 4 * dates
        - (length > 250) * 4
        - (length < 8) * 2
    )


def _cells(rows: Sequence[LexborNode]) -> list[str]:
    """Return CSS for the parts of a row: cells by their place, other elements by their shape."""
    row = rows[0]
    cells = len(row.css("td"))
    if row.tag == "tr" and cells:
        return [f"td:nth-child({place})" for place in range(1, min(cells, 10) + 1)]
    parts = row.css("h2, h3, h4, h5, strong, p, div, span")[:20]
    return [_shape(node) for node in parts if "." in _shape(node) or node.tag not in {"div", "span"}]
