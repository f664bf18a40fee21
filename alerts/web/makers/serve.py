"""The child's side: one question after the other, until the daemon closes the pipe."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

from starlette.types import ASGIApp, Scope

from alerts.web.makers.wire import Feeds, Question, framed, pack_answer, read_frame, unpack
from alerts.web.whole import Answer, Taken, nothing


def serve(app: ASGIApp, take_over: Callable[[Feeds], None]) -> None:
    """Answer what comes on standard input; ``take_over`` gets the catalogue whenever another one is in force.

    Signals that stop a service reach all its processes at once: this one goes on until the daemon has no more questions.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    answered = _answers()
    answered.write(b"!")  # up
    answered.flush()
    with asyncio.Runner() as runner:
        while (payload := read_frame(sys.stdin.buffer)) is not None:
            told = unpack(payload)
            if not isinstance(told, Question):
                take_over(told)
                continue
            answered.write(framed(pack_answer(runner.run(_answer(app, told)))))
            answered.flush()


def _answers() -> BinaryIO:
    """Return where answers go; what is printed by mistake goes to the log from now on, not between them."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


async def _answer(app: ASGIApp, question: Question) -> Answer:
    taken = Taken()
    try:
        await app(_scope(question), nothing, taken)
    except Exception:  # its page is sent already, and it is logged
        if not taken.begun:
            raise
    return taken.answer()


def _scope(question: Question) -> Scope:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": question.path,
        "raw_path": question.path.encode(), "query_string": question.query, "root_path": "", "headers": question.headers,
        "client": question.client, "server": None,
    }  # fmt: skip
