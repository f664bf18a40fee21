"""Builds XML and HTML from elements, never from strings: a source's words cannot become markup.

What XML 1.0 cannot hold (section 2.2) is taken out here once more, whatever came before.
"""

import re
from html.entities import name2codepoint
from urllib.parse import quote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN = "http://purl.org/dc/elements/1.1/"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=(#?\w+))")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_AUTHORITY = re.compile(r"[A-Za-z0-9._\[\]:-]+")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_KEPT = "!$%&'()*+,;=:@/~?"  # RFC 3986: what may stand in a path, a query or a fragment, besides letters and digits

register_namespace("atom", ATOM)
register_namespace("dc", DUBLIN)


def add(parent: Element, name: str, text: str | None = None, **attributes: str | None) -> Element:
    """Return a new last child; attributes that are None are left out, ``lang`` stands for ``xml:lang``."""
    given = {LANG if key == "lang" else key: value for key, value in attributes.items()}
    child = SubElement(parent, name, {key: legal(value) for key, value in given.items() if value is not None})
    child.text = None if text is None else legal(text)
    return child


def document(root: Element) -> bytes:
    """Return the document in UTF-8."""
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def fragment(root: Element) -> str:
    """Return an element as HTML."""
    return str(tostring(root, encoding="unicode", method="html"))


def legal(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NO_CHARACTER.sub("", text)


def looks_like_markup(text: str) -> bool:
    """Return whether a reader that looks for HTML in plain text would find some."""
    return bool(_TAG.search(text)) or any(map(_is_entity, _ENTITY.findall(text)))


def unmistakable(text: str) -> str:
    """Return a text in which no reader finds HTML, for places that cannot say whether they hold any (RSS titles).

    Signs that would begin a tag or an entity are replaced by their like.
    """
    text = _ENTITY.sub(lambda found: "＆" if _is_entity(found[1]) else "&", text)
    return _TAG.sub("‹", text)


def _is_entity(name: str) -> bool:
    return name in name2codepoint or name == "apos" or not name.isalpha()


def without_addresses(text: str) -> str:
    """Return a name without mail addresses: feeds are read by whoever gathers them."""
    return " ".join(_ADDRESS.sub("", text).replace("<>", "").replace("()", "").split())


def uri(url: str | None) -> str | None:
    """Return an address in the letters that RFC 3986 allows, or None where it cannot be written so."""
    try:
        parts = urlsplit((url or "").strip())
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
        authority = parts.netloc if parts.netloc.isascii() else host.encode("idna").decode() + port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or not _AUTHORITY.fullmatch(authority):
        return None
    rest = (quote(_LONE_PERCENT.sub("%25", part), safe=_KEPT) for part in parts[2:])
    return urlunsplit((parts.scheme, authority, *rest))


def tag(site: str, specific: str) -> str:
    """Return a tag URI (RFC 4151) of the service at ``site``: it stays when the site moves from http to https."""
    parts = urlsplit(site)
    authority = re.sub(r"[^a-z0-9.-]", "-", (parts.hostname or "").lower()).strip("-.") or "localhost"
    folder = quote(parts.path.strip("/"))
    return f"tag:{authority},2026:{folder}{'/' if folder else ''}{specific}"
