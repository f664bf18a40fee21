"""A process that makes pages of a test's world, at the test's noon: ``python -m tests.web.making``, told the database first."""

import os
import sys

from alerts.domain.tokens import Tokens
from alerts.store import Store
from alerts.web import Site, create_reading, serve
from alerts.web.makers.wire import Feeds, read_frame
from tests.clocks import MovedClock


def main() -> None:
    """Answer until the pipe is closed; whoever asks for the page of the world's end, ends it."""
    path = (read_frame(sys.stdin.buffer) or b"").decode()
    feeds: list[Feeds] = [{}]
    store, key = Store.open(f"sqlite:///{path}", read_only=True), Tokens((b"k" * 32,))
    site = Site(store, lambda: feeds[0], key, MovedClock(), "http://localhost", "desk@operator.example")
    app = create_reading(site)
    app.add_api_route("/items/the/end", lambda: os._exit(9), methods=["GET"])
    serve(app, lambda new: feeds.__setitem__(0, new))


if __name__ == "__main__":
    main()
