"""What the DNS publishes of a sender, judged as receivers judge it: SPF, DKIM, DMARC, alignment, MX and PTR.

Records come in, sentences go out; the asking is an argument, and :mod:`alerts.deliver.published.resolver` is the only one who does it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.deliver.dkim import SigningKey
from alerts.deliver.published.answers import Answer, Ask, Kind
from alerts.deliver.published.keys import inspect_key
from alerts.deliver.published.policy import Organisation, Policy, inspect_policy
from alerts.deliver.published.resolver import Resolver
from alerts.deliver.published.routes import inspect_address, inspect_mx
from alerts.deliver.published.spf import inspect_sending, inspect_spf
from alerts.domain.diagnosis import Diagnosis, good, note, wrong

ALIGNMENT = "alignment"


@dataclass(frozen=True, slots=True)
class Published:
    """Under which names mails leave: domains of the sender and of the return path, keys, and ``addresses`` that receivers see.

    ``sure``: the addresses were named by the operator, not guessed from the relay's name.
    """

    domain: str
    returns: str  # an address
    keys: tuple[SigningKey, ...] = ()
    addresses: tuple[str, ...] = ()
    sure: bool = True

    @property
    def path(self) -> str:
        """Return the domain of the return path, by which SPF goes."""
        return self.returns.rpartition("@")[2]


def examine_published(sender: Published, ask: Ask, organisation: Organisation) -> list[Diagnosis]:
    """Return what is to be said of everything that the DNS holds about a sender."""
    spf = inspect_spf(sender.path, ask)
    said, policy = inspect_policy(sender.domain, ask, organisation)
    return [
        *spf,
        *_keys(sender, ask),
        *said,
        *_alignment(sender, policy, organisation),
        *_routes(sender, ask),
        *_addresses(sender, ask, readable=spf[0].state == "good"),
    ]


def _keys(sender: Published, ask: Ask) -> Iterator[Diagnosis]:
    if not sender.keys:
        text = "ALERTS_DKIM names no key: your relay must sign, and cover List-Unsubscribe and List-Unsubscribe-Post"
        yield note("dkim", text)
    for key in sender.keys:
        yield from inspect_key(key, ask)


def _alignment(sender: Published, policy: Policy | None, organisation: Organisation) -> Iterator[Diagnosis]:
    """Yield whether SPF and DKIM speak for the domain that readers see (RFC 9989 section 4.4)."""
    rule = policy or Policy()
    names = [("the return path", sender.path, rule.strict_path)]
    names += [(f"the signature {key.selector}", key.domain, rule.strict_keys) for key in sender.keys]
    for what, domain, strict in names:
        same = domain == sender.domain if strict else organisation(domain) == organisation(sender.domain)
        if same:
            yield good(ALIGNMENT, f"{what} ({domain}) speaks for {sender.domain}")
        else:
            wanted = sender.domain if strict else f"{organisation(sender.domain)} or a name below it"
            text = f"{what} ({domain}) does not speak for {sender.domain}, so it counts nothing for DMARC: use {wanted}"
            yield wrong(ALIGNMENT, text)


def _routes(sender: Published, ask: Ask) -> Iterator[Diagnosis]:
    if sender.domain != sender.path:
        yield from inspect_mx(sender.domain, "answers", ask)
        yield from inspect_mx(sender.path, "reports", ask)
    else:
        yield from inspect_mx(sender.domain, "answers and reports", ask)


def _addresses(sender: Published, ask: Ask, *, readable: bool) -> Iterator[Diagnosis]:
    """Yield whether each address has a name and, where the SPF record can be read, whether that names the address."""
    if not sender.addresses:
        text = "it is not known from which address mails leave: set ALERTS_MAIL_ADDRESSES to look at its name and at SPF"
        yield note("ptr", text)
    for address in sender.addresses:
        found = [inspect_address(address, ask)]
        found += [inspect_sending(sender.returns, address, ask)] if readable else []
        yield from (one if sender.sure or one.state == "good" else _guessed(one) for one in found)


def _guessed(said: Diagnosis) -> Diagnosis:
    text = f"{said.text} (if that is the address from which your relay sends; set ALERTS_MAIL_ADDRESSES)"
    return replace(said, state="note", text=text)


__all__ = ["Answer", "Ask", "Kind", "Published", "Resolver", "examine_published"]
