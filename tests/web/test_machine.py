"""The inner listener."""

import json
from dataclasses import replace
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from alerts.domain.digests import Receipt
from alerts.domain.vocabulary import DeliveryState, Health
from alerts.store import Store
from tests.contract.steps import a_digest
from tests.web.world import NOON, Browser, World, browsing


def test_a_process_that_answers_is_alive(inner: Browser) -> None:
    answer = inner.get("/livez")

    assert answer.status == 200 and json.loads(answer.text)["alive"] is True


def test_readiness_names_each_part(inner: Browser) -> None:
    answer = inner.get("/readyz")
    told = json.loads(answer.text)

    assert answer.status == 200 and told["ready"] is True
    assert {name: part.get("ok") for name, part in told["parts"].items()} == {
        "database": True,
        "schema": True,
        "catalogue": True,
        "relay": None,
    }
    assert told["parts"]["catalogue"]["feeds"] == 2


def test_a_database_without_tables_is_not_ready_and_the_site_says_so(world: World) -> None:
    empty = replace(world.site, store=Store.open("sqlite:///:memory:"))
    with browsing(empty, inner=True) as inner:
        answer = inner.get("/readyz")

    assert answer.status == 503
    assert json.loads(answer.text)["parts"]["schema"]["ok"] is False
    empty.store.close()


def test_a_catalogue_without_feeds_is_not_ready(world: World) -> None:
    with browsing(replace(world.site, feeds=dict), inner=True) as inner:
        assert inner.get("/readyz").status == 503


def test_the_inner_listener_is_asked_by_any_name(inner: Browser) -> None:
    assert inner.get("/metrics", Host="alerts-internal:9000").status == 200


def test_the_figures_come_from_the_rows(world: World, inner: Browser) -> None:
    world.clock.move(timedelta(minutes=1))
    text = inner.get("/metrics").text
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }

    assert samples["alerts_feed_last_success_timestamp_seconds", "us-office"] == NOON.timestamp()
    assert samples["alerts_feed_last_outcome", "us-office", "ok"] == 1
    assert samples["alerts_feeds", "healthy"] == 1
    assert samples["alerts_feeds", "new"] == 1
    assert samples["alerts_waiting", "match"] == 3
    assert samples["alerts_polls_last_hour", "ok"] == 1
    assert samples["alerts_poll_not_modified_ratio",] == 0
    assert samples["alerts_poll_lag_seconds", "0.95"] >= samples["alerts_poll_lag_seconds", "0.5"] >= 0
    assert {samples["alerts_feed_events_open", kind] for kind in ("gap", "silent", "blocked")} == {0}
    assert samples["alerts_outbox_oldest_age_seconds",] == 0
    assert {key[1] for key in samples if key[0] == "alerts_feeds"} == {health.value for health in Health}


def test_labels_hold_no_address(inner: Browser) -> None:
    assert "@" not in inner.get("/metrics").text


def test_the_relays_fault_is_reported_without_an_address(world: World, inner: Browser) -> None:
    assert json.loads(inner.get("/readyz").text)["parts"]["relay"]["fault"] is None
    store = world.site.store
    endpoint = store.subscribers.endpoint(world.public_id)
    assert endpoint is not None and store.digests.write(a_digest(endpoint, (), due_at=NOON), None)
    (claim,) = store.deliveries.claim(NOON, 1, "w")
    assert store.deliveries.started(claim, NOON)
    answer = "certificate verify failed for <anna@exporter.example>"
    store.deliveries.finish(claim, Receipt(DeliveryState.DUE, "connect", None, answer, counted=False), NOON)

    told = json.loads(inner.get("/readyz").text)["parts"]["relay"]

    assert told["fault"] == "certificate verify failed for …"
