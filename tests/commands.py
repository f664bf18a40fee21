"""A command run in the test's own process as it runs in one of its own: its folder, its environment, its streams, its exit code.

A process that comes up takes seconds to import what a command needs, which is more than most commands take. For the same reason documents
are read here and not in a reader's process; stories of hostile documents set ``Deployment.apart``.
"""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from alerts import wiring
from alerts.cli.app import run
from alerts.domain.collected import Document, Parsed
from alerts.domain.feeds import Feed
from alerts.parse import ParserPool, parse_here


class ReaderHere(ParserPool):
    """Reads what is new of a document as the pool does, in this process."""

    async def _ask(self, document: Document, feed: Feed) -> Parsed:
        return parse_here(document, feed)


def command(
    folder: Path, environ: Mapping[str, str], arguments: Sequence[str], stdin: bytes
) -> tuple[int, bytes, bytes]:
    """Return exit code, standard output and standard error of one command; a fault that nobody catches is the test's."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        patch.setattr(os, "environ", dict(environ))
        patch.setattr(wiring, "ParserPool", ReaderHere)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code = run(arguments)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue())  # type: ignore[attr-defined]
    return code, said[0], said[1]
