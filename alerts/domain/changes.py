"""What a change of a notice amounts to, and so whether those who were told of it must hear of the change."""

import re
from collections.abc import Sequence
from itertools import pairwise

from alerts.domain.amendments import amended
from alerts.domain.items import StoredItem
from alerts.domain.text import changed_share
from alerts.domain.vocabulary import Change

TEXT_SHARE = 0.02  # of a text; less is a comma or a name put right

_WITHDRAWN = re.compile(
    r"\b(?:withdraw[ns]?|withdrawal of|withdrew|rescind(?:ed|s)?|revoked|repealed|cancell?ed|annulled|void)\b"
    r"|\b(?:zurückgezogen|zurückgenommen|aufgehoben|widerrufen|retirée?s?|abrogée?s?|annulée?s?|retirad[oa]s?|derogad[oa]s?|anulad[oa]s?"
    r"|revogad[oa]s?|cancelad[oa]s?)\b|撤回|撤销|撤銷|废止|廢止|作废|取消|取り下げ|取下げ|廃止|撤回|철회|폐지|취소",
    re.IGNORECASE,
)


def change_of(old: StoredItem, new: StoredItem) -> Change:
    """Return the class: withdrawn before a moved date before any other amendment; what is none of them is cosmetic."""
    if _is_withdrawn(old, new):
        return Change.WITHDRAWN
    if _dates(old) != _dates(new):
        return Change.DATE_MOVED
    retitled = old.item.title.casefold() != new.item.title.casefold()
    graver = old.judgement.severity != new.judgement.severity
    if (
        retitled
        or graver
        or _page_changed(old, new)
        or changed_share(old.item.summary, new.item.summary) > TEXT_SHARE
    ):
        return Change.AMENDED
    return Change.COSMETIC


def _page_changed(old: StoredItem, new: StoredItem) -> bool:
    """Return whether a watched page has other words: it is watched for its changes, and a law is longer than what changes in it."""
    return new.item.text is not None and amended(old, new).words > 0


def _dates(stored: StoredItem) -> set[tuple[str, object]]:
    return {(due.role, due.date) for due in stored.judgement.obligations}


def _is_withdrawn(old: StoredItem, new: StoredItem) -> bool:
    """Return whether the new text says in more places than the old that something is withdrawn, or is about nothing any more."""
    if old.judgement.relevant and not new.judgement.relevant:
        return True
    return _times_withdrawn(new) > _times_withdrawn(old)


def stays_withdrawn(revisions: Sequence[StoredItem]) -> bool:
    """Return whether an item stands as withdrawn by its newest revision; ``revisions``: the oldest first.

    What was withdrawn stays so until a revision says it in fewer places, or is about something again.
    """
    gone = not revisions[0].judgement.relevant
    for old, new in pairwise(revisions):
        if _is_withdrawn(old, new):
            gone = True
        elif new.judgement.relevant and not old.judgement.relevant:
            gone = False
        elif _times_withdrawn(new) < _times_withdrawn(old):
            gone = not new.judgement.relevant
    return gone


def _times_withdrawn(stored: StoredItem) -> int:
    return len(_WITHDRAWN.findall(f"{stored.item.title}\n{stored.item.summary}"))
