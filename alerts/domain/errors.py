"""The faults of the service.

AlertsError                what every fault of ours is
├── InputError             a person gave something wrong: one sentence, exit code 2
│   ├── SettingsError      faults of the environment, all at once
│   └── CatalogueError     faults of feeds.yaml or of a companies file, all at once
├── NaiveTimeError         a time without offset names no instant
├── CollectError           a poll ended without a readable document; carries its outcome
│   ├── FetchError         the exchange with the server
│   └── ParseError         the bytes that came
├── StoreError             the database cannot be used
└── RenderError            a template or catalogue is broken

Expected outcomes (nothing new, refused by a server) are values, not errors. Errors never log
when made; whoever handles them records the cause on a row or tells a person.
"""

from collections.abc import Sequence
from datetime import datetime

from alerts.domain.vocabulary import Outcome


class AlertsError(Exception):
    """What every fault of this service is."""


class InputError(AlertsError):
    """Something a person gave cannot be used; the text says where, what, and what to do."""


class SettingsError(InputError):
    """Settings that cannot be used; ``faults`` holds one sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class CatalogueError(InputError):
    """A feeds.yaml or companies file that cannot be used; ``lines`` are ``file:line:column: severity[code]: text``."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class NaiveTimeError(AlertsError):
    """A time came without offset, so it names no instant."""

    def __init__(self, name: str, value: datetime) -> None:
        self.name = name
        self.value = value
        super().__init__(f"{name} has no offset: {value.isoformat()}")


class CollectError(AlertsError):
    """A poll ended without a readable document.

    ``outcome`` is what the poll row records, ``detail`` one sentence for the operator, ``status``
    the HTTP status if there was one, ``retry_at`` the instant (UTC) before which the server asked
    not to be asked again. ``ours``: every source fails at once, so this one is not to blame. ``reached`` is False when
    it is certain that nothing was sent.
    """

    def __init__(
        self, outcome: Outcome, detail: str, *, status: int | None = None, retry_at: datetime | None = None
    ) -> None:
        self.outcome = outcome
        self.detail = detail
        self.status = status
        self.retry_at = retry_at
        self.ours = False
        self.reached = outcome is not Outcome.DENIED_ADDRESS
        super().__init__(f"{outcome}: {detail}")


class FetchError(CollectError):
    """The exchange with the server failed."""


class ParseError(CollectError):
    """The bytes that came could not be read as what the feed says it is."""


class StoreError(AlertsError):
    """The database cannot be used; the text says what to do."""


class RenderError(AlertsError):
    """A template or a word catalogue is broken."""
