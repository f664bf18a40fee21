"""Settings → the real parts: the only place that makes a real clock, a network client, channels and a store."""

import contextlib
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from alerts import catalogue, classify, directory, workdays
from alerts.deliver import CHANNELS, Outlet, Sealing, Vault, Ways, parse_mail_url, return_path_of, sender_of
from alerts.deliver.dkim import Signer, SigningKey
from alerts.deliver.dkim_keys import read_key
from alerts.domain.digests import Links
from alerts.domain.errors import InputError
from alerts.domain.feeds import Feed
from alerts.domain.people import Endpoint
from alerts.domain.ports import Channel, Clock, Fetcher, Hubs, Parser
from alerts.domain.push import OwnHub
from alerts.domain.requests import Request
from alerts.domain.return_path import ReturnPath
from alerts.domain.tokens import Tokens
from alerts.domain.vocabulary import ChannelKind, Language
from alerts.fetch import HttpFetcher, HubAsker
from alerts.flow.admins import Gate
from alerts.flow.endpoints import Means
from alerts.flow.service import Service, WatchedCatalogue
from alerts.flow.surroundings import HeedingFetcher, Surroundings
from alerts.flow.watching import Watching
from alerts.net import Client, user_agent
from alerts.parse import ParserPool
from alerts.passwords import Passwords
from alerts.render import Renderer
from alerts.settings import Settings, secret_key
from alerts.store import Store


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: a round rehearsed at a chosen instant (``--at``)."""

    at: datetime

    def now(self) -> datetime:
        """Return the chosen instant, UTC."""
        return self.at


def public_url(settings: Settings) -> str:
    """Return the address readers use: the configured one, else the listener's own."""
    return settings.public_url or f"http://{settings.listen}"


def tokens(settings: Settings) -> Tokens:
    """Return the maker and reader of links in mails."""
    return Tokens((secret_key(settings),))


def open_store(settings: Settings, *, read_only: bool = False) -> Store:
    """Return the store of this deployment, not yet migrated.

    Raises:
        StoreError: the database cannot be reached.
    """
    return Store.open(settings.database_url, read_only=read_only)


def read_catalogue(settings: Settings) -> catalogue.Catalogue:
    """Return the catalogue.

    Raises:
        CatalogueError: every fault of feeds.yaml.
    """
    return catalogue.read(settings.feeds, credentials=settings.credentials)


def watched(settings: Settings) -> WatchedCatalogue:
    """Return the catalogue as the daemon sees it: what its files look like, and how to read them."""

    def look() -> object:
        return [(path, stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in _stats(settings.feeds)]

    return WatchedCatalogue(
        look, lambda: read_catalogue(settings), lambda feeds: make_renderer(settings, feeds)
    )


def _stats(paths: Iterable[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    for path in (file for given in paths for file in catalogue.files_of(given)):
        with contextlib.suppress(OSError):  # being replaced at this moment
            yield path, path.stat()


def make_client(settings: Settings) -> Client:
    """Return the one door out, under our own name."""
    return Client(user_agent(settings.public_url or None, settings.operator_contact))


def make_fetcher(settings: Settings, client: Client, clock: Clock) -> HttpFetcher:
    """Return the fetcher; it tells every source whom to write to."""
    return HttpFetcher(client, clock, settings.operator_contact, settings.public_url or None)


def make_hubs(settings: Settings, client: Client, clock: Clock) -> Hubs | None:
    """Return what asks hubs for subscriptions, or None without a public address under which they could call."""
    site = settings.public_url
    return HubAsker(client, clock, lambda key: f"{site}/push/{key}") if site else None


def make_renderer(settings: Settings, feeds: Mapping[str, Feed]) -> Renderer:
    """Return the renderer: the operator's templates before the shipped ones, feeds named as feeds.yaml names them."""

    def feed_name(feed_id: str, language: Language) -> str | None:
        feed = feeds.get(feed_id)
        return feed.name.get(language) if feed else None

    stations = directory.watched(settings.stations)
    return Renderer(settings.templates, settings.operator_contact or "", feed_name, stations)


def make_channels(settings: Settings, client: Client) -> Mapping[ChannelKind, Channel]:
    """Return a channel of each kind; what is posted goes through ``client``.

    Raises:
        InputError: ALERTS_MAIL, ALERTS_MAIL_FROM, ALERTS_RETURN_PATH or ALERTS_DKIM cannot be used; one sentence.
    """
    mail = parse_mail_url(settings.mail, settings.mail_password)
    sender = replace(sender_of(settings.mail_from), returns=return_path(settings), signer=signer(settings))
    # What is posted is signed with the time of the machine, also in a rehearsed round: the other side compares.
    outlet = Outlet(client, vault(settings), RealClock(), settings.private_hosts)
    ways = Ways(mail, sender, outlet)
    return {kind: make(ways) for kind, make in CHANNELS.items()}


def vault(settings: Settings) -> Vault:
    """Return what seals the addresses and secrets of endpoints."""
    return Vault(secret_key(settings))


def make_gate(settings: Settings, store: Store) -> Gate:
    """Return what admins log in by."""
    return Gate(store, Passwords(), Sealing(secret_key(settings), b"alerts/admins/1"), secrets.token_bytes)


def return_path(settings: Settings) -> ReturnPath:
    """Return where mails come back to: an address of its own for each delivery, or the sender's.

    Raises:
        InputError: ALERTS_RETURN_PATH cannot be used; one sentence.
    """
    address = settings.return_path or settings.mail_from
    return return_path_of(address, (secret_key(settings),), tagged=settings.return_path is not None)


def signer(settings: Settings) -> Signer | None:
    """Return who signs mails, or None where nobody does.

    Raises:
        InputError: a key of ALERTS_DKIM cannot be used; one sentence.
    """
    keys = [signing_key(*one) for one in settings.dkim]
    return Signer(keys) if keys else None


def signing_key(selector: str, domain: str, file: Path) -> SigningKey:
    """Return the key of ``domain`` that a file holds.

    Raises:
        InputError: it cannot be read, or cannot sign; one sentence.
    """
    try:
        return read_key(selector, domain, file.read_bytes())
    except OSError as error:
        raise InputError(f"ALERTS_DKIM: {file}: {error.strerror or error}.") from error
    except InputError as error:
        raise InputError(f"ALERTS_DKIM: {file}: {error}") from error


def operator_address(settings: Settings) -> str | None:
    """Return where alarms go: the operator's contact if it is a mail address."""
    contact = (settings.operator_contact or "").removeprefix("mailto:")
    try:
        return sender_of(contact).address if contact else None
    except InputError:
        return None


def worker_name() -> str:
    """Return who holds a claim: host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@asynccontextmanager
async def collecting(settings: Settings) -> AsyncIterator[tuple[Fetcher, Parser, Clock]]:
    """Yield what asks and reads a source, without a store."""
    client, parser, clock = make_client(settings), ParserPool(), RealClock()
    try:
        yield make_fetcher(settings, client, clock), parser, clock
    finally:
        await parser.close()
        await client.close()


@asynccontextmanager
async def service(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Service]:
    """Yield the service with a migrated store that knows the catalogue; everything is closed behind it."""
    feeds = read_catalogue(settings)
    store = open_store(settings)
    clock = clock or RealClock()
    client, parser = make_client(settings), ParserPool()
    lines = make_channels(settings, client)
    by_id = {feed.id: feed for feed in feeds.feeds}
    surroundings = Surroundings(times=isinstance(clock, RealClock))
    try:
        store.migrate()
        store.feeds.sync(feeds.feeds, clock.now())
        store.push.sync(feeds.feeds, clock.now())
        yield Service(
            store=store,
            feeds=by_id,
            fetcher=HeedingFetcher(make_fetcher(settings, client, clock), surroundings, clock),
            surroundings=surroundings,
            parser=parser,
            lexicons=classify.load(settings.terms, workdays),
            renderer=make_renderer(settings, by_id),
            channels=lines,
            clock=clock,
            jitter=random.SystemRandom().random,
            links=make_links(settings),
            request_link=make_request_link(settings),
            worker=worker_name(),
            vault=vault(settings),
            sender_domain=sender_of(settings.mail_from).domain,
            watching=Watching(store, index_file(settings), settings.database_url),
            operator=operator_address(settings),
            sign_ups=settings.sign_ups,
            operator_language=settings.operator_language,
            hubs=make_hubs(settings, client, clock),
            hub=OwnHub(settings.hub, settings.public_url, settings.private_hosts) if settings.hub else None,
        )
    finally:
        for channel in lines.values():
            await channel.close()
        await parser.close()
        await client.close()
        store.close()


@asynccontextmanager
async def posting(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Means]:
    """Yield what endpoints are entered and tried with: a migrated store and channels, without sources."""
    store, client = open_store(settings), make_client(settings)
    lines = make_channels(settings, client)
    try:
        store.migrate()
        renderer, links = make_renderer(settings, {}), make_links(settings)
        yield Means(store, vault(settings), lines, renderer, clock or RealClock(), links)
    finally:
        for channel in lines.values():
            await channel.close()
        await client.close()
        store.close()


def index_file(settings: Settings) -> Path | None:
    """Return where the index of watches is saved; None where the database is in memory."""
    lasting = settings.database_url not in ("sqlite://", "sqlite:///:memory:")
    return settings.data_dir / "watches.index" if lasting else None


def make_links(settings: Settings) -> Callable[[Endpoint], Links]:
    """Return what gives an endpoint the addresses that its mails carry."""
    site, signed = public_url(settings), tokens(settings)

    def links(endpoint: Endpoint) -> Links:
        return Links(
            f"{site}/u/{signed.unsubscribe(endpoint.public_id)}", f"{site}/manage", f"{site}/items", site
        )

    return links


def make_request_link(settings: Settings) -> Callable[[Request], str]:
    """Return what gives a request the address that its mail carries."""
    site, signed = public_url(settings), tokens(settings)
    return lambda request: f"{site}/{request.door}/{signed.request(request.public_id)}"
