"""A Fetcher that reads saved answers: for tests, for replay, and for trying a source offline.

A folder of saved answers holds ``answers.json``, a mapping from address to
``{"file": "feed.xml", "status": 200, "headers": {"etag": "\\"1\\""}, "final_url": "https://…"}``; only ``file`` is
needed, and a bare file name stands for it. Answers are judged by the same rules as live ones: a saved 503 is a
fault, and validators that equal those of the saved answer give Unchanged.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alerts.domain.collected import Document, Request, Unchanged, Validators
from alerts.domain.errors import FetchError, InputError
from alerts.domain.feeds import Feed
from alerts.domain.ports import Clock
from alerts.domain.vocabulary import Outcome
from alerts.fetch.verdict import judge
from alerts.net import Answer

INDEX = "answers.json"


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved answer; header names in any case."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    final_url: str | None = None


class SavedFetcher:
    """Answers from a mapping of addresses; ``anything`` answers every other address."""

    def __init__(self, answers: Mapping[str, Saved], clock: Clock, anything: Saved | None = None) -> None:
        self._answers = answers
        self._clock = clock
        self._anything = anything

    async def fetch(self, request: Request, feed: Feed) -> Document | Unchanged:
        """Return the saved document, or Unchanged when the request already knows it.

        Raises:
            FetchError: nothing is saved under this address, the answer is a refusal, or it exceeds the feed's limit.
        """
        saved = self._answers.get(request.url, self._anything)
        if saved is None:
            raise FetchError(Outcome.CONNECTION, f"no saved answer for {request.url}")
        if len(saved.body) > feed.max_bytes:
            raise FetchError(Outcome.TOO_LARGE, f"the answer is larger than {feed.max_bytes:,} bytes")
        headers = {name.lower(): value for name, value in saved.headers.items()}
        status = 304 if _is_known(request, saved.status, headers) else saved.status
        answer = Answer(status, headers, saved.body, saved.final_url or request.url)
        return judge(answer, request, self._clock.now())


def read_folder(folder: Path) -> Mapping[str, Saved]:
    """Return the saved answers of ``folder`` by address.

    Raises:
        InputError: the index is missing or says what cannot be used; the text says what and where.
    """
    index = folder / INDEX
    try:
        entries = json.loads(index.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise InputError(f"{index}: cannot be read: {fault}") from fault
    if not isinstance(entries, dict):
        raise InputError(f"{index}: expected a mapping from address to saved answer")
    return {url: _saved(folder, url, entry) for url, entry in entries.items()}


def _saved(folder: Path, url: str, entry: object) -> Saved:
    where = f"{folder / INDEX}: {url}"
    fields = entry if isinstance(entry, dict) else {"file": entry}
    name, final_url = fields.get("file"), fields.get("final_url")
    status, headers = fields.get("status", 200), fields.get("headers", {})
    if not isinstance(name, str):
        raise InputError(f"{where}: expected a file name, or a mapping with 'file'")
    if not isinstance(status, int) or not isinstance(headers, dict) or not isinstance(final_url, str | None):
        raise InputError(f"{where}: status is a number, headers a mapping, final_url a text")
    texts = {str(header): str(value) for header, value in headers.items()}
    return Saved(_body(folder, name, where), status, texts, final_url)


def _body(folder: Path, name: str, where: str) -> bytes:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{where}: {name} lies outside the folder")
    try:
        return path.read_bytes()
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror}") from fault


def _is_known(request: Request, status: int, headers: Mapping[str, str]) -> bool:
    """Return what a server would say of the request's validators; the entity tag decides when there is one."""
    known = request.validators
    if status != 200 or known == Validators():
        return False
    if known.etag is not None:
        return known.etag == headers.get("etag")
    return known.last_modified == headers.get("last-modified")
