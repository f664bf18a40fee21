"""Whether a further source of a matter tells a reader anything that the earlier one did not."""

from collections.abc import Sequence

from alerts.domain.digests import Told
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import severity_rank
from alerts.domain.watches import Reason


def adds(told: Sequence[Told], new: StoredItem, reasons: Sequence[Reason]) -> bool:
    """Return whether ``new`` is news to who was told ``told`` of its matter.

    It is when it is more severe than all of them, states a date that none of them has, or names a watched term that none did.
    """
    worst = max((severity_rank(one.stored.judgement.severity) for one in told), default=-1)
    known = {(due.role, due.date) for one in told for due in one.stored.judgement.obligations}
    stated = {(due.role, due.date) for due in new.judgement.obligations if due.stated}
    named = {reason.value for one in told for reason in one.reasons if reason.facet == "term"}
    terms = {reason.value for reason in reasons if reason.facet == "term"}
    return severity_rank(new.judgement.severity) > worst or bool(stated - known) or bool(terms - named)
