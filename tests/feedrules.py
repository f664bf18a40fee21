"""Judges a feed by the rules that the test files of feedvalidator describe, as far as they touch what this service writes.

``judged(document)`` gives the names of the rules that are broken, in feedvalidator's words. :mod:`tests.contract.test_feed_rules`
holds it against feedvalidator's own files, so that a rule that finds nothing is seen.
"""

import re
from calendar import day_abbr, month_abbr
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
KNOWN = {"http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"}
_RELS = """
alternate current edit edit-media enclosure first hub last license next next-archive payment prev previous
prev-archive related replies self service up via
"""
RELS = set(_RELS.split())
ONCE = {
    "feed": {"generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated"},
    "entry": {"content", "id", "published", "rights", "source", "summary", "title", "updated"},
    "author": {"name", "uri", "email"},
    "contributor": {"name", "uri", "email"},
}  # fmt: skip
MANY = {
    "feed": {"author", "category", "contributor", "link", "entry"},
    "entry": {"author", "category", "contributor", "link"},
}
RSS_ONCE = {
    "channel": {"title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate",
                "lastBuildDate", "generator", "docs", "cloud", "ttl", "image", "textInput", "skipHours", "skipDays", "rating"},
    "item": {"title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source"},
}  # fmt: skip
RSS_MANY = {"channel": {"category", "item"}, "item": {"category"}}
RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
TAG = re.compile(
    r"tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*",
    re.I,
)
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'\-]|%[0-9a-f]{2})+", re.I)
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.I)
ASCII_URI = re.compile(r"([a-z][a-z0-9+.-]*:)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#\[\]]+", re.I)
MIME = re.compile(
    r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+(\s*;\s*[^\s()<>,;:\\\"/\[\]?=]+=(\"[^\"]*\"|[^\s()<>,;:\\\"/\[\]?=]+))*$"
)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.I)
EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
CONTACT = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+(\?\S*)?( \(.+\))?$")
END_TAG, ENTITY = re.compile(r"</(\w+)>"), re.compile(r"&(#?\w+)")
DAYS, MONTHS = list(day_abbr), list(month_abbr)[1:]
RFC822 = re.compile(
    rf"(?:(?:{'|'.join(DAYS)}),\s+)?\d\d? (?:{'|'.join(MONTHS)}) \d{{4}} \d\d:\d\d(:\d\d)? (?:UT|GMT|[ECMP][SD]T|[A-IK-Z]|[+-]\d{{4}})"
)
_TAGS = """
a abbr acronym address b big blockquote br caption center cite code col colgroup dd del dfn dir div dl dt em font
h1 h2 h3 h4 h5 h6 hr i img ins kbd li map menu ol p pre q s samp script small span strike strong style sub sup
table tbody td tfoot th thead tr tt u ul var
"""
HTML_TAGS = set(_TAGS.split())
DANGEROUS = {"script", "embed", "object", "meta", "applet", "iframe", "base", "link", "style", "form"}


def judged(document: bytes, address: str | None = None, newest_year: int = 2035) -> set[str]:
    """Return the rules that a document breaks; ``address`` is where it was read."""
    try:
        root = ET.fromstring(document)
    except ET.ParseError:
        return {"SAXError"}
    found = set(_everywhere(root))
    found |= set(_atom(root, address, newest_year) if root.tag.startswith(ATOM) else _rss(root, address))
    return found


def _everywhere(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        texts = [element.text or "", element.tail or "", *element.attrib.values()]
        if any(re.search("[\x7f-\x84\x86-\x9f]", text) for text in texts):
            yield "BadCharacters"
        tongue = element.get(f"{XML}lang")
        if tongue and not LANGUAGE.fullmatch(tongue):
            yield "InvalidLanguage"


def _children(element: ET.Element, namespace: str = ATOM) -> list[tuple[str, ET.Element]]:
    return [(one.tag.removeprefix(namespace), one) for one in element if one.tag.startswith(namespace)]


def _atom(root: ET.Element, address: str | None, newest_year: int) -> Iterator[str]:
    yield from _atom_element(root, "feed", newest_year)
    entries = root.findall(f"{ATOM}entry")
    names = [name for name, _ in _children(root)]
    if "entry" in names and set(names[names.index("entry") :]) != {"entry"}:
        yield "MisplacedMetadata"
    ids = Counter((one.findtext(f"{ATOM}id") or "").strip() for one in entries)
    if any(count > 1 for name, count in ids.items() if name):
        yield "DuplicateEntries"
    selves = [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if not selves:
        yield "MissingSelf"
    if address and selves and selves[0] != address:
        yield "SelfDoesntMatchLocation"
    if root.find(f"{ATOM}author") is None and any(one.find(f".//{ATOM}author") is None for one in entries):
        yield "MissingElement"
    for entry in entries:
        yield from _atom_element(entry, "entry", newest_year)
        links = {one.get("rel", "alternate") for one in entry.findall(f"{ATOM}link")}
        if entry.find(f"{ATOM}content") is None and "alternate" not in links:
            yield "MissingContentOrAlternate"
        if links & {"first", "last", "next", "previous", "prev-archive", "next-archive"}:
            yield "FeedHistoryRelInEntry"


def _atom_element(element: ET.Element, kind: str, newest_year: int) -> Iterator[str]:
    counts = Counter(name for name, _ in _children(element))
    for name in ("id", "title", "updated"):
        if not counts[name]:
            yield "MissingElement"
    if any(count > 1 and name in ONCE[kind] for name, count in counts.items()):
        yield "DuplicateElement"
    if any(name not in ONCE[kind] | MANY[kind] for name in counts):
        yield "UndefinedElement"
    yield from _links(element)
    for name, child in _children(element):
        text = child.text or ""
        if name == "id":
            yield from _identifier(text)
        elif name in ("updated", "published"):
            yield from _instant(text, newest_year)
        elif name in ("title", "subtitle", "summary", "rights", "content"):
            yield from _text(child, name)
        elif name in ("author", "contributor"):
            yield from _person(child)
        elif name == "category":
            yield from _category(child)


def _identifier(text: str) -> Iterator[str]:
    if text != text.strip():
        yield "UnexpectedWhitespace"
    text = text.strip()
    if not text:
        yield "NotBlank"
    elif text.startswith("tag:"):
        if not TAG.fullmatch(text):
            yield "InvalidTAG"
    elif text.startswith("urn:uuid:"):
        if not UUID.fullmatch(text):
            yield "InvalidUUID"
    elif text.startswith("urn:"):
        if not URN.fullmatch(text):
            yield "InvalidURN"
    elif not URI.fullmatch(text):
        yield "InvalidFullLink"


def _instant(text: str, newest_year: int) -> Iterator[str]:
    if text != text.strip():
        yield "UnexpectedWhitespace"
    found = RFC3339.fullmatch(text.strip())
    if not found:
        yield "InvalidRFC3339Date"
        return
    year, month, day, hour, minute, second = map(int, found.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        yield "InvalidRFC3339Date"
    if not 1970 <= year <= newest_year:
        yield "ImplausibleDate"


def _text(element: ET.Element, name: str) -> Iterator[str]:
    kind, text = element.get("type", "text"), element.text or ""
    if kind == "":
        yield "AttrNotBlank"
    elif kind not in ("text", "html", "xhtml"):
        if name == "content":
            yield from () if MIME.fullmatch(kind) else ("InvalidMIMEType",)
        else:
            yield "InvalidTextType"
    if kind == "text" and _has_html(text):
        yield "ContainsUndeclaredHTML"
    if kind in ("text", "html") and len(element):
        yield "UndefinedElement"
    if kind in ("text", "html") and not text.strip() and not len(element) and element.get("src") is None:
        yield "NotBlank"
    if kind == "html":
        yield from html_faults(text)


def _person(element: ET.Element) -> Iterator[str]:
    counts = Counter(name for name, _ in _children(element))
    if not counts["name"]:
        yield "MissingElement"
    if any(count > 1 for count in counts.values()):
        yield "DuplicateElement"
    if counts.keys() - ONCE["author"]:
        yield "UndefinedElement"
    name = element.findtext(f"{ATOM}name") or ""
    if counts["name"] and not name.strip():
        yield "NotBlank"
    if EMAIL.search(name):
        yield "ContainsEmail"
    elif _has_html(name):
        yield "ContainsHTML"


def _category(element: ET.Element) -> Iterator[str]:
    if element.get("term") is None:
        yield "MissingAttribute"
    elif not element.get("term"):
        yield "NotBlank"
    scheme = element.get("scheme")
    if scheme is not None:
        if re.search(r"\s", scheme):
            yield "InvalidUriChar"
        elif not (TAG.fullmatch(scheme) if scheme.startswith("tag:") else URI.fullmatch(scheme)):
            yield "InvalidFullLink"


def _links(element: ET.Element) -> Iterator[str]:
    seen = set()
    for link in element.findall(f"{ATOM}link"):
        href, rel, kind = link.get("href"), link.get("rel", "alternate"), link.get("type")
        if href is None:
            yield "MissingHref"
        elif re.search(r"[\s<>\"{}|\\^`]", href) or _bad_address(href):
            yield "InvalidLink"
        if (link.text or "").strip() or len(link):
            yield "AtomLinkNotEmpty"
        if not rel:
            yield "AttrNotBlank"
        elif rel not in RELS and not URI.fullmatch(rel):
            yield "UnregisteredAtomLinkRel"
        if kind is not None and not MIME.fullmatch(kind):
            yield "InvalidMIMEType"
        if rel == "alternate":
            if (kind, link.get("hreflang")) in seen:
                yield "DuplicateAtomLink"
            seen.add((kind, link.get("hreflang")))


def _bad_address(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return True
    return parts.scheme in ("http", "https") and not parts.netloc


def _rss(root: ET.Element, address: str | None) -> Iterator[str]:
    if root.tag != "rss":
        yield "UndefinedElement"
        return
    if root.get("version") is None:
        yield "MissingAttribute"
    elif root.get("version") not in ("2.0", "0.91", "0.92"):
        yield "InvalidRSSVersion"
    channel = root.find("channel")
    if channel is None:
        yield "MissingElement"
        return
    yield from _rss_element(channel, "channel")
    missing = {"title": "MissingTitle", "link": "MissingLink", "description": "MissingDescription"}
    yield from (rule for name, rule in missing.items() if channel.find(name) is None)
    selves = [one.get("href") for one in channel.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if not selves:
        yield "MissingSelf"
    elif address and selves[0] != address:
        yield "SelfDoesntMatchLocation"
    language = channel.findtext("language")
    if language is not None and not LANGUAGE.fullmatch(language.strip()):
        yield "InvalidLanguage"
    guids = Counter((one.text or "").strip() for one in root.iter("guid"))
    if any(count > 1 for count in guids.values()):
        yield "DuplicateValue"
    for item in channel.findall("item"):
        yield from _rss_element(item, "item")
        if item.find("title") is None and item.find("description") is None:
            yield "ItemMustContainTitleOrDescription"
        if item.find("guid") is None:
            yield "MissingGuid"


def _rss_element(element: ET.Element, kind: str) -> Iterator[str]:
    counts = Counter(one.tag for one in element)
    if any(count > 1 and name in RSS_ONCE[kind] for name, count in counts.items()):
        yield "DuplicateElement"
    plain = [name for name in counts if not name.startswith("{")]
    if {name.partition("}")[0][1:] for name in counts if name.startswith("{")} - KNOWN:
        yield "UnknownNamespace"
    if any(name not in RSS_ONCE[kind] | RSS_MANY[kind] for name in plain):
        yield "UndefinedElement"
    for child in element:
        rule = RSS_RULES.get(child.tag)
        if rule:
            yield from rule(child)


def _rss_title(element: ET.Element) -> Iterator[str]:
    text = element.text or ""
    if not text.strip():
        yield "NotBlank"
    if "<" in text and re.search("&?</", text) and not END_TAG.search(text):
        yield "CharacterData"
    if _has_html(text):
        yield "ContainsHTML"


def _rss_date(element: ET.Element) -> Iterator[str]:
    text = element.text or ""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        found = None
    if found is None or not RFC822.fullmatch(text.strip()):
        yield "InvalidRFC2822Date"
        return
    if not found.year >= 1970:
        yield "ImplausibleDate"
    if text[3:4] == "," and DAYS[found.weekday()] != text[:3]:
        yield "IncorrectDOW"


def _rss_guid(element: ET.Element) -> Iterator[str]:
    text, permanent = (element.text or "").strip(), element.get("isPermaLink", "true")
    if permanent not in ("true", "false"):
        yield "InvalidBooleanAttribute"
    if permanent == "true":
        if text.startswith("urn:"):
            yield "InvalidPermalink"
        elif not re.match("https?://.", text):
            yield "InvalidHttpGUID"
    elif text.isdigit() and len(text) < 9:
        yield "NotSufficientlyUnique"
    elif text.startswith(("tag:", "urn:")):
        yield from _identifier(text)


def _rss_link(element: ET.Element) -> Iterator[str]:
    text = (element.text or "").strip()
    if not text.isascii():
        yield "UriNotIri"
    elif not URI.fullmatch(text) or not ASCII_URI.fullmatch(text):
        yield "InvalidLink"
    elif not re.match("(https?|ftp|mailto|news|gopher|feed|aim|irc|callto|tel):", text):
        yield "SchemeNotIANARegistered"


def _rss_author(element: ET.Element) -> Iterator[str]:
    if not CONTACT.fullmatch((element.text or "").strip()):
        yield "InvalidContact"


def _rss_description(element: ET.Element) -> Iterator[str]:
    yield from html_faults(element.text or "")


RSS_RULES: dict[str, Callable[[ET.Element], Iterator[str]]] = {
    "title": _rss_title, "category": _rss_title, "{http://purl.org/dc/elements/1.1/}creator": _rss_title,
    "pubDate": _rss_date, "lastBuildDate": _rss_date, "guid": _rss_guid, "link": _rss_link,
    "author": _rss_author, "description": _rss_description,
}  # fmt: skip


def _has_html(text: str) -> bool:
    if any(name.lower() in HTML_TAGS for name in END_TAG.findall(text)):
        return True
    return any(
        name in name2codepoint or name == "apos" or not name.isalpha() for name in ENTITY.findall(text)
    )


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DANGEROUS:
            self.faults.add("SecurityRisk")
        if tag not in HTML_TAGS | DANGEROUS:
            self.faults.add("NotHtml")
        if tag not in ("br", "hr", "img", "meta", "link", "base", "embed", "col"):
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.faults.add("SecurityRiskAttr")
            if name == "style":
                self.faults.add("DangerousStyleAttr")
            if name in ("href", "src") and not re.match(r"[a-z][a-z0-9+.-]*:", value or "", re.I):
                self.faults.add("ContainsRelRef")
            if name in ("href", "src") and re.match(r"\s*(javascript|vbscript|data):", value or "", re.I):
                self.faults.add("SecurityRisk")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.add("NotHtml")


def html_faults(text: str) -> set[str]:
    """Return what is wrong with HTML that stands in a feed."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    return parser.faults
