"""What an admin is told of a subscription at a hub: one word and one sentence."""

from datetime import UTC, datetime

from alerts.domain.push import DEAF_AFTER, Pushed


def standing(pushed: Pushed, now: datetime) -> str:
    """Return how it stands: no-hub, asked, verified, deaf, denied, failing or leaving."""
    if not pushed.wanted:
        return "leaving"
    if pushed.hub is None:
        return "no-hub"
    if pushed.serves(now):
        return "deaf" if is_deaf(pushed) else "verified"
    if pushed.denied_at:
        return "denied"
    return "failing" if pushed.detail or pushed.attempts > 1 or pushed.expires_at else "asked"


def is_deaf(pushed: Pushed) -> bool:
    """Return whether polls find what the hub should have announced, and none of its pushes was right."""
    return pushed.unannounced >= DEAF_AFTER and not pushed.hits


def describe(pushed: Pushed, now: datetime) -> str:
    """Return how it stands in one sentence, times in UTC."""
    hub, again, why = pushed.hub, _next(pushed), f" ({pushed.detail})" if pushed.detail else ""
    tally = f"{pushed.hits} pushes were right, {pushed.misses} were not, {pushed.unannounced} polls found news without one"
    asked = f"{hub} was asked and has to verify" if pushed.asked_at else f"{hub} is asked {again}"
    return {
        "leaving": f"the subscription at {hub} is being given up",
        "no-hub": "the source names no hub; it is polled as any other",
        "verified": f"{hub} tells of news until {_at(pushed.expires_at)}, renewed before; {tally}",
        "deaf": f"{hub} has verified, but announces nothing: {tally}; it is polled as any other",
        "denied": f"{hub} denied the subscription at {_at(pushed.denied_at)}{why}; asked again {again}",
        "failing": f"no subscription at {hub} after {pushed.attempts} requests{why}; asked again {again}",
        "asked": asked,
    }[standing(pushed, now)]


def trouble(pushed: Pushed, now: datetime) -> str:
    """Return what the operator reads when news have not been announced for days."""
    since = pushed.expires_at or pushed.created_at
    if pushed.serves(now):
        return describe(pushed, now)
    return f"no pushes since {_at(since)}: {describe(pushed, now)}"


def _at(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else "an unknown time"


def _next(pushed: Pushed) -> str:
    return f"from {_at(pushed.due_at)}" if pushed.due_at else "soon"
