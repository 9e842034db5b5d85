"""Signatures of webhooks, in and out, as the Standard Webhooks specification has them (standardwebhooks.com).

What is signed is `id.timestamp.body`; the header holds `v1,<base64 of HMAC-SHA256>`, several of them parted by spaces.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable

_PREFIX = "whsec_"
_FROM_ENVIRONMENT = "env:"


class NoSecret(ValueError):
    """A secret that cannot be used. The message names where it was to come from, never the secret itself."""


def key_of(secret: str) -> bytes:
    """The key behind a secret: `whsec_` + base64, `env:NAME` for a variable that holds one, or any other text as it is.

    Raises NoSecret.
    """
    if secret.startswith(_FROM_ENVIRONMENT):
        name = secret.removeprefix(_FROM_ENVIRONMENT)
        secret = os.environ.get(name, "").strip()
        if not secret or secret.startswith(_FROM_ENVIRONMENT):
            raise NoSecret(f"the variable {name} holds no secret")
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise NoSecret("a secret begins with whsec_ and goes on with what is not base64") from None
    if not key:
        raise NoSecret("a secret is empty behind whsec_")
    return key


def sign(keys: Iterable[bytes], message_id: str, timestamp: str, body: bytes) -> str:
    """The Webhook-Signature header: one signature a key, so that a receiver may change its secret without a gap."""
    return " ".join(f"v1,{_digest(key, message_id, timestamp, body).decode()}" for key in keys)


def fits(key: bytes, header: str, message_id: str, timestamp: str, body: bytes) -> bool:
    """Whether one of the header's signatures was made with this key. Takes the same time whatever is wrong with it."""
    wanted = b"v1," + _digest(key, message_id, timestamp, body)
    equal = [hmac.compare_digest(each, wanted) for each in header.encode("latin-1", "replace").split()]
    return any(equal)  # no shortcut: every signature is compared


def _digest(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    # Headers come in as Latin-1: back to the bytes that were sent.
    signed = f"{message_id}.{timestamp}.".encode("latin-1", "replace") + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
