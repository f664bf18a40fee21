"""The figures of ``/metrics``, counted from rows when they are asked for.

Nothing is remembered in this process, so that the figures are right after a restart and the same on
every machine that shares the database. Labels are feed ids, outcomes and states; never an address.
Instants are seconds since 1970, ages are seconds (Prometheus' base units).
"""

import re
from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from platform import python_version

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from alerts import __version__
from alerts.domain.collected import FeedState
from alerts.domain.digests import Backlog, SourceHealth
from alerts.domain.events import MOMENTARY, EventKind, FeedEvent
from alerts.domain.providers import Pace
from alerts.domain.push import Pushed
from alerts.domain.vocabulary import DeliveryState, Health, Outcome
from alerts.flow.presence import lost
from alerts.flow.standing import JUDGED
from alerts.store import Store
from alerts.store.views import Lately
from alerts.web.site import Site

CONTENT_TYPE = CONTENT_TYPE_LATEST
ADDRESS = re.compile(r"\S+@\S+")


def exposition(site: Site) -> bytes:
    """Return all figures in Prometheus' text form."""
    registry = CollectorRegistry()
    registry.register(_Figures(site))
    return generate_latest(registry)


def relay_seen(store: Store) -> datetime | None:
    """Return when the mail relay last took a mail (UTC), as far as the newest deliveries tell."""
    newest = store.deliveries.list(DeliveryState.SENT, limit=20)
    return max((view.done_at for view in newest if view.done_at), default=None)


def relay_fault(store: Store) -> str | None:
    """Return why mails wait for the relay at present: what its last attempt ended with; None where none waits after a fault."""
    waiting = store.deliveries.list(DeliveryState.DUE, limit=50)
    answer = next((view.last_answer for view in waiting if view.last_answer), None)
    return ADDRESS.sub("…", answer)[:200] if answer else None


class _Figures(Collector):
    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Return nothing: the registry need not ask the database when this is registered."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure."""
        now = self._site.clock.now()
        store, known = self._site.store, self._site.feeds()
        yield _labelled(
            "build_info", "What runs.", ("version", "python"), {(__version__, python_version()): 1}
        )
        yield from _of_feeds([state for state in store.feeds.states() if state.feed_id in known])
        yield _healths(store.feeds.health(now))
        yield _judged(store.items.judged(now - JUDGED), known)
        yield from _of_polls(store.status.lately(now))
        yield _happened([event for event in store.events.open() if event.feed_id in known])
        yield _pushes([one for one in store.push.all() if one.wanted and one.feed_id in known])
        yield from _of_backlog(store.status.backlog(now), now)
        daemons = store.status.daemons()
        yield GaugeMetricFamily(
            "alerts_daemons",
            "Daemons that reported themselves lately.",
            len(daemons) - len(lost(daemons, now)),
        )
        yield _slowed(store.providers.slow())
        yield _relay(relay_seen(store))


Values = dict[tuple[str, ...], float]


def _slowed(paces: list[Pace]) -> GaugeMetricFamily:
    """Return the pauses of known providers; a company's own domain would be an address, so those are counted together."""
    known = {pace.provider: pace.gap for pace in paces if "." not in pace.provider}
    others = [pace.gap for pace in paces if "." in pace.provider]
    values: Values = {(name,): gap for name, gap in known.items()}
    if others:
        values["other",] = max(others)
    return _labelled(
        "mail_provider_gap_seconds",
        "Between two mails to a provider that slowed us down.",
        ("provider",),
        values,
    )


def _labelled(name: str, text: str, labels: tuple[str, ...], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"alerts_{name}", text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _of_feeds(states: list[FeedState]) -> Iterator[GaugeMetricFamily]:
    feed = ("feed",)
    yield _labelled(
        "feed_last_success_timestamp_seconds", "When the feed was last read.", feed,
        {(state.feed_id,): state.last_success_at.timestamp() for state in states if state.last_success_at},
    )  # fmt: skip
    yield _labelled(
        "feed_last_new_item_timestamp_seconds", "When the feed last brought an item.", feed,
        {(state.feed_id,): state.last_new_item_at.timestamp() for state in states if state.last_new_item_at},
    )  # fmt: skip
    yield _labelled(
        "feed_poll_interval_seconds", "How often the feed is asked.", feed,
        {(state.feed_id,): state.interval.total_seconds() for state in states},
    )  # fmt: skip
    yield _labelled(
        "feed_failures", "Polls that failed since the last good one.", feed,
        {(state.feed_id,): state.failures for state in states},
    )  # fmt: skip
    yield _labelled(
        "feed_items", "Items stored of the feed.", feed, {(state.feed_id,): state.items for state in states}
    )
    yield _labelled(
        "feed_last_outcome", "How the last poll ended; always 1.", ("feed", "outcome"),
        {(state.feed_id, state.last_outcome.value): 1 for state in states if state.last_outcome},
    )  # fmt: skip


def _healths(lines: list[SourceHealth]) -> GaugeMetricFamily:
    states = [line.health for line in lines]
    values: Values = {(health.value,): states.count(health) for health in Health}
    return _labelled("feeds", "Feeds by how they stand.", ("state",), values)


def _of_polls(lately: Lately) -> Iterator[GaugeMetricFamily]:
    total = sum(lately.outcomes.values())
    yield _labelled(
        "polls_last_hour", "Polls of the last hour by how they ended.", ("outcome",),
        {(outcome.value,): lately.outcomes.get(outcome, 0) for outcome in Outcome},
    )  # fmt: skip
    confirmed = lately.outcomes.get(Outcome.NOT_MODIFIED, 0) / total if total else 0.0
    yield GaugeMetricFamily(
        "alerts_poll_not_modified_ratio",
        "Share of the last hour's polls that a server answered by 304.",
        confirmed,
    )
    yield _labelled(
        "poll_lag_seconds", "By how much the polls of the last hour began late.", ("quantile",),
        {("0.5",): lately.lag(0.5), ("0.95",): lately.lag(0.95)},
    )  # fmt: skip


def _happened(events: list[FeedEvent]) -> GaugeMetricFamily:
    kinds = [event.kind for event in events]
    values: Values = {(kind.value,): kinds.count(kind) for kind in EventKind if kind not in MOMENTARY}
    return _labelled("feed_events_open", "Feeds to which this happened and still does.", ("kind",), values)


def _pushes(lines: list[Pushed]) -> GaugeMetricFamily:
    values: Values = {
        (line.feed_id, name): getattr(line, name)
        for line in lines
        for name in ("hits", "misses", "unannounced", "refused")
    }
    return _labelled(
        "feed_pushes",
        "Pushes by what came of them, and polls that found what none announced.",
        ("feed", "result"),
        values,
    )


def _of_backlog(backlog: Backlog, now: datetime) -> Iterator[GaugeMetricFamily]:
    waiting: Values = {
        ("poll",): backlog.feeds_due,
        ("match",): backlog.unmatched,
        ("review",): backlog.held,
        ("digest",): backlog.untold,
    }
    yield _labelled("waiting", "What waits for a step of the line.", ("state",), waiting)
    waits = max(0.0, (now - backlog.held_since).total_seconds()) if backlog.held_since else 0.0
    yield GaugeMetricFamily(
        "alerts_review_oldest_age_seconds", "How long the oldest item waits for an editor.", waits
    )
    yield _labelled(
        "outbox_messages", "Deliveries by state.", ("state",),
        {(state,): count for state, count in backlog.deliveries.items()},
    )  # fmt: skip
    yield GaugeMetricFamily(
        "alerts_endpoints_shut", "Webhooks and chat bots that somebody has to mend.", backlog.shut
    )
    age = max(0.0, (now - backlog.oldest_due_at).total_seconds()) if backlog.oldest_due_at else 0.0
    yield GaugeMetricFamily("alerts_outbox_oldest_age_seconds", "How long the oldest delivery is due.", age)


def _judged(counts: Mapping[str, tuple[int, int]], known: Container[str]) -> GaugeMetricFamily:
    values: Values = {}
    for feed_id, (about, other) in counts.items():
        if feed_id in known:
            values |= {(feed_id, "yes"): about, (feed_id, "no"): other}
    return _labelled(
        "feed_items_judged",
        "Items of the last seven days by whether they are about IP.",
        ("feed", "relevant"),
        values,
    )


def _relay(seen: datetime | None) -> GaugeMetricFamily:
    values: Values = {(): seen.timestamp()} if seen else {}
    return _labelled("relay_last_seen_timestamp_seconds", "When the mail relay last took a mail.", (), values)
