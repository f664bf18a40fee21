"""The identifiers of an item, from its title and summary. What they look like: :mod:`alerts.domain.identifiers`."""

import re
from collections.abc import Sequence

from alerts.classify.reading import Passage
from alerts.domain.identifiers import identifier_key, identifiers_in
from alerts.domain.identifiers.reading import without_parts

_ACT = re.compile(
    r"(?:Regulation |Directive |Decision )?(?:\([A-Z]{2,3}\) (?:No )?)?\d{1,4}/\d{1,4}(?:/[A-Z]{2,3})?"
)
_CASE = re.compile(r"ECLI:.+|[CTF]-\d{1,4}/\d\d(?: P)?|UPC_.+|\[\d{4}\] .+")
_JUDGMENT = re.compile(
    r"(?:judgment|order|opinion) of the (?:general )?court|urteil des|arrêt d|sentencia d|acórdão d"
)


def read_identifiers(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the identifiers of title and summary, in order, each once.

    An act of the EU that a judgment names is what the court applied, not the matter of the item, and is left out.
    """
    found: dict[str, str] = {}
    judged = False
    for passage in passages:
        if passage.name != "publisher":
            judged = judged or (passage.name == "title" and _JUDGMENT.search(passage.folded) is not None)
            for identifier in identifiers_in(passage.text, title=passage.name == "title"):
                found.setdefault(identifier_key(identifier), identifier)
    judged = judged or any(_CASE.fullmatch(each) for each in found.values())
    return tuple(each for each in without_parts(found) if not (judged and _ACT.fullmatch(each)))
