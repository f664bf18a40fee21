"""One connection to a relay that carries message after message.

Where the relay announces PIPELINING (RFC 2920), MAIL, RCPT and DATA leave in one write, and the next message's envelope
right behind a text: one round trip a message instead of four. A text never leaves ahead of its own DATA's answer, so at
most one message of a connection can be in doubt when it breaks. Other relays are spoken to step by step.

Source: RFC 2920 section 3.1: DATA ends a group of commands; a text may be followed by the next group.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from alerts.deliver.conversation import Conversation, LostError, Reply
from alerts.deliver.mail_url import SmtpSettings
from alerts.deliver.verdict import Ended

CLOSING = 421
GO_ON = 354
STAGES = ("mail", "rcpt", "data")
CALLED_OFF = Ended("rcpt", None, "called off before the text was sent")

MaySend = Callable[[], Awaitable[bool]]


@dataclass(slots=True, eq=False)
class Job:
    """A message that is ready: ``content`` is RFC 5322 text, ``opening`` gives MAIL and RCPT for a relay's extensions.

    ``ended`` becomes how it went, or None when it was called off right before the text.
    """

    opening: Callable[[frozenset[str]], tuple[bytes, bytes] | Ended]
    content: bytes
    may_transmit: MaySend
    provider: str = ""  # who receives mail for its reader
    ended: asyncio.Future[Ended | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    stage: str = "connect"
    commands: tuple[bytes, ...] = ()  # MAIL, RCPT and DATA for the connection that it stands on
    said: bool = False  # they were written
    again: bool = False  # it was moved from a connection that had gone stale

    def end(self, ended: Ended | None) -> None:
        """Tell whoever waits."""
        if not self.ended.done():
            self.ended.set_result(ended)


class Line:
    """A connection, made when the first message comes. ``following`` gives the next job that waits, or None."""

    def __init__(self, settings: SmtpSettings, following: Callable[[], Job | None]) -> None:
        self._settings = settings
        self._following = following
        self._talk: Conversation | None = None
        self._extensions: frozenset[str] = frozenset()
        self._carried = 0

    async def carry(self, job: Job) -> None:
        """Transmit ``job`` and what waits behind it; each ends with its own outcome."""
        current: Job | None = job
        while current is not None:
            following = None
            try:
                following = await self._one(current)
            except BaseException as fault:
                self.drop()
                if not current.ended.done():
                    current.ended.set_exception(
                        fault if isinstance(fault, Exception) else LostError("stopped")
                    )
                if not isinstance(fault, Exception):
                    raise
            current = following

    async def quit(self) -> None:
        """Say goodbye, if there is anybody."""
        if self._talk is not None and self._talk.alive:
            await self._talk.quit(1.0)
        self.drop()

    def drop(self) -> None:
        """Let go of the connection."""
        if self._talk is not None:
            self._talk.close()
        self._talk = None

    async def _one(self, job: Job) -> Job | None:
        """Carry one message; return the next one whose envelope has left already, or that has to begin anew."""
        talk = await self._open(job)
        if talk is None:
            return None
        used, next_job = self._carried > 0, None
        try:
            refused = await self._envelope(talk, job)
            if refused is not None:
                return await self._refused(talk, job, refused, used)
            if self._together and not await _wanted(job):
                self.drop()  # after DATA only a closed connection leaves the text unsaid
                job.end(None)
                return None
            next_job = self._text(talk, job)
            answer = await talk.reply(self._settings.timeouts.data)
            self._carried += 1
            job.end(Ended("done", 250, answer.words) if answer.code // 100 == 2 else _told("text", answer))
            if answer.code == CLOSING:
                raise LostError(answer.words)
        except LostError as lost:
            self.drop()
            if next_job is not None:
                next_job.said = False
            if not job.ended.done() and used and job.stage == "mail" and not job.again:
                return _anew(job)
            job.end(Ended(job.stage, None, str(lost)))
        return next_job

    async def _open(self, job: Job) -> Conversation | None:
        """Return the connection; None when there is none or the job cannot go over it, which ends the job."""
        if self._talk is not None and (not self._talk.alive or (self._talk.unread and not job.said)):
            self.drop()
        if self._talk is None:
            job.said = False
            try:
                self._talk = await self._connect()
            except (SMTPException, OSError, ValueError) as fault:
                job.end(Ended("connect", _code(fault), _said(fault)))
                return None
        return self._talk if job.said or self._prepared(job) else None

    def _prepared(self, job: Job) -> bool:
        """Return whether the job can go over this relay; one that cannot has ended."""
        opening = job.opening(self._extensions)
        if isinstance(opening, Ended):
            job.end(opening)
            return False
        job.commands = (*opening, b"DATA\r\n")
        return True

    @property
    def _together(self) -> bool:
        return "pipelining" in self._extensions

    async def _connect(self) -> Conversation:
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            local_hostname=settings.hello,
            timeout=settings.timeouts.command,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
        )
        await client.connect(timeout=settings.timeouts.connect)
        await client.ehlo()
        self._carried = 0
        self._extensions = frozenset(client.esmtp_extensions)
        if not isinstance(client.transport, asyncio.Transport):
            raise OSError("the relay closed the connection")
        return Conversation(client.transport)

    async def _envelope(self, talk: Conversation, job: Job) -> Ended | None:
        """Return how the transaction ended before the text, or None when the relay waits for it."""
        if not self._together:
            return await self._step_by_step(talk, job)
        if not job.said:
            self._say(talk, job)
        refused, reply = None, Reply(0, "")
        for stage in STAGES:
            job.stage = job.stage if refused else stage
            reply = await talk.reply(self._settings.timeouts.command)
            refused = refused or _refusal(stage, reply)
        if refused is not None and reply.code == GO_ON:  # DATA was taken although nobody is to get it
            talk.write(b".\r\n")
            await talk.reply(self._settings.timeouts.command)
        return refused

    async def _step_by_step(self, talk: Conversation, job: Job) -> Ended | None:
        for stage, command in zip(STAGES, job.commands, strict=True):
            if stage == "data" and not await _wanted(job):
                return CALLED_OFF
            job.stage = stage
            talk.write(command)
            reply = await talk.reply(self._settings.timeouts.command)
            if refused := _refusal(stage, reply):
                return refused
        return None

    def _say(self, talk: Conversation, job: Job, text: bytes = b"") -> None:
        job.said, job.stage = True, "mail"
        talk.write(text, *job.commands)

    def _text(self, talk: Conversation, job: Job) -> Job | None:
        """Send the text, with the next message's envelope behind it; return that message."""
        following = self._following() if self._together else None
        while following is not None and not self._prepared(following):
            following = self._following()
        job.stage, text = "text", _ended_by_dot(job.content)
        if following is None:
            talk.write(text)
        else:
            self._say(talk, following, text)
        return following

    async def _refused(self, talk: Conversation, job: Job, refused: Ended, used: bool) -> Job | None:
        """End the job, and bring the connection back to where MAIL may be said; one that is closing is left."""
        if refused.code == CLOSING:
            self.drop()
            if used and refused.stage == "mail" and not job.again:
                return _anew(job)
            job.end(refused)
            return None
        try:
            talk.write(b"RSET\r\n")
            if (await talk.reply(self._settings.timeouts.command)).code != 250:
                self.drop()
        except LostError:
            self.drop()
        job.end(None if refused is CALLED_OFF else refused)
        return None


def _anew(job: Job) -> Job:
    """Return the job as one that begins on a new connection: nothing of it has left."""
    job.again, job.said, job.stage = True, False, "connect"
    return job


async def _wanted(job: Job) -> bool:
    return not job.ended.cancelled() and await job.may_transmit()


def _refusal(stage: str, reply: Reply) -> Ended | None:
    good = reply.code == GO_ON if stage == "data" else reply.code // 100 == 2
    return None if good else _told(stage, reply)


def _ended_by_dot(content: bytes) -> bytes:
    """Return the text with its dots doubled at line starts, and its end (RFC 5321 section 4.5.2)."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if doubled.startswith(b".") else b"") + doubled + b".\r\n"


def _told(stage: str, reply: Reply) -> Ended:
    return Ended(stage, reply.code, reply.words)


def _said(fault: Exception) -> str:
    """Return the relay's own words, without the address that the exception repeats."""
    return fault.message if isinstance(fault, SMTPResponseException) else str(fault)


def _code(fault: Exception) -> int | None:
    return fault.code if isinstance(fault, SMTPResponseException) and fault.code > 0 else None
