"""Public keys of issuers of tokens, and which algorithms each may check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

# Asymmetric ones only: never "none", and never a public key taken for the secret of an HMAC.
_OF_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_OF_CURVE = {"secp256r1": frozenset({"ES256"}), "secp384r1": frozenset({"ES384"})}
_OF_EDWARDS = frozenset({"EdDSA"})
ALGORITHMS = _OF_RSA.union(_OF_EDWARDS, *_OF_CURVE.values())
_SMALLEST_RSA = 2048


@dataclass(frozen=True, eq=False)
class Key:
    """A public key, the name its issuer gives it, and the algorithms that it checks."""

    kid: str | None
    public: PublicKey
    algorithms: frozenset[str]


class KeySet(Protocol):
    """The keys of one issuer."""

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names; without a name the only one of its algorithm. Raises IssuerAway."""
        ...


class IssuerAway(Exception):
    """The issuer's keys cannot be had now; the message says why, for the log."""


class OwnKeys:
    """Keys that this process holds itself."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = tuple(keys)

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        return pick(self._keys, kid, algorithm)


def pick(keys: Iterable[Key], kid: str | None, algorithm: str) -> Key | None:
    """The key of this name; without a name the only one that checks the algorithm. None when there is none for it."""
    fitting = [key for key in keys if algorithm in key.algorithms and kid in (None, key.kid)]
    return fitting[0] if len(fitting) == 1 else None


def keys_of(document: Any) -> tuple[Key, ...]:
    """The keys of a JWK set that can check tokens; others (for encryption, secrets, too short, unknown kinds) are left out."""
    listed = document.get("keys") if isinstance(document, dict) else None
    return tuple(key for each in listed if (key := _key_of(each)) is not None) if isinstance(listed, list) else ()


def _key_of(jwk: Any) -> Key | None:
    # A private key in a public place is nobody's any more.
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or "d" in jwk:
        return None
    try:
        public, algorithms = _public(jwk)
    except (jwt.InvalidKeyError, ValueError, TypeError, KeyError):
        return None
    if "alg" in jwk:
        algorithms = algorithms & {str(jwk["alg"])}
    kid = jwk.get("kid")
    return Key(kid if isinstance(kid, str) else None, public, algorithms) if algorithms else None


def _public(jwk: dict[str, Any]) -> tuple[Any, frozenset[str]]:
    match jwk.get("kty"):
        case "RSA":
            rsa = RSAAlgorithm.from_jwk(jwk)
            return rsa, _OF_RSA if isinstance(rsa, RSAPublicKey) and rsa.key_size >= _SMALLEST_RSA else frozenset()
        case "EC":
            curve = ECAlgorithm.from_jwk(jwk)
            return curve, _OF_CURVE.get(curve.curve.name, frozenset())
        case "OKP":
            edwards = OKPAlgorithm.from_jwk(jwk)
            return edwards, _OF_EDWARDS if isinstance(edwards, Ed25519PublicKey) else frozenset()
    return None, frozenset()
