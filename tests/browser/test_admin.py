"""The admins' rooms in a real browser: for everybody who uses them, and one walk from the door to the audit log."""

from collections.abc import Iterator
from typing import Any

import pytest

from alerts.domain.audit import Act
from alerts.domain.vocabulary import Language
from tests.browser.test_accessible import LOOKS, chromium, faults, pytestmark
from tests.web.office import PASSWORD, Furnished, Visitor, furnish
from tests.web.world import World, a_world, browsing, settled

__all__ = ["chromium", "pytestmark"]

ROOMS = (
    "/admin", "/admin/feeds", "/admin/feeds/us-office", "/admin/review", "/admin/review/{number}", "/admin/deliveries", "/admin/deliveries/{number}",
    "/admin/suppressions", "/admin/suppressions/{number}", "/admin/audit", "/admin/sessions", "/admin/login",
)  # fmt: skip
SAYS = {
    Language.ENGLISH: ("Log in", "Sources", "US office", "Test now", "Review", "Release", "Audit log", "notice released", "Log out"),
    Language.CHINESE: ("登录", "来源", "美国主管机关", "立即测试", "审阅", "放行", "审计日志", "放行条目", "退出登录"),
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Any) -> Iterator[tuple[Visitor, Furnished]]:
    """A world of the test's own with an admin who is not logged in, and something in every room."""
    with a_world(settled(tmp_path / "alerts.db")) as world, browsing(world.site) as browser:
        visitor = Visitor(world, browser)
        assert visitor.given.codes
        yield visitor, furnish(world.site.store, needed=1)


def context(chromium: Any, visitor: Visitor, **looks: Any) -> Any:
    opened = chromium.new_context(**looks)
    where = f"http://{visitor.browser.place}"
    opened.add_cookies(
        [{"name": name, "value": value, "url": where} for name, value in visitor.cookies.items()]
    )
    return opened


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_every_room_can_be_used_by_everybody(
    office: tuple[Visitor, Furnished], chromium: Any, language: Language, scheme: str, width: int
) -> None:
    visitor, furnished = office
    assert visitor.log_in().status == 303
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "bypass_csp": True}
    opened = context(chromium, visitor, **looks)
    page, found = opened.new_page(), {}
    for room in ROOMS:
        page.goto(f"http://{visitor.browser.place}{furnished.filled(room)}?lang={language}")
        assert page.locator("h1").count() == 1, room
        if said := faults(page):
            found[room] = said
    page.goto(f"http://{visitor.browser.place}/admin/feeds/th-office?lang={language}")
    page.locator("section form button").first.click()
    page.wait_for_selector("#answer")
    if said := faults(page):
        found["tested"] = said
    opened.close()
    assert not found, found


@pytest.mark.parametrize("language", Language)
def test_an_editor_logs_in_tests_a_source_releases_a_notice_and_finds_it_in_the_log(
    office: tuple[Visitor, Furnished], chromium: Any, language: Language
) -> None:
    visitor, furnished = office
    world: World = visitor.world
    door, sources, source, test, review, release, log, released, out = SAYS[language]
    opened = context(chromium, visitor, java_script_enabled=False)
    page = opened.new_page()
    page.goto(f"http://{visitor.browser.place}/admin?lang={language}")
    assert page.url.endswith(f"/admin/login?lang={language}")
    for field, value in (("name", "Li"), ("password", PASSWORD), ("code", visitor.code())):
        page.locator(f"#{field}").fill(value)
    page.get_by_role("button", name=door).click()
    page.get_by_role("link", name=sources, exact=True).click()
    page.get_by_role("link", name=source).click()
    page.get_by_role("button", name=test).click()
    assert "1,234" in page.locator("#answer").inner_text()
    page.locator(".rooms").get_by_role("link", name=review, exact=True).click()
    page.locator(".stack a").first.click()
    page.locator("#note").fill("checked")
    page.get_by_role("button", name=release, exact=True).click()
    assert page.url.endswith("done=released")
    page.get_by_role("link", name=log).click()
    row = page.locator("tbody tr").first.inner_text()
    assert released in row.casefold() and "checked" in row and "Li" in row
    page.get_by_role("button", name=out).click()
    page.goto(f"http://{visitor.browser.place}/admin/audit")
    assert page.url.endswith("/admin/login")
    opened.close()
    assert world.site.store.items.get(furnished.item) is not None
    assert visitor.acts() == [Act.LOGGED_IN, Act.FEED_TESTED, Act.ITEM_RELEASED, Act.LOGGED_OUT]
