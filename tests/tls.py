"""Certificates of a throw-away authority for servers on loopback."""

import datetime
import functools
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("localhost", "feeds.example", "mail.example")


@functools.cache
def loopback_tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server context and the client context that trusts it, for 127.0.0.1, ::1 and NAMES."""
    pem, secret = _pair()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        server.load_cert_chain(*_written(Path(folder), pem, secret))
    return server, ssl.create_default_context(cadata=pem.decode())


def certificate_files(folder: Path) -> tuple[Path, Path]:
    """Write the certificate and the key of :func:`loopback_tls` for a server of another program; return where."""
    return _written(folder, *_pair())


@functools.cache
def _pair() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    alternatives: list[x509.GeneralName] = [x509.DNSName(each) for each in NAMES]
    alternatives += [x509.IPAddress(ipaddress.ip_address(each)) for each in ("127.0.0.1", "::1")]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate, plain = builder.sign(key, hashes.SHA256()), serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return certificate.public_bytes(serialization.Encoding.PEM), secret


def _written(folder: Path, pem: bytes, secret: bytes) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(pem)
    key.write_bytes(secret)
    return certificate, key
