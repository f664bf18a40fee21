"""Endpoints that are posted to: entered, verified, mended, ended; and what is due to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Update, and_, delete, func, or_, select, update

from alerts.domain.digests import DeliveryClaim
from alerts.domain.errors import InputError
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.posts import PostState, Shut, address_key, shown
from alerts.domain.vocabulary import MAY_GO_AGAIN, ChannelKind, DeliveryState, Language
from alerts.store.database import Database
from alerts.store.leaving import leave
from alerts.store.ledger import Event, normal_address, record
from alerts.store.outbox import Wish, begin, take_named
from alerts.store.owed import reachable
from alerts.store.people import endpoint_value
from alerts.store.posted import POSTED, next_turn, take_turns
from alerts.store.statements import AnyRow, count_up, fetch, upsert
from alerts.store.tables import contact, delivery, digest, endpoint, post
from alerts.store.wordings import Wordings

LEASE = timedelta(seconds=60)
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewPost:
    """An endpoint as it is entered: whose, by which channel, when, in which language; ``sealed`` holds address and secrets."""

    contact_id: int
    channel: ChannelKind
    url: str
    sealed: str
    schedule: Schedule
    language: Language


class Posts:
    """Webhooks and chat bots."""

    def __init__(self, database: Database, new_id: Callable[[], str]) -> None:
        self._db = database
        self._new_id = new_id
        self._wordings = Wordings()

    def add(self, wish: NewPost, now: datetime) -> Endpoint:
        """Return the endpoint, which is told nothing before it is verified.

        Raises:
            InputError: somebody is told at this address already; one sentence.
        """
        return self._db.write(lambda connection: _add(connection, wish, self._new_id(), now))

    def find(self, endpoint_id: int) -> tuple[Endpoint, PostState] | None:
        """Return an endpoint that is posted to, and how it stands."""
        found = self.named([endpoint_id])
        return found[0] if found else None

    def named(self, endpoint_ids: Sequence[int]) -> list[tuple[Endpoint, PostState]]:
        """Return those of the endpoints that are posted to, in the order of their numbers."""
        return self._db.read(lambda connection: _find(connection, endpoint_ids))

    def all(self) -> list[tuple[Endpoint, PostState]]:
        """Return all endpoints that are posted to."""
        return self._db.read(lambda connection: _find(connection, None))

    def reseal(self, endpoint_id: int, sealed: str, now: datetime) -> None:
        """Keep other secrets for an endpoint."""

        def work(connection: Connection) -> None:
            connection.execute(_here(endpoint_id).values(sealed=sealed))
            record(connection, Event(now, "endpoint-resealed", f"endpoint:{endpoint_id}", {}))

        self._db.write(work)

    def verified(self, endpoint_id: int, now: datetime, next_digest_at: datetime | None) -> int:
        """Return how many messages go on their way now that the endpoint has proved itself, for the first time or again."""
        return self._db.write(lambda connection: _verified(connection, endpoint_id, now, next_digest_at))

    def remove(self, endpoint_id: int, now: datetime) -> bool:
        """Return whether there was such an endpoint; its address and secrets are forgotten, what waits is cancelled."""
        return self._db.write(lambda connection: _remove(connection, endpoint_id, "operator", now))

    def shut(self, *, untold: bool = False) -> list[tuple[Endpoint, PostState]]:
        """Return the endpoints that are shut; ``untold``: only those whose people have not been told."""
        wanted = select(post.c.endpoint_id).where(post.c.shut_at.is_not(None))
        ids = wanted.where(post.c.told_at.is_(None)) if untold else wanted
        return self._db.read(lambda connection: _find(connection, list(connection.execute(ids).scalars())))

    def readers(self, endpoint_id: int) -> list[Endpoint]:
        """Return where the same contact is mailed; where it is not, where its colleagues are."""
        return self._db.read(lambda connection: _readers(connection, endpoint_id))

    def told(self, endpoint_id: int, now: datetime) -> None:
        """Write down that people were told that the endpoint is shut."""
        self._db.write(lambda connection: connection.execute(_here(endpoint_id).values(told_at=now)))

    def end_forgotten(self, before: datetime, now: datetime) -> int:
        """Return how many were ended that nobody mended, verified or wanted since an instant; their secrets are forgotten."""
        unproved = and_(post.c.verified_at.is_(None), endpoint.c.created_at < before)
        old = select(post.c.endpoint_id).join(endpoint, endpoint.c.id == post.c.endpoint_id)
        old = old.where(or_(post.c.shut_at < before, endpoint.c.left_at < before, unproved))

        def work(connection: Connection) -> int:
            ids = list(connection.execute(old.order_by(post.c.endpoint_id)).scalars())
            return sum(_remove(connection, each, "forgotten", now) for each in ids)

        return self._db.write(work)

    def begin(
        self, worker: str, now: datetime, limit: int, gaps: Mapping[ChannelKind, timedelta]
    ) -> list[DeliveryClaim]:
        """Return claims on what is due, one for each endpoint whose turn it is, with their attempts on record.

        ``gaps``: how long after it each endpoint's next turn is, by its channel.
        """
        wish = Wish(now, worker, now + LEASE, urgent_only=False)

        def work(connection: Connection) -> list[DeliveryClaim]:
            claims: list[DeliveryClaim] = []
            while not claims and (first := take_turns(connection, now, limit, gaps)):
                # None: nobody wants them any more.
                claims = take_named(connection, wish, first, self._wordings)
            begin(connection, claims, wish)
            return claims

        return self._db.write(work)

    def next_turn(self, now: datetime) -> datetime | None:
        """Return when the next endpoint for which something is due may be posted to; None when nothing is due."""
        return self._db.read(lambda connection: next_turn(connection, now))

    def replay(self, endpoint_id: int, since: datetime, until: datetime, now: datetime) -> int:
        """Return how many messages built from ``since`` up to ``until`` go out again, under their own marks and in the same words."""
        return self._db.write(lambda connection: _replay(connection, endpoint_id, (since, until), now))


def _here(endpoint_id: int) -> Update:
    return update(post).where(post.c.endpoint_id == endpoint_id)


def _add(connection: Connection, wish: NewPost, public_id: str, now: datetime) -> Endpoint:
    key, display = address_key(wish.url), shown(wish.url)
    taken = connection.execute(select(post.c.endpoint_id).where(post.c.address_key == key)).scalar()
    if taken is not None:
        raise InputError(f"Endpoint {taken} is told at this address already; remove it first.")
    row = _endpoint_row(wish, public_id, now) | {"address": display, "address_norm": normal_address(display)}
    keys = ("contact_id", "channel", "address_norm")
    same = [endpoint.c[name] == row[name] for name in keys]
    before = connection.execute(select(endpoint.c.id).where(*same)).scalar()
    if before is not None:  # it was removed once
        kept = {name: value for name, value in row.items() if name != "public_id"}
        connection.execute(update(endpoint).where(endpoint.c.id == before).values(kept))
    else:
        upsert(connection, endpoint, row, keys)
    place = endpoint_value(connection.execute(select(endpoint).where(*same)).one())
    unset = dict.fromkeys(("verified_at", "failing_since", "shut_at", "shut", "told_at", "answer"))
    fresh = {
        "endpoint_id": place.id,
        "address_key": key,
        "sealed": wish.sealed,
        "free_at": now,
        "failures": 0,
    }
    upsert(connection, post, unset | fresh, ("endpoint_id",))
    detail = {"contact": wish.contact_id, "channel": wish.channel.value}
    record(connection, Event(now, "endpoint-added", f"endpoint:{place.id}", detail))
    return place


def _endpoint_row(wish: NewPost, public_id: str, now: datetime) -> dict[str, object]:
    plan = wish.schedule
    return {
        "public_id": public_id, "contact_id": wish.contact_id, "channel": wish.channel.value,
        "rhythm": plan.rhythm.value, "at": plan.at, "zone": plan.zone, "weekday": int(plan.weekday),
        "critical_at_once": plan.critical_at_once, "language": wish.language.value,
        "active": False, "next_digest_at": None, "created_at": now, "left_at": None,
    }  # fmt: skip


def _find(connection: Connection, ids: Sequence[int] | None) -> list[tuple[Endpoint, PostState]]:
    waiting = select(func.count()).where(POSTED, delivery.c.endpoint_id == post.c.endpoint_id)
    of_post = [post.c[name].label(f"post_{name}") for name in _STATE]
    columns = [*endpoint.c, *of_post, waiting.scalar_subquery().label("waiting")]
    joined = select(*columns).join_from(endpoint, post, post.c.endpoint_id == endpoint.c.id)
    if ids is not None:
        joined = joined.where(endpoint.c.id.in_(ids))
    return [(endpoint_value(row), _state(row)) for row in fetch(connection, joined.order_by(endpoint.c.id))]


_STATE = ("sealed", "verified_at", "failing_since", "failures", "shut_at", "shut", "answer")


def _state(row: AnyRow) -> PostState:
    found = {name: getattr(row, f"post_{name}") for name in _STATE}
    found |= {"shut": Shut(found["shut"]) if found["shut"] else None, "answer": found["answer"] or ""}
    return PostState(endpoint_id=row.id, waiting=row.waiting, **found)


def _verified(connection: Connection, endpoint_id: int, now: datetime, next_at: datetime | None) -> int:
    clear = {
        "failing_since": None,
        "failures": 0,
        "shut_at": None,
        "shut": None,
        "told_at": None,
        "answer": None,
    }
    connection.execute(_here(endpoint_id).values(verified_at=now, free_at=AT_ONCE, **clear))
    mine = endpoint.c.id == endpoint_id
    asleep = update(endpoint).where(mine, ~endpoint.c.active)
    connection.execute(asleep.values(active=True, left_at=None, next_digest_at=next_at))
    waiting = update(delivery).where(
        POSTED, delivery.c.endpoint_id == endpoint_id, delivery.c.claimed_by.is_(None)
    )
    again = {"due_at": delivery.c.created_at, "failures": 0, "first_attempt_at": None}
    count = connection.execute(waiting.values(again)).rowcount
    count_up(connection, "watches")
    record(connection, Event(now, "endpoint-verified", f"endpoint:{endpoint_id}", {"waiting": count}))
    return count


def _remove(connection: Connection, endpoint_id: int, how: str, now: datetime) -> bool:
    public_id = select(endpoint.c.public_id).join(post, post.c.endpoint_id == endpoint.c.id)
    found = connection.execute(public_id.where(endpoint.c.id == endpoint_id)).scalar()
    if found is None:
        return False
    leave(connection, found, now, how)
    connection.execute(delete(post).where(post.c.endpoint_id == endpoint_id))
    record(connection, Event(now, "endpoint-removed", f"endpoint:{endpoint_id}", {"how": how}))
    return True


def _readers(connection: Connection, endpoint_id: int) -> list[Endpoint]:
    mine = select(endpoint.c.contact_id, contact.c.company_id).join_from(endpoint, contact)
    owner = connection.execute(mine.where(endpoint.c.id == endpoint_id)).one()
    mailed = reachable(select(endpoint)).where(endpoint.c.channel == ChannelKind.EMAIL.value)
    for same in (contact.c.id == owner.contact_id, contact.c.company_id == owner.company_id):
        rows = fetch(connection, mailed.where(same).order_by(endpoint.c.id))
        if rows:
            return [endpoint_value(row) for row in rows]
    return []


def _replay(connection: Connection, endpoint_id: int, span: tuple[datetime, datetime], now: datetime) -> int:
    built = select(digest.c.id).where(
        digest.c.endpoint_id == endpoint_id, digest.c.built_at >= span[0], digest.c.built_at < span[1]
    )
    done = delivery.c.state.in_([state.value for state in MAY_GO_AGAIN]) & delivery.c.claimed_by.is_(None)
    again = {
        "state": DeliveryState.DUE.value, "due_at": now, "done_at": None, "failures": 0, "first_attempt_at": None,
    }  # fmt: skip
    mine = update(delivery).where(
        delivery.c.endpoint_id == endpoint_id, delivery.c.digest_id.in_(built), done
    )
    count = connection.execute(mine.values(again)).rowcount
    detail = {"since": span[0].isoformat(), "until": span[1].isoformat(), "messages": count}
    record(connection, Event(now, "endpoint-replayed", f"endpoint:{endpoint_id}", detail))
    return count
