"""The way in without a mouse: each stop is seen, nothing scrolls sideways, on the narrowest phone and at twice the size of a desk."""

from collections.abc import Iterator
from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from tests.browser.looks import looks
from tests.browser.test_accessible import LANGUAGES, chromium, pytestmark
from tests.web.world import Browser, World, a_world, browsing, settled

__all__ = ["chromium", "pytestmark"]

WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 320, "height": 640}},
    # 1280 by 1024 pixels at 200 %: half as many CSS pixels each way, each drawn by two.
    "enlarged": {"viewport": {"width": 640, "height": 512}, "device_scale_factor": 2},
}
# What is done on each page: the element that is gone to with the tab key, and the key pressed there.
STEPS = (
    (("nav a[href^='/subscribe']", "Enter"),),
    (("#region", "Space"), ("form button", "Enter")),
    (("input[name=right]", "Space"), ("form button", "Enter")),
    (("form button", "Enter"),),
    (("#email", "li@firm.example"), ("#agree", "Space"), ("#send", "Enter")),
)
LEFT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = "(e => { const s = getComputedStyle(e); return s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth) })(document.activeElement)"


@pytest.fixture
def place(tmp_path: Any) -> Iterator[tuple[World, Browser]]:
    with a_world(settled(tmp_path / "alerts.db")) as world, browsing(world.site) as found:
        yield world, found


@pytest.mark.parametrize(("language", "window"), looks(LANGUAGES, tuple(WINDOWS)))
def test_the_way_in_goes_by_keyboard_and_each_stop_is_seen(
    place: tuple[World, Browser], chromium: Any, language: Language, window: str
) -> None:
    context = chromium.new_context(
        **WINDOWS[window], reduced_motion="reduce"
    )  # else it is still scrolling when it is looked at
    page = context.new_page()
    page.goto(f"http://{place[1].place}/?lang={language}")
    for step in STEPS:
        assert page.evaluate(LEFT) <= 0, page.url
        for target, key in step:
            go_to(page, target)
            assert differs(page), f"{page.url}: nothing shows that {target} has the focus"
            if key == "Enter":
                with page.expect_navigation():
                    page.keyboard.press(key)
            elif key == "Space":
                page.keyboard.press(key)
                assert page.locator(f"{target}:focus").is_checked()
            else:
                page.keyboard.type(key)
    assert page.locator("[role=status]", has_text="li@firm.example").count() == 1
    assert page.evaluate(LEFT) <= 0
    context.close()


def go_to(page: Any, target: str) -> None:
    """Press the tab key until the first element that fits has the focus; every stop on the way has a ring of two pixels or more."""
    for _ in range(300):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE) >= 2, page.evaluate("document.activeElement.outerHTML")
        if page.evaluate(f"document.activeElement === document.querySelector({target!r})"):
            return
    raise AssertionError(f"{page.url}: {target} is not reached")


def differs(page: Any) -> bool:
    """Return whether what has the focus looks otherwise than without it, and lies in the window."""
    box = page.evaluate(
        "(r => [r.x, r.y, r.width, r.height])(document.activeElement.getBoundingClientRect())"
    )
    size = page.viewport_size
    assert box[0] >= 0 and 5 <= box[1] <= size["height"] - box[3] - 5, "the focus or its ring is out of sight"
    left, top = max(0, box[0] - 6), max(0, box[1] - 6)
    clip = {"x": left, "y": top, "width": min(box[2] + 12, size["width"] - left), "height": box[3] + 12}
    seen = page.screenshot(clip=clip)
    page.evaluate("window.was = document.activeElement; window.was.blur()")
    bare = page.screenshot(clip=clip)
    page.evaluate("window.was.focus({preventScroll: true})")
    return bool(seen != bare)
