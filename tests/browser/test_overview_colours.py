"""The grid of jurisdictions where the reader's system decides on the colours: each tile is seen, read and told, with the figures of its table."""

import re
from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from tests.browser.looks import looks
from tests.browser.test_accessible import LANGUAGES, SCHEMES, chromium, faults, pytestmark, site, world
from tests.colours import contrast
from tests.web.world import Browser

__all__ = ["chromium", "pytestmark", "site", "world"]

# Of each tile: its words, and the colours of its ground, its edge, its texts and its mark.
TILES = """[...document.querySelectorAll("svg.grid a")].map(tile => {
  const look = (what, name) => getComputedStyle(tile.querySelector(what))[name];
  return {words: tile.getAttribute("aria-label"), ground: look("rect", "fill"), edge: look("rect", "stroke"),
    inks: [...tile.querySelectorAll("text, .mark")].map(one => getComputedStyle(one).fill)};
})"""
ROWS = """[...document.querySelectorAll("svg.grid ~ *, details table")].flatMap(table =>
  [...table.querySelectorAll("tbody tr")].map(row => [row.querySelector("th").innerText, row.lastElementChild.innerText]))"""


@pytest.mark.parametrize(("language", "scheme"), looks(LANGUAGES, SCHEMES))
def test_the_grid_is_told_and_seen_in_forced_colours(
    site: Browser, chromium: Any, language: Language, scheme: str
) -> None:
    context = chromium.new_context(forced_colors="active", color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"http://{site.place}/?lang={language}")
    page.locator("details > summary").first.click()
    tiles, rows = page.evaluate(TILES), dict(page.evaluate(ROWS))
    assert faults(page) == []
    context.close()

    assert tiles
    for tile in tiles:
        name, told = re.split("[:：]", tile["words"], maxsplit=1)
        assert re.search(r"\d+", told)[0] == rows[name], tile["words"]  # type: ignore[index]
        for colour in (tile["edge"], *tile["inks"]):
            assert contrast(colour, tile["ground"]) >= 4.5, tile
