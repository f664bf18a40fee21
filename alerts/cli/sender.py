"""What the DNS holds about the domains of the settings, for ``alerts doctor``."""

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alerts.domain.diagnosis import Diagnosis, note, wrong
from alerts.domain.errors import InputError
from alerts.settings import Settings

if TYPE_CHECKING:
    from alerts.deliver.dkim import SigningKey
    from alerts.deliver.published import Ask

UNSET = "set ALERTS_MAIL_FROM: mails from alerts@localhost are refused elsewhere"


def sender(settings: Settings) -> list[Diagnosis]:
    """Return what is to be said of SPF, DKIM, DMARC, alignment, MX and the sending addresses."""
    from alerts.deliver.address import ascii_domain
    from alerts.deliver.published import Published, Resolver, examine_published
    from alerts.store.hosts import registrable

    if settings.mail_from.endswith("@localhost"):
        return [note("sender", UNSET)]
    try:
        domain = ascii_domain(settings.mail_from.rpartition("@")[2])
        local, _, path = (settings.return_path or settings.mail_from).rpartition("@")
        returns = f"{local}@{ascii_domain(path)}"
    except InputError as fault:
        return [wrong("sender", str(fault))]
    ask = Resolver(settings.dns).ask
    keys, faults = _keys(settings)
    addresses = tuple(sorted(settings.mail_addresses)) or _of_relay(settings, ask)
    published = Published(domain, returns, keys, addresses, sure=bool(settings.mail_addresses))
    return [*faults, *examine_published(published, ask, registrable)]


def _keys(settings: Settings) -> "tuple[tuple[SigningKey, ...], list[Diagnosis]]":
    from alerts.wiring import signing_key

    keys, faults = [], []
    for one in settings.dkim:
        try:
            keys.append(signing_key(*one))
        except InputError as fault:
            faults.append(wrong("dkim", str(fault)))
    return tuple(keys), faults


def _of_relay(settings: Settings, ask: "Ask") -> tuple[str, ...]:
    """Return the public addresses of the relay's name, the likeliest ones that mails leave from; none for one on this machine."""
    from alerts.deliver.published.answers import addresses_of

    host = urlsplit(settings.mail).hostname if settings.mail.startswith("smtp") else None
    if not host or host == "localhost":
        return ()
    try:
        found: tuple[str, ...] = (str(ip_address(host)),)
    except ValueError:
        found = addresses_of(host, ask).values
    return tuple(one for one in found if ip_address(one).is_global)
