"""The issuer inside this program: tokens for development, and customers' links. Its key pairs are made from a secret.

Only public keys check a token, here as with any other issuer, so there is no shared-secret algorithm to be tricked into.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

AUDIENCE = "redress"
DEV_ISSUER = "redress-dev"
LINK_ISSUER = "redress-link"
DECISION_ISSUER = "redress-decision"
ALGORITHM = "EdDSA"


@lru_cache(maxsize=32)
def signing_key(secret: str, issuer: str) -> Ed25519PrivateKey:
    """The key pair of one issuer under one secret: the same for ever, and another one for each issuer."""
    seed = HKDF(SHA256(), 32, salt=None, info=f"redress token key of {issuer}".encode()).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def key_id(public: Ed25519PublicKey) -> str:
    """The `kid` of a key, made from it."""
    return base64.urlsafe_b64encode(hashlib.sha256(public.public_bytes_raw()).digest()[:12]).decode()


def sign(secret: str, issuer: str, claims: Mapping[str, Any]) -> str:
    """A token of this issuer with these claims; issuer and audience are added."""
    key = signing_key(secret, issuer)
    payload = {"iss": issuer, "aud": AUDIENCE, **claims}
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": key_id(key.public_key())})
