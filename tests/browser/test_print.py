"""What a printed page shows: the notice and the addresses behind its links, dark on white, and nothing to press."""

from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from tests.browser.looks import looks
from tests.browser.test_accessible import LANGUAGES, chromium, pytestmark, site, world
from tests.web.world import Browser, World

__all__ = ["chromium", "pytestmark", "site", "world"]  # the fixtures and marks of the other file

CONTENT = "getComputedStyle(document.querySelector('{}'), '::after').content"
BOXES = """[...document.querySelectorAll('main *')].filter(
    one => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
).map(one => one.className || one.tagName)"""


def printed(chromium: Any, site: Browser, path: str, language: Language = Language.ENGLISH) -> Any:
    """Return a page as paper has it, asked for by somebody whose screen is dark."""
    context = chromium.new_context(viewport={"width": 680, "height": 960}, bypass_csp=True)
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"http://{site.place}{path}?lang={language}")
    return page


@pytest.mark.parametrize(
    ("path", "language"), looks(["/items/{337}", "/matters/{matter}", "/", "/items", "/matters"], LANGUAGES)
)
def test_paper_has_the_notice_and_nothing_to_press(
    chromium: Any, world: World, site: Browser, path: str, language: Language
) -> None:
    where = path.replace("{337}", str(world.items["337"])).replace("{matter}", str(world.matter))
    page = printed(chromium, site, where, language)

    for gone in (".top", ".tongues", ".menu", ".filter", ".pages", ".ways", ".skip", "button"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], gone
    assert page.locator("h1").is_visible() and page.locator("main").is_visible()
    assert where in page.locator(".paper").inner_text() and page.locator(".paper").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 32, 43)"
    assert page.evaluate(BOXES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    page.context.close()


def test_the_addresses_of_links_are_printed(chromium: Any, world: World, site: Browser) -> None:
    page = printed(chromium, site, f"/items/{world.items['337']}")

    address = page.evaluate(CONTENT.format('a[href="https://office.example/337"]'))
    assert (
        address == '" (" "https://office.example/337" ")"' or address == '" (https://office.example/337)"'
    ), address
    number = world.items["zh"]
    assert f"/items/{number}" in page.evaluate(
        CONTENT.format(f'[aria-labelledby="sources"] a[href^="/items/{number}"]')
    )
    page.context.close()


def test_tables_that_are_folded_on_a_screen_stand_open_on_paper(chromium: Any, site: Browser) -> None:
    page = printed(chromium, site, "/")
    tables = page.locator("details table").all()

    assert len(tables) >= 2
    for table in tables:
        box = table.bounding_box()
        assert box and box["height"] > 20 and table.locator("th").first.is_visible()
    page.context.close()


def test_a_page_behind_a_secret_address_does_not_print_it(chromium: Any, world: World, site: Browser) -> None:
    page = printed(chromium, site, f"/u/{world.token}")

    assert page.locator(".paper").count() == 0
    assert world.token not in page.locator("body").inner_text()
    page.context.close()
