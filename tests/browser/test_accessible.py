"""Every page and every mail in a real browser: no fault that axe knows (WCAG 2.2 A and AA), in both languages and schemes, on a
phone and at a desk; nothing is asked of another host, and nothing scrolls sideways at 320 pixels."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from alerts.flow.samples import samples
from alerts.render import Renderer
from tests.browser.looks import looks
from tests.web.every_page import Seen, every_page, gathered
from tests.web.world import Browser, World, a_world, browsing, settled

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = CHROMIUM is None and os.environ.get("CI") != "true"
pytestmark = [pytest.mark.browser, pytest.mark.skipif(MISSING, reason="chromium is not installed")]
WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
LANGUAGES, SCHEMES = tuple(Language), ("light", "dark")
LOOKS = looks(LANGUAGES, SCHEMES, (320, 1280))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Language], list[Seen]]:
    """Every public page in every state, as it was answered; those of the admins are looked at in test_admin.py."""
    folder = tmp_path_factory.mktemp("pages")
    return cache(lambda language: gathered(folder, language, (every_page,)))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(settled(tmp_path_factory.mktemp("browser") / "alerts.db")) as made:
        yield made


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[Browser]:
    """A site that gives the pages their style."""
    with browsing(world.site) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def faults(page: Any) -> list[str]:
    """Return what axe finds, and whether the page is wider than its window."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):  # it stays in the window when other content is put there
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", WCAG)
    said = [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:200]}" for one in found
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*said, f"scrolls sideways by {wide}"] if wide > 0 else said


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_every_page_can_be_used_by_everybody(
    pages: Callable[[Language], list[Seen]],
    site: Browser,
    chromium: Any,
    language: Language,
    scheme: str,
    width: int,
) -> None:
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://{site.place}/")
    found = {}
    for one in pages(language):
        page.set_content(one.html)
        assert page.locator("h1").count() == 1, one.name
        if said := faults(page):
            found[one.name] = said
    context.close()
    assert not found, found
    assert all(url.startswith((f"http://{site.place}/", "data:")) for url in asked)


@pytest.mark.parametrize(("language", "scheme", "width"), looks(LANGUAGES, SCHEMES, (375, 800)))
def test_every_mail_can_be_read_by_everybody(
    tmp_path: Path, chromium: Any, language: Language, scheme: str, width: int
) -> None:
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page, found = context.new_page(), {}
    for name, make in samples(Renderer(operator="ops@alerts.example"), language).items():
        if html := make().whole.html:
            (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
            page.goto(f"file://{tmp_path}/{name}.html")
            if said := faults(page):
                found[name] = said
    context.close()
    assert not found, found


def test_a_page_with_faults_is_found_out(chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 600})
    page.set_content("<html lang=en><title>Good</title><main><h1>Good</h1></main>")
    assert faults(page) == []
    page.set_content("<p style='color:#ccc'>pale</p><input><div style='width:900px'>wide</div>")
    said = " ".join(faults(page))
    page.close()
    assert all(word in said for word in ("color-contrast", "label", "html-has-lang", "scrolls sideways"))
