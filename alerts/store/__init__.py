"""The store: the only place that speaks SQL. Values go in and come out; rows never leave.

Every method is one transaction and safe to repeat. Times are aware; ``now`` is always the caller's.
Faults of the database are StoreError and say what to do.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from alerts.domain.errors import StoreError
from alerts.store import files, schema
from alerts.store.acts import Acts
from alerts.store.admins import Admins
from alerts.store.ahead import Ahead
from alerts.store.audit import Audit
from alerts.store.calendars import Calendars
from alerts.store.database import UPGRADE, Database, connect
from alerts.store.dead import Dead, DeadAddresses
from alerts.store.deliveries import Deliveries
from alerts.store.desk import Desk, Waiting
from alerts.store.digests import Digests
from alerts.store.erasure import Erasure
from alerts.store.events import Events
from alerts.store.feeds import Feeds
from alerts.store.files import restore
from alerts.store.hosts import host_of
from alerts.store.hub_news import HubNews
from alerts.store.intents import Intent
from alerts.store.items import Items
from alerts.store.ledger import Ledger, address_hash
from alerts.store.mailed import Mailed, MailedQuery
from alerts.store.matches import Matches
from alerts.store.matters import Matters, Rules, Wish
from alerts.store.outages import Batch, Outages
from alerts.store.posts import NewPost, Posts
from alerts.store.providers import Providers
from alerts.store.push import Push
from alerts.store.readers import ReaderLine, Readers
from alerts.store.requests import Requests
from alerts.store.returns import Returns
from alerts.store.search import Search
from alerts.store.sessions import Opening, Sessions
from alerts.store.status import Status
from alerts.store.subscribers import Subscribers
from alerts.store.tries import Tries
from alerts.store.views import AttemptView, Daemon, LedgerLine, MatchedBatch, PollView

__all__ = [
    "AttemptView",
    "Batch",
    "Daemon",
    "Dead",
    "Intent",
    "LedgerLine",
    "MailedQuery",
    "MatchedBatch",
    "NewPost",
    "Opening",
    "PollView",
    "ReaderLine",
    "Rules",
    "Store",
    "Waiting",
    "Wish",
    "address_hash",
    "host_of",
    "restore",
]


def _public_id() -> str:
    """Return 80 random bits in words that a link can carry."""
    return secrets.token_hex(10)


def _key() -> str:
    """Return 32 random bytes in letters of an address: a callback, or a secret (WebSub: under 200 bytes)."""
    return secrets.token_urlsafe(32)


class Store:
    """An open database; its attributes hold the operations by subject."""

    def __init__(
        self, database: Database, new_id: Callable[[], str] = _public_id, new_key: Callable[[], str] = _key
    ) -> None:
        self._db = database
        self.feeds = Feeds(database)
        self.ahead = Ahead(database)
        self.events = Events(database)
        self.items = Items(database)
        self.search = Search(database)
        self.calendars = Calendars(database)
        self.desk = Desk(database)
        self.subscribers = Subscribers(database, new_id)
        self.matches = Matches(database)
        self.matters = Matters(database)
        self.digests = Digests(database)
        self.deliveries = Deliveries(database)
        self.providers = Providers(database)
        self.posts = Posts(database, new_id)
        self.ledger = Ledger(database)
        self.outages = Outages(database)
        self.readers = Readers(database)
        self.erasure = Erasure(database, new_key)
        self.requests = Requests(database, new_key)
        self.returns = Returns(database)
        self.dead = DeadAddresses(database)
        self.status = Status(database)
        self.hub_news = HubNews(database)
        self.push = Push(database, new_key)
        self.admins = Admins(database)
        self.sessions = Sessions(database)
        self.tries = Tries(database)
        self.audit = Audit(database)
        self.mailed = Mailed(database)
        self.acts = Acts(database)

    @classmethod
    def open(cls, url: str, *, read_only: bool = False) -> "Store":
        """Return the store at a SQLAlchemy address; nothing is asked of the database yet. With ``read_only`` nothing can be changed.

        Raises:
            StoreError: the address cannot be used.
        """
        return cls(connect(url, read_only=read_only))

    @property
    def is_sqlite(self) -> bool:
        """Return whether one process at a time may be the daemon of this store."""
        return self._db.is_sqlite

    @property
    def is_shared(self) -> bool:
        """Return whether other processes can read what this one stores: all but a database in memory."""
        return not self.is_sqlite or self._db.path is not None

    def migrate(self) -> None:
        """Create the tables or bring them up to this program.

        Raises:
            StoreError: the tables belong to a newer program, or the database cannot be reached.
        """
        self._db.write(schema.upgrade)

    def schema(self) -> tuple[str | None, str]:
        """Return the version of the tables, None when there are none, and the version that is needed."""
        return self._db.read(schema.versions)

    def check_schema(self) -> None:
        """Raise StoreError, with what to do, unless the tables are of the version that is needed."""
        current, head = self.schema()
        schema.refuse_newer(current, head)
        if current != head:
            raise StoreError(f"the tables are of version {current or 'none'}, {head} is needed: {UPGRADE}")

    def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        self._db.read(lambda connection: connection.execute(text("SELECT 1")))

    def close(self) -> None:
        """Let go of all connections; a later call opens new ones."""
        self._db.close()

    def backup(self, path: Path) -> None:
        """Write a consistent copy of a SQLite database that may be in use.

        Raises:
            StoreError: the copy could not be written; or this is PostgreSQL, which has pg_dump.
        """
        if self._db.path is None:
            advice = "there is no file in memory" if self.is_sqlite else "use pg_dump for PostgreSQL"
            raise StoreError(f"only a SQLite file can be copied: {advice}")
        self.ping()
        files.copy_sqlite(self._db.path, Path(path))

    @contextmanager
    def hold_lock(self) -> Iterator[None]:
        """Keep every other daemon off this SQLite file while the context lasts; PostgreSQL needs no lock.

        Raises:
            StoreError: another daemon holds it.
        """
        if self._db.path is None:
            yield
            return
        with files.exclusive(self._db.path):
            yield
