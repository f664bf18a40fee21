"""A bar on the terminal while sources are polled; nothing at all where no person is looking."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.flow.service import Service


@contextmanager
def watched(service: "Service", total: int) -> Iterator["Service"]:
    """Yield the service with a bar on standard error that counts its polls up to ``total``."""
    if not sys.stderr.isatty() or total < 2:
        yield service
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield replace(service, polled=lambda feed_id: bar.update(task, advance=1, description=feed_id))
