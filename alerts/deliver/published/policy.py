"""The policy of DMARC that holds for a domain: its own record, else that of a domain above it.

Sources: RFC 9989 section 4.10 (the tree is walked upwards) and RFC 7489 section 6.6.3 (the organisational domain is asked): the
record found first on the way up to the organisational domain is the same by both wherever only those two have one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from alerts.deliver.published.answers import Ask, Kind, read_tags, shown
from alerts.domain.diagnosis import Diagnosis, good, note, wrong
from alerts.domain.errors import InputError

PART = "dmarc"
POLICIES = ("none", "quarantine", "reject")
DROPPED = ("pct", "rf", "ri")  # RFC 9989 appendix C.4
_START = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
Organisation = Callable[[str], str]  # a domain → the registrable domain that it belongs to


@dataclass(frozen=True, slots=True)
class Policy:
    """What a record asks for: ``strict_keys`` and ``strict_path``, that domains must be the same."""

    strict_keys: bool = False
    strict_path: bool = False


def inspect_policy(
    domain: str, ask: Ask, organisation: Organisation
) -> tuple[list[Diagnosis], Policy | None]:
    """Return what is to be said of the policy for mails from a domain, and the policy if there is a sound one."""
    publish = f'publish TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}" at _dmarc.{domain}'
    for at in _upwards(domain, organisation(domain)):
        answer = ask(f"_dmarc.{at}", "TXT")
        found = [value for value in answer.values if _START.match(value)]
        if answer.kind is Kind.FAILED:
            return [wrong(PART, f"_dmarc.{at} could not be looked up: {answer.why}")], None
        if len(found) > 1:
            return [
                wrong(PART, f"_dmarc.{at} has {len(found)} DMARC records, so none counts: leave one")
            ], None
        if found:
            return _read(found[0], at, domain)
        broken = [value for value in answer.values if "dmarc1" in value.lower()]
        if broken:
            text = f"the record of _dmarc.{at} ({shown(broken[0])}) does not begin with v=DMARC1; {publish}"
            return [wrong(PART, text)], None
    return [wrong(PART, f"{domain} has no DMARC record: {publish}")], None


def _upwards(domain: str, organisation: str) -> Iterator[str]:
    """Yield the domain and those above it, up to the organisational one."""
    yield domain
    while domain != organisation and "." in domain:
        domain = domain.partition(".")[2]
        yield domain


def _read(text: str, at: str, domain: str) -> tuple[list[Diagnosis], Policy | None]:
    try:
        tags = read_tags(text)
    except InputError as fault:
        return [wrong(PART, f"the DMARC record of {at} cannot be read: {fault}")], None
    faults = [wrong(PART, f"the DMARC record of {at} {fault}") for fault in _faults(tags)]
    if faults:
        return faults, None
    wanted = tags["p"].lower() if at == domain else tags.get("sp", tags["p"]).lower()
    inherited = "" if at == domain else f", by the record of {at}"
    found = good(PART, f"mails from {domain} that fail are to be treated by {wanted}{inherited}")
    strict = {tag: tags.get(tag, "r").lower() == "s" for tag in ("adkim", "aspf")}
    policy = Policy(strict["adkim"], strict["aspf"])
    return [found, *(note(PART, remark) for remark in _remarks(tags, at, wanted))], policy


def _faults(tags: Mapping[str, str]) -> Iterator[str]:
    if "p" not in tags:
        yield "has no p=: add p=none, p=quarantine or p=reject"
    for tag in ("p", "sp", "np"):
        if tag in tags and tags[tag].lower() not in POLICIES:
            yield f"has {tag}={shown(tags[tag])}: it must be none, quarantine or reject"
    for tag in ("adkim", "aspf"):
        if tags.get(tag, "r").lower() not in ("r", "s"):
            yield f"has {tag}={shown(tags[tag])}: it must be r or s"
    for tag in ("rua", "ruf"):
        if tag in tags and not all(one.strip().lower().startswith("mailto:") for one in tags[tag].split(",")):
            yield f"has {tag}={shown(tags[tag])}: it must name mailto: addresses"


def _remarks(tags: Mapping[str, str], at: str, wanted: str) -> Iterator[str]:
    for tag in DROPPED:
        if tag in tags:
            yield f"the DMARC record of {at} has {tag}=, which RFC 9989 has taken out of DMARC: take it out"
    if tags.get("t", "n").lower() == "y":
        yield f"the DMARC record of {at} says that its policy is on trial (t=y)"
    if wanted == "none":
        yield f"the policy of {at} is none: when the reports are clean for some weeks, go on to quarantine, then to reject"
    if "rua" not in tags:
        yield f"the DMARC record of {at} names nobody who gets reports: add rua=mailto:postmaster@{at}"
