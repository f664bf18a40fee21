"""Learn which validators a server honours, and send it those.

Some servers answer in full whenever they get both If-None-Match and If-Modified-Since though either alone would do.
So after three whole answers in a row with the bytes of the one before, one of the two is tried alone, then the other.
Where nothing helps both are sent again, since a request without any would promise even less.
"""

from alerts.domain.collected import Validators
from alerts.domain.vocabulary import ValidatorMode

TRIES = 3
_NEXT = {
    ValidatorMode.BOTH: ValidatorMode.LAST_MODIFIED,
    ValidatorMode.LAST_MODIFIED: ValidatorMode.ETAG,
    ValidatorMode.ETAG: ValidatorMode.IGNORED,
    ValidatorMode.IGNORED: ValidatorMode.IGNORED,
}


def to_send(known: Validators, mode: ValidatorMode) -> Validators:
    """Return those of the stored validators that this server honours, byte for byte."""
    if known.etag is None or known.last_modified is None:
        return known
    if mode is ValidatorMode.ETAG:
        return Validators(etag=known.etag)
    if mode is ValidatorMode.LAST_MODIFIED:
        return Validators(last_modified=known.last_modified)
    return known


def after_same_bytes(sent: Validators, mode: ValidatorMode, ignored: int) -> tuple[ValidatorMode, int]:
    """Return mode and count after a whole answer that held nothing new; ``ignored`` counts those before it."""
    if sent == Validators():
        return mode, ignored
    count = ignored + 1
    if count % TRIES:
        return mode, count
    single = sent.etag is None or sent.last_modified is None
    return (ValidatorMode.IGNORED if single and mode is ValidatorMode.BOTH else _NEXT[mode]), count


def after_unchanged(mode: ValidatorMode) -> ValidatorMode:
    """Return the mode after a 304: what was sent works."""
    return ValidatorMode.BOTH if mode is ValidatorMode.IGNORED else mode


def are_useless(known: Validators, ignored: int) -> bool:
    """Return whether the server gives nothing to ask "has it changed" with, or does not look at it."""
    return known == Validators() or ignored >= TRIES
