"""A site that posts to webhooks, and a server of a company that takes what is posted."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

from alerts.deliver import CHANNELS, Outlet, Vault, Ways, parse_mail_url, sender_of
from alerts.domain.digests import Links
from alerts.flow.endpoints import Means
from alerts.net import Client
from alerts.render import Renderer
from alerts.web import Site
from tests.servers import Answer, Seen, SourceServer, source_server
from tests.web.world import World


def echo(seen: Seen) -> Answer:
    """Answer a challenge as a webhook does."""
    data = json.loads(seen.body).get("data", {})
    return Answer(200, json.dumps({"challenge": data.get("challenge", "")}).encode())


@contextmanager
def posting(world: World) -> Iterator[tuple[Site, SourceServer]]:
    """Yield a site of the world that may post to the server alone: ``/hook`` is right, ``/silent`` and ``/secret`` are not."""
    with source_server(
        {"/hook": echo, "/silent": Answer(200, b"ok"), "/secret": Answer(500, b"inner words")}
    ) as server:
        client = Client("test/1")
        vault, hosts = Vault(b"k" * 32), frozenset({f"127.0.0.1:{server.port}"})
        ways = Ways(
            parse_mail_url(f"maildir:{world.path.parent}/out", None),
            sender_of("a@b.example"),
            Outlet(client, vault, world.clock, hosts),
        )
        channels = {kind: make(ways) for kind, make in CHANNELS.items()}
        means = Means(
            world.site.store, vault, channels, Renderer(), world.clock, lambda _: Links("", "", "", "")
        )
        yield replace(world.site, means=lambda: means), server
        closing = Thread(target=lambda: asyncio.run(client.close()))  # a browser's loop may run in this one
        closing.start()
        closing.join()
