"""Ask the DNS: the one place that does, with short patience and one answer for each question."""

from typing import TYPE_CHECKING

from alerts.deliver.published.answers import Answer, Kind
from alerts.domain.listens import Listen

if TYPE_CHECKING:
    import dns.resolver
    from dns.rdata import Rdata

PATIENCE = 2.0  # seconds for one try
IN_ALL = 5.0  # seconds for one question
SILENT = 3  # questions without any answer after which no more are asked


class Resolver:
    """Asks ``server``, or the servers that this machine is set to, and remembers what they said."""

    def __init__(self, server: Listen | None, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._known: dict[tuple[str, str], Answer] = {}
        self._silent = 0
        self._made: dns.resolver.Resolver | None = None

    def ask(self, name: str, kind: str) -> Answer:
        """Return the records of a name; a truncated answer is fetched by TCP, aliases are followed."""
        question = name.lower().rstrip("."), kind
        if question not in self._known:
            self._known[question] = self._asked(*question)
        return self._known[question]

    def _asked(self, name: str, kind: str) -> Answer:
        import dns.exception
        import dns.resolver

        if self._silent >= SILENT:
            return Answer(Kind.FAILED, why="the DNS server does not answer")
        try:
            self._made = self._made or self._make()
            found = self._made.resolve(name, kind, search=False)
            return Answer(Kind.FOUND, tuple(sorted(map(_text, found))))
        except dns.resolver.NXDOMAIN:
            return Answer(Kind.MISSING)
        except dns.resolver.NoAnswer:
            return Answer(Kind.EMPTY)
        except (dns.exception.DNSException, OSError) as fault:
            self._silent += isinstance(fault, dns.exception.Timeout)
            return Answer(Kind.FAILED, why=_why(fault))

    def _make(self) -> "dns.resolver.Resolver":
        import dns.resolver

        made = dns.resolver.Resolver(configure=self._server is None)
        if self._server is not None:
            made.nameservers = [self._server.host]
            made.port = self._server.port
        made.timeout, made.lifetime = self._patience, IN_ALL * self._patience / PATIENCE
        return made


def _why(fault: Exception) -> str:
    """Return what went wrong with a question, as a clause."""
    import dns.exception
    import dns.resolver

    clauses: dict[type[Exception], str] = {
        dns.exception.Timeout: "no DNS server answered in time",
        dns.resolver.NoNameservers: "the DNS server answered that it failed",
        dns.resolver.NoResolverConfiguration: "this machine names no DNS server; set ALERTS_DNS",
    }
    known = (text for kind, text in clauses.items() if isinstance(fault, kind))
    return next(known, str(fault) or type(fault).__name__)


def _text(record: "Rdata") -> str:
    """Return a record as a plain value; strings of a TXT record are one (RFC 7208 section 3.3)."""
    from dns.rdtypes.ANY.MX import MX
    from dns.rdtypes.ANY.PTR import PTR
    from dns.rdtypes.ANY.TXT import TXT

    if isinstance(record, TXT):
        return b"".join(record.strings).decode("utf-8", "replace")
    if isinstance(record, MX):
        return f"{record.preference} {record.exchange.to_text(omit_final_dot=True).lower()}"
    if isinstance(record, PTR):
        return record.target.to_text(omit_final_dot=True).lower()
    return record.to_text()
