"""Read and make the private keys of signatures. Needs the extra ``dkim`` (the package cryptography)."""

import re
from base64 import b64decode, b64encode
from hashlib import sha256

from alerts.deliver.address import ascii_domain
from alerts.deliver.dkim import SigningKey
from alerts.domain.errors import InputError

LEAST_BITS = 1024  # RFC 8301 section 3.2: what is shorter, nobody accepts
GOOD_BITS = 2048
MOST_BITS = 4096
MISSING = "signing needs the package cryptography: pip install 'ip-risk-alerts[dkim]'."
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63})*")


def read_key(selector: str, domain: str, pem: bytes) -> SigningKey:
    """Return the key of ``domain`` under ``selector``; ``pem`` is an unencrypted private key, RSA or Ed25519.

    Raises:
        InputError: it is none, or cannot sign for that name; one sentence.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
    except ImportError:
        raise InputError(MISSING) from None
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError("this is no private key in PEM form without a password.") from None
    return _signing(_selector(selector), ascii_domain(domain), private)


def make_key(*, ed25519: bool) -> bytes:
    """Return a new private key as PEM: RSA of 2048 bits, or Ed25519.

    Raises:
        InputError: the extra is not installed.
    """
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise InputError(MISSING) from None
    private = Ed25519PrivateKey.generate() if ed25519 else rsa.generate_private_key(65537, GOOD_BITS)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private.private_bytes(*form)


def published_bits(kind: str, public: str) -> int:
    """Return the length of a public key as the DNS publishes it (``p=``).

    Raises:
        InputError: it is none of that kind; one clause.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        raw = b64decode(public, validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw) if kind == "ed25519" else load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"p= holds no {kind} key") from None
    if isinstance(key, RSAPublicKey):
        return key.key_size
    if kind == "ed25519":
        return 256
    raise InputError(f"p= holds no {kind} key")


def _selector(text: str) -> str:
    if not _SELECTOR.fullmatch(text):
        raise InputError(f"{text!r} is no selector: letters, digits, hyphens and dots, such as 2026a.")
    return text.lower()


def _signing(selector: str, domain: str, private: object) -> SigningKey:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(private, Ed25519PrivateKey):
        key, raw = private, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

        def sign(data: bytes) -> bytes:
            """Return the signature of the data's SHA-256 (RFC 8463 section 3)."""
            return key.sign(sha256(data).digest())

        return SigningKey(selector, domain, "ed25519-sha256", b64encode(raw).decode(), 256, sign)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise InputError("only RSA and Ed25519 keys sign mails.")
    if not LEAST_BITS <= private.key_size <= MOST_BITS:
        raise InputError(
            f"an RSA key of {private.key_size} bits cannot sign mails; use {GOOD_BITS} ({LEAST_BITS} to {MOST_BITS})."
        )
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    way, hashed = padding.PKCS1v15(), hashes.SHA256()
    strong = private
    return SigningKey(
        selector,
        domain,
        "rsa-sha256",
        b64encode(der).decode(),
        private.key_size,
        lambda data: strong.sign(data, way, hashed),
    )
