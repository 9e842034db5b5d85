"""Encrypted lines to a mail server, against real listeners with a certificate made for this test."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters import mail as mail_adapter
from adapters.errors import PartnerUnavailable
from adapters.mail import Letter, SmtpMail, Tls
from tests.doubles import free_port

LETTER = Letter(key="k", to="wang@example.com", subject="您的投诉已受理", text="您好！")


class Kept:
    """What an aiosmtpd server was given."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        assert server.transport.get_extra_info("sslcontext") is not None, "the line is encrypted when the letter comes"
        self.taken.append(envelope.content)
        return "250 ok"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1 in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "throw-away")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = tmp_path_factory.mktemp("certificate") / "mail.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def listening(certificate: Path, *, implicit: bool) -> Iterator[tuple[int, Kept]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    kept, port = Kept(), free_port()
    encrypted = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
    server = Controller(kept, hostname="127.0.0.1", port=port, **encrypted)
    server.start()
    try:
        yield port, kept
    finally:
        server.stop()


def mail(port: int, tls: Tls, certificate: Path | None) -> SmtpMail:
    trusted = ssl.create_default_context(cafile=certificate) if certificate else None
    return SmtpMail("127.0.0.1", port, "care@redress.example", tls=tls, tls_context=trusted, timeout=timedelta(seconds=20))


async def test_a_line_that_is_encrypted_from_the_first_byte_carries_a_letter(certificate: Path) -> None:
    with listening(certificate, implicit=True) as (port, kept):
        await mail(port, "implicit", certificate).send(LETTER)
    assert len(kept.taken) == 1


async def test_the_port_of_encrypted_submission_is_known_by_itself(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mail_adapter._SUBMISSIONS == 465
    with listening(certificate, implicit=True) as (port, kept):
        monkeypatch.setattr(mail_adapter, "_SUBMISSIONS", port)
        await mail(port, "auto", certificate).send(LETTER)
    assert len(kept.taken) == 1


@pytest.mark.parametrize("tls", ["auto", "always"])
async def test_a_server_that_offers_encryption_gets_letters_encrypted(certificate: Path, tls: Tls) -> None:
    with listening(certificate, implicit=False) as (port, kept):
        await mail(port, tls, certificate).send(LETTER)
    assert len(kept.taken) == 1


@pytest.mark.parametrize("implicit", [True, False])
async def test_a_certificate_that_nobody_vouches_for_gets_no_letter(certificate: Path, implicit: bool) -> None:
    with listening(certificate, implicit=implicit) as (port, kept), pytest.raises(PartnerUnavailable):
        await mail(port, "implicit" if implicit else "always", None).send(LETTER)
    assert kept.taken == []
