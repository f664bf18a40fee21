"""Daemons as processes of their own that come up at once: each is forked from a server that has imported what a daemon needs.

A process that is begun anew takes seconds for its imports alone. What is forked is a process like any other: it is sent signals, killed and
waited for; its standard streams go to a log.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["alerts.cli.app", "alerts.cli.service", "alerts.wiring", "alerts.daemon", "alerts.flow.round", "alerts.web", "alerts.intake"]
)  # fmt: skip


class Forked:
    """A command that runs in a forked process; asked and told as a ``subprocess.Popen`` is."""

    def __init__(
        self, folder: Path, environ: Mapping[str, str], arguments: tuple[str, ...], log: Path
    ) -> None:
        self._process: ForkServerProcess = _SERVER.Process(
            target=_command, args=(folder, dict(environ), arguments, log), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Return the exit code once it has ended.

        Raises:
            TimeoutError: it still runs after ``timeout`` seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"still running after {timeout:g} s")
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _command(folder: Path, environ: dict[str, str], arguments: tuple[str, ...], log: Path) -> None:
    """Become the command ``alerts`` with these arguments."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.argv = ["alerts", *arguments]
    from alerts.__main__ import main

    main()
