"""A process of the daemon that makes pages and nothing else: ``python -m alerts.cli.making``, told its settings on standard input."""

import os
import pickle
import sys

from alerts.settings import Settings

COMMAND = (sys.executable, "-P", "-m", "alerts.cli.making")


def told(settings: Settings) -> bytes:
    """Return what such a process is told first."""
    return pickle.dumps(settings)


def main() -> None:
    """Answer until the daemon closes the pipe."""
    from alerts import wiring
    from alerts.cli.collector import collect_seldom
    from alerts.cli.context import log_to_stderr
    from alerts.cli.service import a_site
    from alerts.daemon import leave_in_peace
    from alerts.web import create_reading, serve
    from alerts.web.makers.wire import Feeds, read_frame

    collect_seldom()
    settings = pickle.loads(read_frame(sys.stdin.buffer) or b"")  # noqa: S301 - from our own parent
    log_to_stderr(settings, quiet=False)
    catalogue: list[Feeds] = [{}]
    store = wiring.open_store(settings, read_only=True)
    app = create_reading(a_site(settings, store, lambda: catalogue[0]))
    leave_in_peace()

    def take_over(feeds: Feeds) -> None:
        catalogue[0] = feeds

    serve(app, take_over)
    os._exit(0)  # a database that is closed as the last would be tidied up, which is the daemon's


if __name__ == "__main__":
    main()
