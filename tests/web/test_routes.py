"""Which address answers which method, and which of them change anything."""

import pytest

from alerts.web import create_app, create_machine_app
from tests.web.office import Furnished, Visitor
from tests.web.world import Browser, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SITE = {
    "/": {"GET", "HEAD"},
    "/items": {"GET", "HEAD"},
    "/items/{number}": {"GET", "HEAD"},
    "/items/{number}.cap": {"GET", "HEAD"},
    "/api/docs": {"GET", "HEAD"},
    "/dates": {"GET", "HEAD"},
    "/matters": {"GET", "HEAD"},
    "/matters/{number}": {"GET", "HEAD"},
    "/matters/{number}.{form}": {"GET", "HEAD"},
    "/feeds/{place}.{form}": {"GET", "HEAD"},
    "/manage": {"GET", "HEAD", "POST"},
    "/subscribe": {"GET", "HEAD"},
    "/subscribe/{step}": {"GET", "HEAD"},
    "/subscribe/address": {"GET", "HEAD", "POST"},
    "/confirm/{token}": {"GET", "HEAD", "POST"},
    "/access/{token}": {"GET", "HEAD", "POST"},
    "/keep/{token}": {"GET", "HEAD", "POST"},
    "/my/{session}": {"GET", "HEAD", "POST"},
    "/my/{session}/export.json": {"GET", "HEAD"},
    "/my/{session}/watch/{number}": {"GET", "HEAD"},
    "/static/{file}": {"GET", "HEAD"},
    "/u/{token}": {"GET", "HEAD", "POST"},
    "/calendar/{token}.ics": {"GET", "HEAD"},
    "/private/{token}.atom": {"GET", "HEAD"},
}
ROOMS = {  # for admins who are logged in
    "/admin": {"GET", "HEAD"},
    "/admin/feeds": {"GET", "HEAD"},
    "/admin/feeds/{feed_id}": {"GET", "HEAD", "POST"},
    "/admin/review": {"GET", "HEAD"},
    "/admin/review/{number}": {"GET", "HEAD", "POST"},
    "/admin/deliveries": {"GET", "HEAD", "POST"},
    "/admin/deliveries/{number}": {"GET", "HEAD", "POST"},
    "/admin/suppressions": {"GET", "HEAD"},
    "/admin/suppressions/{number}": {"GET", "HEAD", "POST"},
    "/admin/audit": {"GET", "HEAD"},
    "/admin/sessions": {"GET", "HEAD", "POST"},
}
DOOR = {"/admin/login": {"GET", "HEAD", "POST"}, "/admin/logout": {"POST"}}
HOOKS = {"/push/{key}"}  # for hubs: see test_push.py
READS = {"/api/v1", "/openapi.json"} | {  # under /api/v1: GET and HEAD only, see test_api.py
    "/items", "/items/{number}", "/matters", "/matters/{number}", "/obligations", "/jurisdictions", "/sources", "/sources/{feed_id}",
}  # fmt: skip
INNER = {"/livez": {"GET", "HEAD"}, "/readyz": {"GET", "HEAD"}, "/metrics": {"GET", "HEAD"}}


def address(world: World, route: str) -> str:
    number = world.matter if route.startswith("/matters") else world.items["337"]
    if route.startswith(("/confirm", "/access", "/keep", "/my")):
        return world.asked(route.split("/")[1], route)
    token = world.calendar if route.startswith(("/calendar", "/private")) else world.token
    return route.format(number=number, file="site.css", token=token, place="US", form="atom", step="topics")


def test_the_table_names_every_route(still: World) -> None:
    answered = Probe(create_app(still.site)).answered | Probe(create_machine_app(still.site)).answered

    assert answered == SITE.keys() | ROOMS.keys() | DOOR.keys() | INNER.keys() | HOOKS | READS


class Probe:
    """Collects the paths of an application, also those of included routers."""

    def __init__(self, app: object) -> None:
        self.answered: set[str] = set()
        self._walk(app)

    def _walk(self, node: object) -> None:
        for route in getattr(node, "routes", ()):
            if path := getattr(route, "path", None):
                self.answered.add(path)
            for inner in ("app", "router", "original_router"):
                if hasattr(getattr(route, inner, None), "routes"):
                    self._walk(getattr(route, inner))


@pytest.mark.parametrize("route", SITE)
def test_only_the_listed_methods_are_answered(still: World, reader: Browser, route: str) -> None:
    for method in METHODS:
        status = reader.ask(method, address(still, route)).status
        assert (status != 405) == (method in SITE[route]), f"{method} {route}: {status}"


@pytest.mark.parametrize("route", SITE)
def test_looking_changes_nothing(still: World, reader: Browser, route: str) -> None:
    before = still.fingerprint()

    for method in ("GET", "HEAD"):
        assert reader.ask(method, address(still, route)).status == 200

    assert still.fingerprint() == before


def test_admins_pages_answer_the_listed_methods_and_looking_changes_nothing(
    admin: Visitor, furnished: Furnished
) -> None:
    for route, methods in (ROOMS | DOOR).items():
        where = furnished.filled(route)
        before = admin.world.fingerprint()
        seen = {method: admin.ask(method, where).status for method in METHODS if method != "POST"}
        assert seen["GET"] == seen["HEAD"] == (200 if "GET" in methods else 405), route
        assert {method for method, status in seen.items() if status != 405} == methods - {"POST"}, route
        assert admin.world.fingerprint() == before, route
        assert (admin.ask("POST", where).status != 405) == ("POST" in methods), route
        assert admin.world.fingerprint() == before, f"{route}: a form from nowhere"


@pytest.mark.parametrize("route", INNER)
def test_machines_change_nothing_either(world: World, inner: Browser, route: str) -> None:
    before = world.fingerprint()

    answers = {method: inner.ask(method, route).status for method in METHODS}

    assert {method for method, status in answers.items() if status == 200} == INNER[route]
    assert world.fingerprint() == before


def test_a_head_is_answered_like_a_get_without_its_body(still: World, reader: Browser) -> None:
    head, get = reader.ask("HEAD", "/items"), reader.get("/items")

    assert head.text == ""
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/api/redoc", "/livez", "/metrics", "/items/"]
)
def test_nothing_else_is_there(reader: Browser, path: str) -> None:
    assert reader.get(path).status == 404
