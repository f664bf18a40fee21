"""What ``feeds replay`` prints: one row for each entry that reads otherwise than it is stored, and the sum."""

from datetime import datetime
from typing import TYPE_CHECKING

from alerts.cli.context import with_service
from alerts.cli.show import Format, listing, say, warn
from alerts.domain.errors import CollectError

if TYPE_CHECKING:
    from alerts.flow.replay import Difference
    from alerts.flow.service import Service

COLUMNS = ("change", "published", "kind", "event", "severity", "title")


def show(feed_id: str, when: datetime | None, style: Format, *, store: bool) -> int:
    """Print what the kept document gives now; return 1 when the present mapping cannot read it."""
    from alerts.flow.replay import replay

    async def work(service: "Service") -> int:
        try:
            done = await replay(service, feed_id, store=store)
        except CollectError as error:
            warn(f"alerts: {feed_id}: {error.outcome}: {error.detail}")
            return 1
        listing(map(_row, done.differences), style, COLUMNS)
        counts = {change: done.count(change) for change in ("new", "changed", "reclassified")}
        total: dict[str, object] = {"feed": feed_id, "entries": done.entries, "items": done.items, **counts}
        total["stored"] = done.saved is not None and not done.saved.fenced
        if style is Format.JSON:
            listing([total], style)
        else:
            say(" · ".join(f"{name} {value}" for name, value in total.items()))
        return 0

    return with_service(work, when)


def _row(one: "Difference") -> dict[str, object]:
    item, judged, old = one.revision.item, one.revision.judgement, one.stored
    row: dict[str, object] = {
        "change": one.change, "title": item.title, "url": item.url, "published": item.published.at if item.published else None,
        "relevant": judged.relevant, "kind": judged.kind, "event": judged.event, "severity": judged.severity,
        "rights": judged.rights, "key": item.key,
    }  # fmt: skip
    if old is not None:
        before = old.judgement
        row["stored"] = {
            "title": old.item.title, "relevant": before.relevant, "kind": before.kind, "event": before.event,
            "severity": before.severity, "rights": before.rights,
        }  # fmt: skip
    return row
