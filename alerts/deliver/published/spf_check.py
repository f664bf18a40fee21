"""Whether SPF passes for a mail from an address: ``check_host`` of RFC 7208 section 4, as a receiver runs it."""

from ipaddress import ip_address, ip_network
from typing import NoReturn

from alerts.deliver.published.answers import Answer, Ask, Kind
from alerts.deliver.published.spf_record import (
    ASKING,
    Address,
    Record,
    Term,
    expand,
    read_record,
    records_in,
)
from alerts.domain.errors import InputError

MOST_LOOKUPS = 10  # section 4.6.4
MOST_VOID = 2
MOST_NAMES = 10  # of one mx, and of one ptr
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


def check(sender: str, address: str, ask: Ask) -> str:
    """Return pass, fail, softfail, neutral, none, permerror or temperror for a mail under a return path from an address."""
    try:
        return _Check(sender, ip_address(address), ask).result(sender.rpartition("@")[2])
    except _EndError as end:
        return str(end)


class _EndError(Exception):
    """The check ends with this result."""


class _Check:
    def __init__(self, sender: str, address: Address, ask: Ask) -> None:
        self._sender = sender
        self._address = address
        self._ask = ask
        self._lookups = 0
        self._void = 0

    def result(self, domain: str) -> str:
        record = self._record(domain)
        for term in record.terms:
            if self._fits(term, domain):
                return RESULTS[term.qualifier]
        if record.redirect is None or any(term.name == "all" for term in record.terms):
            return "neutral"
        self._count()
        return self._onward(self._name(record.redirect, domain))

    def _record(self, domain: str) -> Record:
        answer = self._answered(domain, "TXT")
        found = records_in(answer.values)
        if not found:
            raise _EndError("none")
        try:
            return read_record(found[0]) if len(found) == 1 else _broken()
        except InputError:
            return _broken()

    def _fits(self, term: Term, domain: str) -> bool:
        if term.network is not None:
            return self._address in term.network
        if term.name in ASKING:
            self._count()
        name = self._name(term.domain, domain)
        if term.name == "include":
            return self._onward(name) == "pass"
        if term.name == "exists":
            return bool(self._looked(name, "A").values)
        if term.name == "ptr":
            return self._named(name)
        hosts = self._exchangers(name) if term.name == "mx" else [name]
        return term.name == "all" or any(self._at(host, term) for host in hosts)

    def _onward(self, name: str) -> str:
        """Return the result of another domain's record, which must be there (sections 5.2 and 6.1)."""
        try:
            return self.result(name)
        except _EndError as end:
            raise _EndError("permerror" if str(end) == "none" else str(end)) from None

    def _exchangers(self, name: str) -> list[str]:
        hosts = self._looked(name, "MX").exchangers
        if len(hosts) > MOST_NAMES:
            _broken()
        return hosts

    def _at(self, host: str, term: Term) -> bool:
        prefix = term.prefixes[0] if self._address.version == 4 else term.prefixes[1]
        answer = self._looked(host, self._kind)
        return any(self._address in ip_network(f"{value}/{prefix}", strict=False) for value in answer.values)

    def _named(self, name: str) -> bool:
        """Return whether a name of the address lies below ``name`` and leads back; a failing question only fits nothing (section 5.5)."""
        pointed = self._heeded(self._ask(self._address.reverse_pointer, "PTR")).values[:MOST_NAMES]
        confirmed = [
            host for host in pointed if str(self._address) in self._heeded(self._ask(host, self._kind)).values
        ]
        return any(host == name or host.endswith(f".{name}") for host in confirmed)

    @property
    def _kind(self) -> str:
        return "A" if self._address.version == 4 else "AAAA"

    def _name(self, spec: str, domain: str) -> str:
        return expand(spec, domain, self._sender, self._address) if spec else domain

    def _looked(self, name: str, kind: str) -> Answer:
        return self._heeded(self._answered(name, kind))

    def _heeded(self, answer: Answer) -> Answer:
        """Return the answer; the third one without anything in it ends the check."""
        self._void += answer.kind in (Kind.EMPTY, Kind.MISSING)
        return answer if self._void <= MOST_VOID else _broken()

    def _answered(self, name: str, kind: str) -> Answer:
        answer = self._ask(name, kind)
        if answer.kind is Kind.FAILED:
            raise _EndError("temperror")
        return answer

    def _count(self) -> None:
        self._lookups += 1
        if self._lookups > MOST_LOOKUPS:
            _broken()


def _broken() -> NoReturn:
    raise _EndError("permerror")
