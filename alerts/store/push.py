"""Subscriptions at hubs: which are wanted, what is due at which hub, what a hub has verified.

Everything that is to be done is computed from rows. A claim moves ``due_at`` two minutes on, which is its lease: a process
that dies in between leaves the request to the next one, and a hub that is asked twice for the same has lost nothing.
The request is on record before it is sent, since hubs may verify before they answer.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, select, update

from alerts.domain.events import EventKind
from alerts.domain.feeds import Feed
from alerts.domain.push import Asking, HubAnswer, Pushed, PushMode
from alerts.store.database import Database
from alerts.store.events import end_events
from alerts.store.hints import hint_feed
from alerts.store.intents import Intent, take_intent
from alerts.store.push_steps import after_answer, next_step
from alerts.store.statements import AnyRow, insert_new
from alerts.store.tables import feed_push, feed_state

BATCH = 20
CLAIMED = timedelta(minutes=2)  # longer than any exchange with a hub
NewKey = Callable[[], str]


class Push:
    """The subscriptions at hubs. ``new_key`` makes what nobody can guess: 32 random bytes in letters of an address."""

    def __init__(self, database: Database, new_key: NewKey) -> None:
        self._db = database
        self._new_key = new_key

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Bring the subscriptions in line with what is configured.

        Of a feed that is new here the whole document is asked once more, since an unchanged answer names no hub.
        """
        wanting = {feed.id: feed.allow_private_networks for feed in feeds if feed.websub and feed.enabled}
        self._db.write(lambda connection: _sync(connection, wanting, now, self._new_key))

    def claim(self, now: datetime, limit: int = BATCH) -> list[Asking]:
        """Return the requests that this process is to send now; nobody else gets them for two minutes."""
        return self._db.write(lambda connection: _claim(connection, now, limit, self._new_key))

    def finish(self, asking: Asking, answer: HubAnswer, now: datetime) -> None:
        """Write down what a hub answered, unless it has verified, or was asked by somebody else, meanwhile."""
        mine = (feed_push.c.key == asking.key) & (feed_push.c.asked_at == asking.asked_at)
        values = after_answer(asking, answer, now)
        statement = update(feed_push).where(mine, feed_push.c.mode == asking.mode.value).values(values)
        self._db.write(lambda connection: connection.execute(statement))

    def intend(self, key: str, intent: Intent, now: datetime) -> bool:
        """Return whether a hub's question is about what it was asked for; its answer is then on record."""
        return self._db.write(lambda connection: take_intent(connection, key, intent, now))

    def hint(self, key: str, now: datetime) -> bool:
        """Return whether a push made, or found, its feed due: as soon as may be, never later than it was."""
        return self._db.write(lambda connection: hint_feed(connection, key, now))

    def refuse(self, key: str) -> None:
        """Count something that came without a good seal."""
        one_more = update(feed_push).where(feed_push.c.key == key).values(refused=feed_push.c.refused + 1)
        self._db.write(lambda connection: connection.execute(one_more))

    def find(self, key: str) -> Pushed | None:
        """Return the subscription whose callback has this key."""
        statement = select(feed_push).where(feed_push.c.key == key)
        row = self._db.read(lambda connection: connection.execute(statement).first())
        return None if row is None else _pushed(row)

    def all(self) -> list[Pushed]:
        """Return every subscription, by feed, the wanted one first."""
        ordered = select(feed_push).order_by(feed_push.c.feed_id, feed_push.c.wanted.desc(), feed_push.c.key)
        return self._db.read(lambda connection: [_pushed(row) for row in connection.execute(ordered)])


def _sync(connection: Connection, wanting: Mapping[str, bool], now: datetime, new_key: NewKey) -> None:
    wanted = select(feed_push).where(feed_push.c.wanted).with_for_update()
    have = {row.feed_id: row for row in connection.execute(wanted)}
    for feed_id, row in sorted(have.items()):
        if feed_id not in wanting:
            _give_up(connection, row, now)
        elif row.private != wanting[feed_id]:
            here = feed_push.c.key == row.key
            connection.execute(update(feed_push).where(here).values(private=wanting[feed_id]))
    new = sorted(wanting.keys() - have.keys())
    rows = [_new_row(feed_id, now, new_key) | {"private": wanting[feed_id]} for feed_id in new]
    insert_new(connection, feed_push, rows)
    forgotten = dict.fromkeys(("etag", "last_modified", "body_hash"))
    for feed_id in new:
        connection.execute(update(feed_state).where(feed_state.c.feed_id == feed_id).values(forgotten))


def _give_up(connection: Connection, row: AnyRow, now: datetime) -> None:
    """Leave the hub in an orderly way if it has ever verified; else nothing there waits for it."""
    end_events(connection, row.feed_id, (EventKind.PUSH,), now)
    here = feed_push.c.key == row.key
    if row.hub is None or row.verified_at is None:
        connection.execute(delete(feed_push).where(here))
        return
    left = {"wanted": False, "due_at": now, "mode": None, "attempts": 0, "detail": None, "hinted_at": None}
    connection.execute(update(feed_push).where(here).values(left))


def _new_row(feed_id: str, now: datetime, new_key: NewKey) -> dict[str, object]:
    counted = dict.fromkeys(("attempts", "hits", "misses", "unannounced", "refused"), 0)
    said = {"key": new_key(), "secret": new_key(), "feed_id": feed_id, "wanted": True, "created_at": now}
    empty = {column.name: None for column in feed_push.c}
    return empty | counted | said | {"looked": False}


def _claim(connection: Connection, now: datetime, limit: int, new_key: NewKey) -> list[Asking]:
    due = and_(feed_push.c.due_at.is_not(None), feed_push.c.due_at <= now)
    rows = select(feed_push).where(due).order_by(feed_push.c.due_at).limit(limit)
    askings, parted = [], False
    for row in connection.execute(rows.with_for_update(skip_locked=True)).all():
        step = next_step(row, now)
        here = feed_push.c.key == row.key
        if step.gone:
            connection.execute(delete(feed_push).where(here))
            continue
        if step.parted:
            _give_up(connection, row, now)
            other = _new_row(row.feed_id, now, new_key) | {"private": row.private} | step.values
            insert_new(connection, feed_push, [other])
            parted = True
            continue
        renamed = {"key": new_key(), "secret": new_key()} if step.renamed else {}
        asked = {"due_at": now + CLAIMED} if step.mode else {}
        changes = step.values | renamed | asked
        connection.execute(update(feed_push).where(here).values(changes))
        if step.mode:
            askings.append(_asking(row, step.mode, changes, now))
    return askings + (_claim(connection, now, limit, new_key) if parted else [])  # both halves are due


def _asking(row: AnyRow, mode: PushMode, changes: dict[str, object], now: datetime) -> Asking:
    values = {name: changes.get(name, getattr(row, name)) for name in ("key", "hub", "topic", "secret")}
    texts = {name: str(value) for name, value in values.items()}
    return Asking(
        feed_id=row.feed_id, mode=mode, asked_at=now, attempt=row.attempts + 1, private=row.private, **texts
    )


def _pushed(row: AnyRow) -> Pushed:
    columns = Pushed.__slots__
    values = {name: getattr(row, name) for name in columns}
    return Pushed(**values | {"mode": PushMode(row.mode) if row.mode else None})
