"""Say in words what a watch asks for, wish by wish."""

from collections.abc import Sequence

from alerts.domain.text import one_line
from alerts.domain.vocabulary import Severity
from alerts.domain.watches import Criteria
from alerts.render.words import Words

SHOWN = 12  # members of one wish that are named


def wish_lines(criteria: Criteria, words: Words) -> tuple[str, ...]:
    """Return a line for each wish, the jurisdictions first; a watch without any takes everything."""
    followed = (*criteria.terms, *criteria.identifiers)
    lines = [
        (words.gettext("Jurisdictions"), [words.place(code) for code in criteria.regions]),
        (words.gettext("Kinds"), [words.name(one) for one in criteria.kinds]),
        (words.gettext("Rights"), [words.name(one) for one in criteria.rights]),
        (words.gettext("Events"), [words.name(one) for one in criteria.events]),
        (words.gettext("Publishers"), list(criteria.publishers)),
        (words.gettext("Only what names"), list(followed)),
        (words.gettext("Not what names"), list(criteria.exclude)),
    ]
    found = [_line(name, members, words) for name, members in lines if members]
    if criteria.min_severity is not Severity.LOW:
        found.append(
            words.gettext("At least %(severity)s in severity", severity=words.name(criteria.min_severity))
        )
    if not criteria.regions:
        found.insert(0, words.gettext("All jurisdictions"))
    return tuple(found)


def _line(name: str, members: Sequence[str], words: Words) -> str:
    shown = [one_line(member, 80) for member in members[:SHOWN]]
    if len(members) > SHOWN:
        shown.append(words.ngettext("%(num)s more", "%(num)s more", len(members) - SHOWN))
    return words.gettext("%(name)s: %(value)s", name=name, value=words.joined(shown))
