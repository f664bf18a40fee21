"""Whether the DNS holds the public half of a key that signs mails (RFC 6376 section 3.6.1)."""

from collections.abc import Iterator, Mapping

from alerts.deliver.dkim import SigningKey
from alerts.deliver.dkim_keys import GOOD_BITS, LEAST_BITS, published_bits
from alerts.deliver.published.answers import Ask, Kind, read_tags, shown
from alerts.domain.diagnosis import Diagnosis, good, note, wrong
from alerts.domain.errors import InputError

PART = "dkim"


def inspect_key(key: SigningKey, ask: Ask) -> list[Diagnosis]:
    """Return what is to be said of the record of a key of ours."""
    answer = ask(key.name, "TXT")
    publish = f'publish TXT "{key.record}"'
    if answer.kind is Kind.FAILED:
        return [wrong(PART, f"{key.name} could not be looked up: {answer.why}")]
    if not answer.values:
        return [wrong(PART, f"{key.name} has no record, so no signature counts: {publish} there")]
    if len(answer.values) > 1:
        return [wrong(PART, f"{key.name} has {len(answer.values)} records: leave one, {publish}")]
    try:
        tags = read_tags(answer.values[0])
        fault = next(_faults(key, tags), "")
    except InputError as error:
        fault = f"cannot be read: {error}"
    if fault:
        return [wrong(PART, f"the record of {key.name} {fault}; {publish}")]
    said = f"{key.name} holds the key that signs ({key.algorithm}, {key.bits} bits)"
    return [good(PART, said), *_remarks(key, tags)]


def _faults(key: SigningKey, tags: Mapping[str, str]) -> Iterator[str]:
    """Yield why receivers would not verify our signatures by a record; the first one tells most.

    Raises:
        InputError: ``p=`` holds no key.
    """
    kind = key.algorithm.partition("-")[0]
    public = "".join(tags.get("p", "").split())
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        yield "does not begin with v=DKIM1"
    if not public:
        yield "says that the key is revoked (p= is empty)" if "p" in tags else "has no p="
    if tags.get("k", "rsa").lower() != kind:
        yield f"is for {shown(tags.get('k', 'rsa'))} keys, and ours is {kind}"
    if "h" in tags and "sha256" not in _listed(tags["h"]):
        yield f"admits {shown(tags['h'])} only, and we sign with sha256"
    if "s" in tags and not {"*", "email"} & set(_listed(tags["s"])):
        yield f"is for {shown(tags['s'])} and not for mail"
    bits = published_bits(kind, public)
    if kind == "rsa" and bits < LEAST_BITS:
        yield f"holds a key of {bits} bits, which nobody accepts"
    if public != key.public:
        yield f"holds another key (of {bits} bits) than ALERTS_DKIM"


def _remarks(key: SigningKey, tags: Mapping[str, str]) -> list[Diagnosis]:
    remarks = []
    if key.algorithm.startswith("rsa") and key.bits < GOOD_BITS:
        weak = f"the key {key.selector} has {key.bits} bits: make one of {GOOD_BITS} (`alerts dkim new`)"
        remarks.append(note(PART, weak))
    if "y" in _listed(tags.get("t", "")):
        trial = f"the record of {key.name} says that the key is on trial (t=y), so receivers may take mails for unsigned: take that out"
        remarks.append(note(PART, trial))
    return remarks


def _listed(value: str) -> list[str]:
    return [one.strip().lower() for one in value.split(":")]
