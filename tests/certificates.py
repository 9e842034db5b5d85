"""Certificates for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """An authority, and a certificate of it with its key: files, PEM."""

    ca: Path
    cert: Path
    key: Path


def certificates(folder: Path, host: str) -> Certificates:
    """Good for a server of this host name and for a client called `redress`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _name("authority")
    basic = x509.BasicConstraints(ca=True, path_length=0)
    ca = _unsigned(authority, authority, authority_key).add_extension(basic, critical=True).sign(authority_key, hashes.SHA256())
    of_host = x509.SubjectAlternativeName([x509.DNSName(host)])
    cert = _unsigned(_name("redress"), authority, own_key).add_extension(of_host, critical=False)
    signed = cert.sign(authority_key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    made = Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    made.ca.write_bytes(ca.public_bytes(pem))
    made.cert.write_bytes(signed.public_bytes(pem))
    made.key.write_bytes(own_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return made


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _unsigned(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    numbered = builder.serial_number(x509.random_serial_number())
    return numbered.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
