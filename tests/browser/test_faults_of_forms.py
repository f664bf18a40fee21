"""A form that cannot be taken: what is wrong has the focus without script, leads to the field, and what was typed is still there."""

from collections.abc import Iterator
from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from tests.browser.test_accessible import chromium, pytestmark
from tests.web.every_page import CHOSEN
from tests.web.world import World, a_world, browsing, settled

__all__ = ["chromium", "pytestmark"]

# By name: the page with the form, what is filled in, the button, the field that is led to, and what must be kept.
FORMS = {
    "regions": ("/subscribe", {}, "form button", "region", {}),
    "email": (
        f"/subscribe/address?{CHOSEN}", {"email": "no address", "company": "Acme & Co"}, "#send", "email",
        {"email": "no address", "company": "Acme & Co"},
    ),
    "agree": (f"/subscribe/address?{CHOSEN}", {"email": "li@firm.example"}, "#send", "agree", {"email": "li@firm.example"}),
    "manage": ("/manage", {"email": "two@a.example, b"}, "form button", "email", {"email": "two@a.example, b"}),
    "sure": ("/my/{session}", {}, "button[value=delete]", "sure", {}),
    "day": ("/my/{session}", {"until{contact}": "2020-01-01"}, "button[value=pause]", "until{contact}", {"until{contact}": "2020-01-01"}),
    "colleague": ("/my/{session}", {"mail{contact}": "nobody"}, "button[value=invite]", "mail{contact}", {"mail{contact}": "nobody"}),
    "watch": ("/my/{session}/watch/{watch}", {"terms": "Lumina"}, "button[value=watch]", "region", {"terms": "Lumina"}),
}  # fmt: skip
SAYS = {Language.ENGLISH: "There is a problem", Language.CHINESE: "存在问题"}


@pytest.fixture
def place(tmp_path: Any) -> Iterator[tuple[World, str]]:
    with a_world(settled(tmp_path / "alerts.db")) as world, browsing(world.site) as found:
        yield world, f"http://{found.place}"


@pytest.mark.parametrize(
    "language", [Language.ENGLISH, pytest.param(Language.CHINESE, marks=pytest.mark.slow)]
)
def test_what_is_wrong_with_a_form_has_the_focus_leads_to_the_field_and_keeps_the_rest(
    place: tuple[World, str], chromium: Any, language: Language
) -> None:
    world, where = place
    contact = world.site.store.subscribers.contact("legal@firm.example")
    assert contact is not None
    ids = {"contact": str(contact.id), "watch": str(contact.watches[0].id)}
    ids["session"] = world.asked("my", "{session}")
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    for name, (route, filled, button, field, kept) in FORMS.items():
        page = context.new_page()
        path = route.format_map(ids)
        page.goto(f"{where}{path}{'&' if '?' in path else '?'}lang={language}")
        wanted = ", ".join(
            [button, "input[name=region]:checked", *(f"#{key.format_map(ids)}" for key in filled)]
        )
        closed = page.locator("details:not([open])", has=page.locator(wanted)).locator("> summary")
        while closed.count():
            closed.first.click()
        chosen = page.locator("input[name=region]:checked")
        while chosen.count():
            chosen.first.uncheck()
        for key, value in filled.items():
            page.locator(f"#{key.format_map(ids)}").fill(value)
        page.locator(button).first.click()

        fault, target = page.locator("#fault"), f"#{field.format_map(ids)}"
        assert page.locator("#fault:focus").count() == 1, f"{name}: the summary has no focus"
        assert SAYS[language] in fault.inner_text(), name
        assert page.locator("html").get_attribute("lang") == language.value
        fault.locator("a").click()
        assert page.url.endswith(target) and page.locator(target).is_visible(), name
        page.keyboard.press("Tab")
        assert page.locator(target).get_attribute("aria-invalid") == "true", name
        said = page.locator(f"[id='{page.locator(target).get_attribute('aria-describedby')}']")
        assert said.inner_text() == fault.locator("a").inner_text(), name
        for key, value in kept.items():
            assert page.locator(f"#{key.format_map(ids)}").input_value() == value, (name, key)
        page.close()
    context.close()
