"""HTML → plain text, by nh3: what a browser would not show is dropped, blocks become lines, entities are decoded once.

The result is text, not HTML: ``&lt;script&gt;`` in a feed comes out as the characters ``<script>`` and is escaped
again wherever it is shown.

Units: ``MOST`` characters of markup are read; more than that is never shown.
"""

import html
import re

import nh3

MOST = 40_000

_LINES = {"p", "br", "div", "li", "tr", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
          "section", "article", "hr", "table", "header", "footer", "figcaption", "caption", "address"}  # fmt: skip
_CELLS = {"td", "th", "option"}
_UNSEEN = {
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "math",
    "head",
    "title",
    "textarea",
    "select",
}
_CLEANER = nh3.Cleaner(tags=_LINES | _CELLS, clean_content_tags=_UNSEEN, attributes={}, link_rel=None)
# What stands in them is shown where they cannot be; read as HTML, their text would be raw and an unclosed one swallow the rest.
_FRAMES = re.compile(r"</?(?:iframe|object|embed|noembed|noframes)\b[^>]*>", re.IGNORECASE)
# A declaration begins with a name; taken for a comment, this would hide the text up to the next tag's end.
_NO_DECLARATION = re.compile(r"<!(?=[\"'])")
_CELL = re.compile(r"</?(?:td|th|option)>")
_TAG = re.compile(r"</?[a-z0-9]+>")
_SURROGATES = re.compile("[\ud800-\udfff]")


def as_plain(text: str, *, is_html: bool) -> str:
    """Return ``text`` without markup; where ``is_html`` is False it is returned as it is."""
    if not is_html or ("<" not in text and "&" not in text):
        return text
    shown = _NO_DECLARATION.sub("&lt;!", _FRAMES.sub("", _SURROGATES.sub("", text[:MOST])))
    markup = _CLEANER.clean(shown)
    return html.unescape(_TAG.sub("\n", _CELL.sub(" ", markup)))
