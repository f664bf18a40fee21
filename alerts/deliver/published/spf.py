"""What is wrong with a domain's SPF: every look-up that its record can cost is followed, whoever sends (RFC 7208)."""

from collections.abc import Iterator

from alerts.deliver.published.answers import Ask, Kind, addresses_of, shown
from alerts.deliver.published.spf_check import MOST_LOOKUPS, MOST_NAMES, MOST_VOID, check
from alerts.deliver.published.spf_record import (
    ASKING,
    Record,
    Term,
    has_macros,
    read_record,
    records_in,
)
from alerts.domain.diagnosis import Diagnosis, good, note, wrong
from alerts.domain.errors import InputError

PART = "spf"
FOLLOWED = 40  # look-ups after which nobody needs to count on
LONG = 450  # characters of a record; longer ones do not fit into an answer by UDP (section 3.4)
EXAMPLE = '"v=spf1 ip4:ADDRESS-OF-YOUR-RELAY -all"'


def inspect_spf(domain: str, ask: Ask) -> list[Diagnosis]:
    """Return what is to be said of the record of a return path's domain."""
    survey = _Survey(ask)
    record = survey.follow(domain)
    faults = [wrong(PART, text) for text in (*survey.faults, *survey.limits(domain))]
    if record is None:
        return faults
    said = good(PART, f"{domain} has one SPF record, which costs {survey.lookups} of {MOST_LOOKUPS} look-ups")
    return [
        *(faults or [said]),
        *(note(PART, text) for text in (*survey.notes, *_remarks(domain, record, survey.length))),
    ]


def inspect_sending(sender: str, address: str, ask: Ask) -> Diagnosis:
    """Return whether SPF passes for a mail under a return path from an address."""
    domain, result = sender.rpartition("@")[2], check(sender, address, ask)
    if result == "pass":
        return good(PART, f"mails of {domain} from {address} pass")
    term = f"ip{6 if ':' in address else 4}:{address}"
    return wrong(
        PART, f"mails of {domain} from {address} do not pass (SPF says {result}): add {term} to its record"
    )


def _remarks(domain: str, record: Record, length: int) -> Iterator[str]:
    names = [term.name for term in record.terms]
    last = next((term for term in record.terms if term.name == "all"), None)
    if last is None and record.redirect is None:
        yield f"the SPF record of {domain} does not say what holds for other senders: end it with -all"
    if last is not None and last.qualifier == "?":
        yield f"the SPF record of {domain} ends with ?all, which says nothing of other senders: end it with -all"
    if last is not None and names[-1] != "all":
        yield f"the SPF record of {domain} goes on behind {last.written}, where nobody reads: put that in front of it"
    if length > LONG:
        yield f"the SPF record of {domain} has {length} characters, more than a short answer holds: name fewer senders in it"


class _Survey:
    """Follows a record wherever it leads, and counts."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.lookups = 0
        self.length = 0
        self.void: list[str] = []
        self.faults: list[str] = []
        self.notes: list[str] = []

    def limits(self, domain: str) -> Iterator[str]:
        """Yield which limits of section 4.6.4 the record passes."""
        if self.lookups > MOST_LOOKUPS:
            many = f"{self.lookups}" if self.lookups < FOLLOWED else f"{FOLLOWED} and more"
            yield f"the SPF record of {domain} costs {many} look-ups, of which receivers make {MOST_LOOKUPS}: name addresses (ip4:, ip6:) in place of include, a or mx"
        if len(self.void) > MOST_VOID:
            names = ", ".join(map(shown, self.void[:5]))
            yield f"the SPF record of {domain} asks for {len(self.void)} names without an address ({names}), of which receivers bear {MOST_VOID}: take them out"

    def follow(self, domain: str, via: str = "") -> Record | None:
        """Return the record of a domain after all that it leads to was counted; None after a fault."""
        text = self._one(domain, via)
        if text is None:
            return None
        try:
            record = read_record(text)
        except InputError as fault:
            self.faults.append(
                f"the SPF record of {domain} cannot be read: {fault}; until that is mended none of it counts"
            )
            return None
        self.length = self.length or len(text)
        self._terms(domain, record, inside=bool(via))
        return record

    def _one(self, domain: str, via: str) -> str | None:
        answer = self._ask(domain, "TXT")
        found = records_in(answer.values)
        if answer.kind is Kind.FAILED:
            self.faults.append(f"the SPF record of {domain} could not be looked up: {answer.why}")
        elif not found and via:
            self.faults.append(f"{domain} has no SPF record, which {shown(via)} needs: take that out")
        elif not found:
            self.faults.append(f"{domain} has no SPF record: publish TXT {EXAMPLE} at {domain}")
        elif len(found) > 1:
            records = " and ".join(f'"{shown(one)}"' for one in found[:3])
            self.faults.append(f"{domain} has {len(found)} SPF records ({records}): make one of them")
        else:
            return found[0]
        return None

    def _terms(self, domain: str, record: Record, *, inside: bool) -> None:
        for term in record.terms:
            self._term(domain, term)
            if term.name == "all":
                break
        if record.redirect and not any(term.name == "all" for term in record.terms):
            self._onward(record.redirect, f"redirect={record.redirect}")
        elif not inside and all(term.name == "all" and not term.admits_all for term in record.terms):
            self.faults.append(f"the SPF record of {domain} names nobody who sends mail: publish {EXAMPLE}")

    def _term(self, domain: str, term: Term) -> None:
        if term.admits_all:
            self.notes.append(
                f"the SPF record of {domain} has {term.written}: anybody may send in its name; end it with -all"
            )
        if term.name == "ptr":
            self.notes.append(
                f"the SPF record of {domain} has {term.written}, which many receivers do not heed: name addresses instead (RFC 7208, 5.5)"
            )
        if term.name == "include":
            self._onward(term.domain, term.written)
            return
        self.lookups += term.name in ASKING
        if term.name in ("a", "mx", "exists") and not has_macros(term.domain):
            self._hosts(term.domain or domain, term)

    def _onward(self, domain: str, written: str) -> None:
        self.lookups += 1
        if self.lookups < FOLLOWED and not has_macros(domain):
            self.follow(domain, written)

    def _hosts(self, name: str, term: Term) -> None:
        answer = self._ask(name, "MX") if term.name == "mx" else addresses_of(name, self._ask)
        if answer.kind is Kind.FAILED:
            self.faults.append(f"{shown(name)} of {shown(term.written)} could not be looked up: {answer.why}")
        elif not answer.values:
            self.void.append(name)
        elif term.name == "mx" and len(answer.values) > MOST_NAMES:
            self.faults.append(
                f"{shown(name)} has more than {MOST_NAMES} mail servers, at which {shown(term.written)} fails: name addresses instead"
            )
        elif term.name == "mx":
            self.void += [host for host in answer.exchangers if not addresses_of(host, self._ask).values]
