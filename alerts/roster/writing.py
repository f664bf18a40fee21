"""Subscriptions as the text of a companies file."""

import dataclasses
import json
import re
from collections.abc import Iterable
from itertools import groupby

from alerts.domain.people import Subscription
from alerts.domain.watches import Facets

_HEAD = "# Companies, their contacts and watches: `alerts companies import FILE --dry-run` shows what a change would do."
# JSON leaves these as they are; YAML takes some for line breaks and refuses the others.
_TROUBLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(subscriptions: Iterable[Subscription]) -> str:
    """Return the subscriptions as the text of a companies file."""
    ordered = sorted(subscriptions, key=lambda s: (s.company.casefold(), s.email.casefold(), s.watch_name))
    lines = [_HEAD, "companies:"]
    for company, theirs in groupby(ordered, lambda s: s.company):
        lines += [f"  - name: {_json(company)}", "    contacts:"]
        for _, of_contact in groupby(theirs, lambda s: s.email):
            lines += _contact_lines(list(of_contact))
    return "\n".join(lines if len(lines) > 2 else [lines[0], "companies: []"]) + "\n"


def _contact_lines(watches: list[Subscription]) -> list[str]:
    first = watches[0]
    schedule = first.schedule
    pairs: dict[str, object] = {
        "email": first.email, "name": first.name, "language": first.language, "rhythm": schedule.rhythm,
        "at": f"{schedule.at:%H:%M}", "weekday": schedule.weekday.name.lower(), "zone": schedule.zone,
        "critical_at_once": schedule.critical_at_once, "calendar": schedule.calendar,
        "quiet": str(schedule.quiet) if schedule.quiet else None, "quiet_months": None if schedule.quiet_months else False,
        "consent": first.consent,
    }  # fmt: skip
    body = [f"{name}: {_json(value)}" for name, value in pairs.items() if value is not None]
    lines = [f"      - {body[0]}", *(f"        {line}" for line in body[1:]), "        watches:"]
    for watch in watches:
        criteria = watch.criteria
        facets: dict[str, object] = {
            "name": watch.watch_name, "regions": criteria.regions, "kinds": criteria.kinds, "rights": criteria.rights,
            "events": criteria.events, "severity": criteria.min_severity, "terms": criteria.terms, "exclude": criteria.exclude,
            "publishers": criteria.publishers, "identifiers": criteria.identifiers, "pinyin": criteria.pinyin,
            "all": _facets(criteria.all_of), "none": _facets(criteria.none_of),
        }  # fmt: skip
        shown = [f"{name}: {_json(value)}" for name, value in facets.items() if value]
        lines += [f"          - {shown[0]}", *(f"            {line}" for line in shown[1:])]
    return lines


def _facets(facets: Facets) -> dict[str, list[str]]:
    named = {each.name: list(getattr(facets, each.name)) for each in dataclasses.fields(facets)}
    return {name: members for name, members in named.items() if members}


def _json(value: object) -> str:
    written = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return _TROUBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
