"""No page is forgotten: each address that answers with one is among those that are looked at."""

import re

from alerts.domain.vocabulary import Language
from alerts.web import create_app
from tests.web.every_page import every_page, rooms
from tests.web.test_routes import HOOKS, READS, Probe
from tests.web.test_routes import SITE as LISTED
from tests.web.world import Browser, World

NO_PAGES = {
    "/items/{number}.cap", "/matters/{number}.{form}", "/feeds/{place}.{form}", "/my/{session}/export.json", "/static/{file}",
    "/calendar/{token}.ics", "/private/{token}.atom", "/admin/logout",
}  # fmt: skip


def test_each_page_of_the_site_is_looked_at(world: World, browser: Browser) -> None:
    answered = Probe(create_app(world.site)).answered - NO_PAGES - HOOKS - (READS - LISTED.keys())
    seen = {one.path for one in every_page(world, browser, Language.ENGLISH)}
    forgotten = {route for route in answered if not route.startswith("/admin") and not _among(route, seen)}
    assert not forgotten


def test_each_room_of_the_admins_is_looked_at(world: World, browser: Browser) -> None:
    answered = {one for one in Probe(create_app(world.site)).answered - NO_PAGES if one.startswith("/admin")}
    seen = {one.path for one in rooms(world, browser, Language.CHINESE)}
    assert {route for route in answered if not _among(route, seen)} == set()


def _among(route: str, seen: set[str]) -> bool:
    pattern = re.sub(r"\{\w+\}", "[^/]+", route)
    return any(re.fullmatch(pattern, path) for path in seen)
