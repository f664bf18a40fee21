"""The process that reads hostile documents: no network, no writing, no other program, little memory and time.

Run as ``python -m alerts.parse.worker CPU_SECONDS MEMORY_BYTES`` by :class:`alerts.parse.pool.ParserPool` and by
nobody else. It answers each question on standard input with one frame on standard output, and ends when its
input does. Fences: resource limits of the kernel, and an audit hook (PEP 578), which no Python code
can take off again. Both are set after the readers' libraries are loaded.
"""

import math
import os
import resource
import sys
from typing import BinaryIO

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse import parse_here
from alerts.parse.wire import LENGTH, MAX_FRAME, pack_answer, pack_error, unpack_question

READY = b"R"
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
              "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate", "os.kill",
              "ctypes.", "shutil.", "ftplib.", "smtplib.", "urllib.Request", "http.client", "webbrowser.", "pty.")  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class FenceError(RuntimeError):
    """The process tried what no reader needs."""


def main() -> None:
    """Answer questions until standard input ends."""
    cpu_seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _load_readers()
    _limit(memory)
    sys.addaudithook(_refuse)
    answers.write(READY)
    answers.flush()
    while (head := _frame(questions)) is not None:
        body = _frame(questions) or b""
        _allow_cpu(cpu_seconds)
        answers.write(_answer(head, body))
        answers.flush()


def _load_readers() -> None:
    """Import what readers use before the fence closes; codecs and the like may still be read from disk later."""
    import encodings.gb18030
    import encodings.idna  # noqa: F401 - loaded for later

    import alerts.parse.api
    import alerts.parse.feed
    import alerts.parse.page  # noqa: F401 - loaded for later


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu(seconds: int) -> None:
    """Let this document use ``seconds`` more of CPU time; the kernel ends the process after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise FenceError(f"a reader may not use {event}")
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (
            isinstance(flags, int) and flags & _WRITING
        ):
            raise FenceError("a reader may not write files")


def _frame(questions: BinaryIO) -> bytes | None:
    """Return the next frame, or None when the parent has closed the pipe."""
    prefix = questions.read(LENGTH.size)
    if len(prefix) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(prefix)
    if length > MAX_FRAME:
        return None
    frame = questions.read(length)
    return frame if len(frame) == length else None


def _answer(head: bytes, body: bytes) -> bytes:
    document, feed = unpack_question(head, body)
    try:
        return pack_answer(parse_here(document, feed))
    except ParseError as refusal:
        return pack_error(refusal)
    except MemoryError:
        return pack_error(ParseError(Outcome.HOSTILE, "the document needs more memory than a reader may use"))
    except RecursionError:
        return pack_error(ParseError(Outcome.HOSTILE, "the document is nested too deeply"))


if __name__ == "__main__":
    main()
