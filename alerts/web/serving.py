"""Runs an application on a listener of its own inside the caller's event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from anyio import to_thread
from starlette.types import ASGIApp

from alerts.domain.errors import InputError

MOST_CONNECTIONS = 500
THREADS = 5  # that make pages: more would only take the processor from each other and from the loop
GRACE = 5  # seconds for answers under way when the service stops
_LOOK = 0.01  # seconds


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process: it stops the listeners in its own order."""
        yield


@asynccontextmanager
async def listening(app: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Yield the address under which ``app`` answers; port 0 takes a free one. It is closed behind the caller.

    Raises:
        InputError: the address cannot be bound.
    """
    bound = _bound(host, port)
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    server = _Server(_config(app))
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started and not task.done():
            await asyncio.sleep(_LOOK)
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        bound.close()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise InputError(f"{host}:{port} cannot be listened on ({error.strerror or error}).") from error


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,  # an address can hold a token
        log_config=None,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=MOST_CONNECTIONS,
    )
