"""What comes back of the mails that were sent: what it says, and what follows from it."""

from dataclasses import dataclass
from enum import StrEnum


class ReportKind(StrEnum):
    """What a mail that came back says."""

    DEAD_ADDRESS = "dead-address"
    DEAD_DOMAIN = "dead-domain"
    SOFT = "soft"  # full or switched off for now
    POLICY = "policy"  # our reputation, our content, our speed
    TRANSIENT = "transient"  # will be tried again by whoever reports
    COMPLAINT = "complaint"
    LEAVE = "leave"  # a person asks for no more
    BOUNCE = "bounce"  # it came back, and nobody can say why
    AUTOMATIC = "automatic"  # an answering machine, a success, a receipt
    NONE = "none"  # no report at all


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail said; ``message_ids`` are of mails of ours that it quotes."""

    kind: ReportKind
    recipients: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    status: str = ""
    words: str = ""
    envelope_id: str = ""  # under which the report was asked for (ENVID), as it says
    proven: bool = False  # a token of ours names the delivery, whatever addresses the mail names


@dataclass(frozen=True, slots=True)
class Consequence:
    """What followed from a report: of which endpoint (0: of none of ours), and what was done about it.

    ``done`` is noted, suspended, left or unknown; ``colleagues`` are endpoints of the same company that must hear of it.
    """

    done: str
    endpoint_id: int = 0
    address: str = ""
    company: str = ""
    colleagues: tuple[int, ...] = ()
