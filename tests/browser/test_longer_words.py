"""Pages in a language whose words are longer by two fifths and full of accents: nothing is cut off and nothing lies over another."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.support import Translations

from alerts.domain.vocabulary import Language
from alerts.render import words
from alerts.web import looks
from alerts.web.words import words_of
from tests.browser.test_accessible import chromium, pytestmark, site, world
from tests.web.every_page import Seen, every_page, gathered, rooms
from tests.web.world import Browser

__all__ = ["chromium", "pytestmark", "site", "world"]

ACCENTS = str.maketrans("AEIOUYaeiouycnszCNSZ", "ÅÉÎÖÛÝåéîöûýçñšžÇÑŠŽ")
LONGER = "ŵörðş ţhåt åré lóñgér bý twø ƒifths öf whåt thèý wéré béfőre "
# Text that is cut by a box of its own or within a word, that leaves the window or the box that it stands in, or that a list of choices has no room for.
CUT = """() => {
  const found = [], wide = document.documentElement.clientWidth, pen = document.createElement("canvas").getContext("2d");
  const told = (why, e, text) => found.push(`${why}: <${e.tagName.toLowerCase()} class="${e.getAttribute("class") ?? ""}"> ${text.trim().slice(0, 60)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || e.closest("svg, option, .skip, .trap, .unseen, title") || !e.checkVisibility()) continue;
    const range = document.createRange();
    for (const word of node.data.matchAll(/\\p{L}{2,14}/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1 && !/\\p{Script=Han}/u.test(word[0]) && !e.closest("code")) told("breaks a word", e, word[0]);
    }
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      let inside = e;
      for (let up = e; up && up !== document.body; up = up.parentElement) {
        const style = getComputedStyle(up), frame = up.getBoundingClientRect();
        if (style.overflowX === "auto" || style.overflowX === "scroll") { inside = null; break; }
        if (style.display === "inline") continue;
        if (box.right > frame.right + 1 || box.left < frame.left - 1) told("leaves its box", up, node.data);
        if (style.overflowY !== "visible" && (box.bottom > frame.bottom + 2 || box.top < frame.top - 2)) told("cut in height", up, node.data);
      }
      if (inside && (box.right > wide + 1 || box.left < -1)) told("leaves the window", e, node.data);
    }
  }
  for (const e of document.querySelectorAll("select")) {
    if (!e.checkVisibility()) continue;
    const style = getComputedStyle(e), text = e.selectedOptions[0]?.text ?? "";
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    if (pen.measureText(text).width > e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 18) told("no room for", e, text);
  }
  if (document.documentElement.scrollWidth > wide) found.push(`the page is wider than its window: ${document.documentElement.scrollWidth}`);
  return [...new Set(found)];
}"""


def longer(text: str) -> str:
    """Return a text with accents and two fifths more of it; values and tags stay."""
    parts = re.split(r"(%\(\w+\)s|%%|<[^>]+>)", text)
    accented = "".join(part if number % 2 else part.translate(ACCENTS) for number, part in enumerate(parts))
    more = -(-len(text) * 2 // 5)
    return f"{accented} {(LONGER * (more // len(LONGER) + 1))[:more].strip()}" if text.strip() else text


class Longer(Translations):
    """The English sentences, longer."""

    def gettext(self, message: str) -> str:
        return longer(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return longer(super().ngettext(msgid1, msgid2, n))

    ugettext, ungettext = gettext, ngettext


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Seen]]:
    """All pages in longer words; display names are longer, too."""
    known = words.Words
    with pytest.MonkeyPatch.context() as patch:
        name, place = known.name, known.place
        patch.setattr(
            words, "_sentences", lambda folder, catalogue: Longer.load(words.LOCALE, [folder], catalogue)
        )
        patch.setattr(known, "name", lambda self, member: longer(name(self, member)))
        patch.setattr(known, "place", lambda self, code: longer(place(self, code)))
        for kept in (words_of, looks._environment):
            kept.cache_clear()
        yield gathered(Path(tmp_path_factory.mktemp("longer")), Language.ENGLISH, (every_page, rooms))
    for kept in (words_of, looks._environment):
        kept.cache_clear()


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.slow)])
def test_words_that_are_longer_are_not_cut(
    pages: list[Seen], site: Browser, chromium: Any, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(f"http://{site.place}/")
    found = {}
    for one in pages:
        page.set_content(one.html)
        assert "lóñgér" in page.locator("footer, body").first.inner_text() or one.name.startswith("admin"), (
            one.name
        )
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        if said := page.evaluate(CUT):
            found[one.name] = said
    page.close()
    assert not found, "\n".join(f"{name}: {said}" for name, said in found.items())


def test_a_cut_is_found_out(chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 600})
    page.set_content(
        "<p style='width:60px;overflow:hidden;white-space:nowrap'>far too long for it</p><p style='height:9px;overflow:hidden'>a<br>b</p>"
        "<p style='width:30px;overflow-wrap:anywhere'>overview</p><select style='width:60px'><option>far too long for it</option></select>"
    )
    said = " ".join(page.evaluate(CUT))
    page.close()
    assert all(why in said for why in ("leaves its box", "cut in height", "no room for", "breaks a word"))
