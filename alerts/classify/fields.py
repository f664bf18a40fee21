"""Dates in fields of the source beside those that its text states.

A field is what the source itself computes with, and a text may quote an older day or leave a year out; so the field holds. But
a reader must see that the two differ: what the text says otherwise is kept beside the date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alerts.domain.items import Contrary, Obligation


def reconciled(fields: Sequence[Obligation], words: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """Return the dates of both, in order.

    The same date in both is told once, as the field's. A role whose field and text share no day is told with the day of
    the field alone, the others beside it; where they share one, the text knows further steps and all stand.
    """
    read = list(words)
    stated = {(each.date, each.role): each for each in fields}
    told = {
        role: {each.date for each in read if each.role is role} for role in {each.role for each in fields}
    }
    for role, days in told.items():
        own = {each.date for each in fields if each.role is role}
        if days and not days & own:
            others = tuple(Contrary(each.date, each.basis) for each in read if each.role is role)
            stated |= {key: replace(each, against=others) for key, each in stated.items() if key[1] is role}
            read = [each for each in read if each.role is not role]
    for each in read:
        stated.setdefault((each.date, each.role), each)
    return tuple(sorted(stated.values(), key=lambda each: (each.date, each.role)))
