"""The rows of a list page as a reader sees them: address, title, and the text where the date stands."""

from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from alerts.domain.feeds import PageMapping

MAX_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``link`` absolute or None, ``date_text`` what may hold its date."""

    link: str | None
    title: str
    date_text: str
    summary: str = ""


def css_rows(region: LexborNode, address: str, page: PageMapping) -> list[Row]:
    """Return the elements that the mapping's ``rows`` selects, read by its other selectors.

    Raises:
        SelectolaxError: a selector of the mapping is none.
    """
    nodes = region.css(page.rows or "li")[:MAX_ROWS]
    if page.several:
        return [row for node in nodes for row in _each_link(node, address, page)][:MAX_ROWS]
    return [_row(node, address, page) for node in nodes]


def _each_link(node: LexborNode, address: str, page: PageMapping) -> list[Row]:
    """Return a row for each link of an element: the first with the element's title, the others with their own text too."""
    first = _row(node, address, page)
    rows, seen = [first], {first.link}
    for anchor in node.css(page.link or "a[href]"):
        link = resolve(address, anchor.attributes.get("href"))
        if link is None or link in seen:
            continue
        seen.add(link)
        own = node_title(anchor, page)
        telling = page.title is None and len(own.split()) > 2
        title = own if telling else f"{first.title} – {own}" if own and own != first.title else first.title
        rows.append(replace(first, link=link, title=title))
    return rows


def _row(node: LexborNode, address: str, page: PageMapping) -> Row:
    anchor = node if node.tag == "a" and page.link is None else node.css_first(page.link or "a[href]")
    link = resolve(address, anchor.attributes.get("href")) if anchor else None
    titled = node.css_first(page.title) if page.title else anchor
    title = node_title(titled or node, page)
    dated = node.css_first(page.date) if page.date else node
    summed = node.css_first(page.summary) if page.summary else None
    return Row(link, title, node_text(dated) if dated else "", node_text(summed) if summed else "")


def node_title(node: LexborNode, page: PageMapping) -> str:
    """Return the title that ``node`` shows, or carries in the mapping's attribute (default: ``title`` if it says more)."""
    shown = node_text(node)
    if page.title_attribute:
        return " ".join((node.attributes.get(page.title_attribute) or shown).split())
    tip = " ".join((node.attributes.get("title") or "").split()) if node.tag == "a" else ""
    stem = shown.rstrip(".… ")
    cut_short = shown != stem and len(tip) > len(stem) and tip.startswith(stem)
    if tip and (cut_short or not shown):
        return tip
    image = node.css_first("img[alt]") if not shown else None
    return shown or " ".join(((image.attributes.get("alt") if image else "") or "").split())


def node_text(node: LexborNode) -> str:
    """Return the text of ``node`` on one line, words of neighbouring elements apart."""
    return " ".join((node.text(separator=" ") or "").split())


def page_text(node: LexborNode) -> str:
    """Return the text of a page part with its lines: what changes when the page is edited, not when it is restyled."""
    lines = (" ".join(line.split()) for line in (node.text(separator="\n") or "").splitlines())
    return "\n".join(line for line in lines if line)


def resolve(address: str, written: str | None) -> str | None:
    """Return ``written`` as an absolute http(s) address, or None where it leads nowhere (scripts, mail, anchors alone)."""
    plain = (written or "").strip()
    if not plain or plain == "#":
        return None
    try:
        absolute = urljoin(address, plain)
        scheme = urlsplit(absolute).scheme
    except ValueError:
        return None
    return absolute if scheme in {"http", "https"} else None
