"""What people at the desk do to the service: each act and its line in the audit log are one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from alerts.domain.audit import Act, Actor, Mark
from alerts.domain.review import Decision
from alerts.store import dead, deliveries, desk
from alerts.store.audit import mark_down
from alerts.store.database import Database
from alerts.store.ledger import address_hash
from alerts.store.tables import admin, audit

TESTS, SPAN = 6, timedelta(minutes=1)  # looks at a source that an admin may ask for


class Acts:
    """Acts, each with its line; what turns out to be nothing has none."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def approve(self, item_id: int, note: str, by: Actor, now: datetime) -> Decision | None:
        """Return what an editor's yes did; None when nothing of the item waits."""

        def work(connection: Connection) -> Decision | None:
            decision = desk.approve(connection, item_id, now, (by.editor, note))
            if decision is not None:
                act = Act.ITEM_RELEASED if decision.released else Act.ITEM_APPROVED
                detail = {"note": note, "agreed": decision.agreed, "needed": decision.needed}
                mark_down(connection, Mark(now, by, act, f"item:{item_id}", detail))
            return decision

        return self._db.write(work)

    def reject(self, item_id: int, note: str, by: Actor, now: datetime) -> bool:
        """Keep from readers what waits of an item; False when nothing does."""
        why = note or f"refused by {by.name}"
        mark = Mark(now, by, Act.ITEM_REJECTED, f"item:{item_id}", {"note": note})
        return self._marked(lambda connection: desk.reject(connection, item_id, why, (now, by.editor)), mark)

    def resend(self, delivery_id: int, by: Actor, now: datetime, *, also_sent: bool) -> bool:
        """Let a delivery go out again; False when there is none, or it is under way, or was sent and not ``also_sent``."""
        mark = Mark(now, by, Act.DELIVERY_RESENT, f"delivery:{delivery_id}", {"sent": also_sent})
        return self._marked(
            lambda connection: deliveries.requeue(connection, delivery_id, now, also_sent=also_sent), mark
        )

    def lift(self, address: str, why: str, by: Actor, now: datetime) -> bool:
        """Let mails to an address go out again; False when it was not suppressed. The line holds its hash."""
        mark = Mark(now, by, Act.SUPPRESSION_LIFTED, f"address:{address_hash(address)}", {"why": why[:200]})
        return self._marked(lambda connection: dead.lift(connection, address, why, now), mark)

    def test(self, feed_id: str, by: Actor, now: datetime) -> bool:
        """Return whether an admin may have a source looked at now: a few times a minute."""

        def work(connection: Connection) -> bool:
            connection.execute(select(admin.c.id).where(admin.c.id == by.admin_id).with_for_update())
            mine = (audit.c.act == Act.FEED_TESTED.value) & (audit.c.admin_id == by.admin_id)
            lately = select(func.count()).where(mine, audit.c.at > now - SPAN)
            if connection.execute(lately).scalar_one() >= TESTS:
                return False
            mark_down(connection, Mark(now, by, Act.FEED_TESTED, f"feed:{feed_id}"))
            return True

        return self._db.write(work)

    def _marked(self, act: Callable[[Connection], bool], mark: Mark) -> bool:
        def work(connection: Connection) -> bool:
            done = act(connection)
            if done:
                mark_down(connection, mark)
            return done

        return self._db.write(work)
