"""The read API: described by OpenAPI and true to it, the same notices as the pages, safe to page through."""

import json
import re
from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.domain.items import ItemQuery
from alerts.web import create_app
from alerts.web.api.rates import Rates
from tests.web.world import Browser, World, browsing, poll
from tests.web.world import a_revision as one_more

V1 = "/api/v1"


def read(browser: Browser, path: str) -> dict[str, object]:
    answer = browser.get(V1 + path)
    assert answer.status == 200, (path, answer)
    found: dict[str, object] = json.loads(answer.text)
    return found


def refused(browser: Browser, path: str) -> tuple[int, str]:
    answer = browser.get(V1 + path)
    assert answer.headers["content-type"] == "application/problem+json"
    told = json.loads(answer.text)
    assert told["status"] == answer.status and told["detail"].endswith(".")
    return answer.status, told["detail"]


def test_every_answer_keeps_to_the_description(still: World) -> None:
    schema = schemathesis.openapi.from_asgi(
        f"{V1}/openapi.json", create_app(replace(still.site, public_url="http://testserver"))
    )
    found: list[str] = []

    for operation in schema.get_all_operations():
        api = operation.ok()

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=api.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            answer = case.call()
            assert answer.status_code < 500, (case, answer.text)
            assert answer.status_code == 429 or answer.status_code in (200, 400, 404, 422)
            if answer.status_code == 200:
                case.validate_response(answer)

        ask()
        found.append(api.label)
    assert len(found) == 8


def test_the_same_notices_as_in_the_archive(still: World, reader: Browser) -> None:
    page = read(reader, "/items?jurisdiction=US&limit=100")
    ids = [one["id"] for one in page["items"]]  # type: ignore[attr-defined]
    shown = re.findall(r'href="/items/(\d+)"', reader.get("/items?jurisdiction=US").text)

    assert ids and [str(one) for one in ids] == list(dict.fromkeys(shown))
    detail = read(reader, f"/items/{ids[0]}")
    assert detail["findings"] is not None and len(detail["revisions"]) >= 1  # type: ignore[arg-type]


def test_pages_hold_every_notice_once_while_new_ones_arrive(world: World) -> None:
    with browsing(world.site) as browser:
        before = {stored.id for stored in world.site.store.items.query(ItemQuery()).items}
        seen: list[int] = []
        cursor = ""
        while True:
            page = read(browser, f"/items?limit=1{cursor}")
            seen += [one["id"] for one in page["items"]]  # type: ignore[attr-defined]
            poll(world.site.store, (one_more(f"n{len(seen)}", "Another rule on trademarks"),))
            world.site.store.search.catch_up()
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(before)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/items?cursor=AAAA", 400),
        ("/items?page=2", 422),
        ("/matters?severty=high", 422),
        ("/obligations?region=atlantis", 400),
        ("/items?cursor=%00", 400),
        ("/items?jurisdiction=XQ", 400),
        ("/items?kind=nonsense", 422),
        ("/items?limit=0", 422),
        ("/items?limit=101", 422),
        ("/items?since=2026-13-01", 422),
        ("/items/999999", 404),
        ("/items/x", 422),
        ("/matters/999999", 404),
        ("/sources/none", 404),
        ("/obligations?since=2026-01-02&until=2026-01-01", 400),
        ("/obligations?since=2020-01-01&until=2026-01-01", 400),
        ("/obligations?since=9999-12-31", 400),
        ("/nothing", 404),
    ],
)
def test_a_bad_question_is_a_problem_with_a_sentence(reader: Browser, path: str, status: int) -> None:
    assert refused(reader, path)[0] == status


def test_what_has_not_changed_is_not_sent_again(reader: Browser) -> None:
    first = reader.get(f"{V1}/items")
    again = reader.get(f"{V1}/items", **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    assert first.headers["access-control-allow-origin"] == "*"


def test_sources_and_jurisdictions_tell_how_they_stand(reader: Browser) -> None:
    sources = read(reader, "/sources")["sources"]
    assert {one["id"] for one in sources} == {"us-office", "th-office"}  # type: ignore[attr-defined]
    assert read(reader, "/sources/us-office")["jurisdiction"] == "US"
    places = read(reader, "/jurisdictions")["jurisdictions"]
    assert {one["code"] for one in places} == {"US", "TH"}  # type: ignore[attr-defined]


def test_obligations_of_a_span_are_listed_the_soonest_first(reader: Browser) -> None:
    found = read(reader, "/obligations?since=2026-01-01&until=2026-12-31")["obligations"]
    days = [one["obligation"]["date"] for one in found]  # type: ignore[attr-defined]
    assert days == sorted(days)


def test_who_asks_too_often_is_told_when_to_ask_again(still: World) -> None:
    with browsing(replace(still.site)) as browser:
        answers = [browser.get(f"{V1}/sources") for _ in range(130)]
    late = [one for one in answers if one.status == 429]
    assert late and int(late[0].headers["retry-after"]) >= 1
    assert "ratelimit" in answers[0].headers


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_no_network_gets_more_than_its_bucket_and_what_drips_in(waits: list[float]) -> None:
    rates, now, allowed = Rates(burst=5, per_second=0.5), 0.0, 0
    for wait in waits:
        now += wait
        allowed += rates.take("n", now)[0]
    assert allowed <= 5 + now * 0.5 + 1e-6
    assert rates.take("other", now)[0], "others are not concerned"


def test_the_page_for_people_names_every_address_parameter_and_form(reader: Browser) -> None:
    spec = read(reader, "/openapi.json")
    page = reader.get("/api/docs").text

    for path, methods in spec["paths"].items():  # type: ignore[attr-defined]
        assert f"<code>GET {path}</code>" in page
        for one in methods["get"].get("parameters", ()):
            assert f"<code>{one['name']}</code>" in page
    for name, schema in spec["components"]["schemas"].items():  # type: ignore[index]
        assert f'<h3 id="{name}">' in page
        assert all(
            f"<code>{field}</code>" in page for field in schema.get("properties", schema.get("enum", ()))
        )
    assert 'href="/api/docs' in reader.get("/").text
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([\w-]+)"', page))


@pytest.mark.parametrize("field", ["since", "until"])
def test_a_number_is_no_day(reader: Browser, field: str) -> None:
    for path in ("/items", "/matters", "/obligations"):
        status, told = refused(reader, f"{path}?{field}=0")
        assert status == 422 and "2026-03-31" in told
