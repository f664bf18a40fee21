"""Answers that are taken whole from an application, and sent whole."""

from typing import NamedTuple, TypeAlias

from starlette.types import Message, Send

Raw: TypeAlias = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    headers: Raw
    body: bytes


class Taken:
    """Takes what an application sends."""

    def __init__(self) -> None:
        self._sent: list[Message] = []

    async def __call__(self, message: Message) -> None:
        """Take one message."""
        self._sent.append(message)

    @property
    def begun(self) -> bool:
        """Return whether anything was sent."""
        return bool(self._sent)

    def answer(self) -> Answer:
        """Return all of it as one answer."""
        body = b"".join(message.get("body", b"") for message in self._sent[1:])
        return Answer(self._sent[0]["status"], list(self._sent[0]["headers"]), body)


async def nothing() -> Message:
    """Return the body of a request that has none."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def send_whole(answer: Answer, send: Send, *, without_body: bool) -> None:
    """Send an answer; ``without_body``: only its head was asked for."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if without_body else answer.body})
