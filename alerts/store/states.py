"""A row of feed_state as the value that the flow works with, and back."""

from datetime import timedelta

from alerts.domain.collected import FeedState, Moved, PollResult, Validators
from alerts.domain.vocabulary import IdentityPolicy, Outcome, ValidatorMode
from alerts.store.statements import AnyRow


def state_of(row: AnyRow) -> FeedState:
    """Return what is remembered of a feed."""
    return FeedState(
        feed_id=row.feed_id,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        interval=timedelta(seconds=row.interval_s),
        failures=row.failures,
        policy=IdentityPolicy(row.policy),
        bootstrapped=row.bootstrapped,
        last_outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        last_detail=row.last_detail,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_new_item_at=row.last_new_item_at,
        items=row.item_count,
        enabled=row.enabled,
        first_failure_at=row.first_failure_at,
        url=row.url,
        pace_reason=row.pace_reason,
        ttl=_span(row.ttl_s),
        skip_hours=frozenset(row.skip_hours or ()),
        skip_days=frozenset(row.skip_days or ()),
        validator_mode=ValidatorMode(row.validator_mode),
        validators_ignored=row.validators_ignored,
        moved=Moved(row.redirect_url, row.redirect_since, row.redirect_count, row.original_url),
        gone_count=row.gone_count,
        gone_since=row.gone_since,
        window_items=row.window_items,
        rate_per_hour=row.rate_per_hour,
        median_gap=_span(row.median_gap_s),
        batch_p95=row.batch_p95,
        feed_title=row.feed_title,
        feed_language=row.feed_language,
        scope_changed_at=row.scope_changed_at,
        layout_failures=row.layout_failures,
        touched_at=row.touched_at,
    )


def manners_columns(result: PollResult) -> dict[str, object]:
    """Return the columns that every poll writes: what the source asked for, and how it behaved."""
    return {
        "pace_reason": result.pace_reason,
        "validator_mode": result.validator_mode.value,
        "validators_ignored": result.validators_ignored,
        "redirect_url": result.moved.target,
        "redirect_since": result.moved.since,
        "redirect_count": result.moved.count,
        "original_url": result.moved.original,
        "gone_count": result.gone_count,
        "gone_since": result.gone_since,
        "ttl_s": int(result.ttl.total_seconds()) if result.ttl else None,
        "skip_hours": sorted(result.skip_hours) or None,
        "skip_days": sorted(result.skip_days) or None,
    }


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
