"""Whether a domain takes mail, and whether the address that mails leave from has a name that leads back to it."""

from ipaddress import ip_address

from alerts.deliver.published.answers import Ask, Kind, addresses_of, shown
from alerts.domain.diagnosis import Diagnosis, good, wrong

MX, PTR = "mx", "ptr"


def inspect_mx(domain: str, what: str, ask: Ask) -> list[Diagnosis]:
    """Return whether a domain takes mail; ``what`` is what would come to it."""
    answer = ask(domain, "MX")
    if answer.kind is Kind.FAILED:
        return [wrong(MX, f"the mail servers of {domain} could not be looked up: {answer.why}")]
    if answer.kind is Kind.MISSING:
        return [wrong(MX, f"{domain} is not in the DNS: receivers refuse mail from it")]
    hosts = answer.exchangers
    if any(host in ("", ".") for host in hosts):
        return [
            wrong(
                MX,
                f"{domain} says that it takes no mail (null MX): name a mail server, for {what} come to it",
            )
        ]
    if not hosts:
        return [_without(domain, what, ask)]
    faults = [fault for host in hosts[:10] if (fault := _unreachable(domain, host, ask))]
    return faults or [good(MX, f"{what} to {domain} go to {', '.join(hosts[:3])}")]


def _without(domain: str, what: str, ask: Ask) -> Diagnosis:
    if addresses_of(domain, ask).values:  # RFC 5321 section 5.1: the domain is its own mail server
        return good(MX, f"{what} to {domain} go to its own address, for it names no mail server")
    return wrong(MX, f"{domain} has neither MX nor an address: publish an MX, for {what} come to it")


def _unreachable(domain: str, host: str, ask: Ask) -> Diagnosis | None:
    answer = addresses_of(host, ask)
    if answer.values:
        return None
    if answer.kind is Kind.FAILED:
        return wrong(MX, f"the mail server {shown(host)} of {domain} could not be looked up: {answer.why}")
    return wrong(
        MX, f"the mail server {shown(host)} of {domain} has no address: correct the MX or publish one"
    )


def inspect_address(address: str, ask: Ask) -> Diagnosis:
    """Return whether the name of an address leads back to it (Gmail and most others want that)."""
    answer = ask(ip_address(address).reverse_pointer, "PTR")
    if answer.kind is Kind.FAILED:
        return wrong(PTR, f"the name of {address} could not be looked up: {answer.why}")
    if not answer.values:
        return wrong(PTR, f"{address} has no name (PTR): have whoever gave you the address publish one")
    own = ip_address(address)
    for host in answer.values[:10]:
        if any(ip_address(one) == own for one in addresses_of(host, ask).values):
            return good(PTR, f"{address} is called {shown(host)}, which leads back to it")
    names = ", ".join(map(shown, answer.values[:3]))
    return wrong(
        PTR, f"{address} is called {names}, which does not lead back to it: publish its A or AAAA record"
    )
