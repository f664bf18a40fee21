"""Sign mails with DKIM (RFC 6376), with RSA, Ed25519 (RFC 8463) or both.

The body is its own canonical form (:mod:`alerts.deliver.splice`), so its hash is given; here only the header is made canonical.
Each header that a reader could be deceived with is signed and listed once more than it stands there, so that nobody can add
another one behind the signature; the two of one-click unsubscription must be covered (RFC 8058 section 4), ``Feedback-ID`` too
(Gmail heeds it only then). Both algorithms are deterministic and the time is the delivery's own: copies stay the same, byte for byte.
Never ``l=``, which would let anybody add words behind ours.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

SIGNED = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    "Auto-Submitted", "List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Archive",
    "Feedback-ID",
)  # fmt: skip
COLUMNS = 76  # of a line of the signature


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of a domain under a selector: ``sign`` returns the signature of octets, ``public`` is what the DNS publishes as ``p=``."""

    selector: str
    domain: str
    algorithm: str  # rsa-sha256 or ed25519-sha256
    public: str
    bits: int
    sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Return where the public half is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """Return the TXT record that is published there."""
        return f"v=DKIM1; k={self.algorithm.partition('-')[0]}; p={self.public}"


class Signer:
    """Signs with each of its keys; RSA first, which every receiver can check."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self.keys = tuple(sorted(keys, key=lambda key: key.algorithm != "rsa-sha256"))

    def signatures(self, fields: Sequence[str], body_hash: bytes, at: datetime) -> list[str]:
        """Return a header field of each key, to stand before ``fields``, which are the whole header with their line ends."""
        names = tuple(field.partition(":")[0].lower() for field in fields)
        listed, places = _listed(names)
        signed = b"".join([_canonical(fields[place]) for place in places])
        hashed, stamp = b64encode(body_hash).decode(), int(at.timestamp())
        return [_signature(key, f"t={stamp};\r\n {listed}\r\n bh={hashed};", signed) for key in self.keys]


def _signature(key: SigningKey, common: str, signed: bytes) -> str:
    head = f"DKIM-Signature: v=1; a={key.algorithm}; c=relaxed/relaxed; d={key.domain};\r\n s={key.selector}; {common}\r\n b="
    value = b64encode(key.sign(signed + _canonical(head)[:-2])).decode()
    lines = [value[at : at + COLUMNS - 3] for at in range(0, len(value), COLUMNS - 3)]
    return head + "\r\n ".join(lines) + "\r\n"


@lru_cache(maxsize=64)
def _listed(names: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the tag ``h=`` for a header with these names, folded, and the places of the fields that it covers, in its order.

    Of fields with one name the last one comes first (RFC 6376 section 5.4.2).
    """
    places = [
        (name, place)
        for name in map(str.lower, SIGNED)
        for place in (*reversed([at for at, one in enumerate(names) if one == name]), None)
    ]
    lines = ["h="]
    for name, _ in places:
        if len(lines[-1]) + len(name) + 1 > COLUMNS:
            lines.append("")
        lines[-1] += f"{name}:"
    listed = "\r\n ".join(lines).removesuffix(":") + ";"
    return listed, tuple(place for _, place in places if place is not None)


def _canonical(written: str) -> bytes:
    """Return a field in relaxed form: lower-case name, unfolded, single blanks (RFC 6376 section 3.4.2)."""
    name, _, value = written.encode().partition(b":")
    return b"%s:%s\r\n" % (name.strip().lower(), b" ".join(value.split()))
