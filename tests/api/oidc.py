"""An OIDC issuer on this machine: discovery and keys over HTTP, and tokens signed with them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.doubles import Answering, answering

_WRITERS: dict[str, Any] = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}


def key_for(algorithm: str) -> Any:
    """A new private key that signs with this algorithm."""
    match algorithm:
        case "RS256":
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate()


def jwk(kid: str, algorithm: str, key: Any, **changes: Any) -> dict[str, Any]:
    """The public half of a key as it is published."""
    made: dict[str, Any] = json.loads(_WRITERS[algorithm].to_jwk(key.public_key()))
    return {**made, "kid": kid, "use": "sig", "alg": algorithm, **changes}


class Issuer:
    """Its answers can be changed while it runs; callers wait while it is not `free`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: dict[str, tuple[str, Any]] = {}
        self.published: list[dict[str, Any]] = []
        self.pages: dict[str, bytes] = {}
        self.status = 200
        self.asked: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def add(self, kid: str, algorithm: str) -> None:
        key = key_for(algorithm)
        self.keys[kid] = (algorithm, key)
        self.published.append(jwk(kid, algorithm, key))

    def token(self, kid: str, **changes: Any) -> str:
        algorithm, key = self.keys[kid]
        soon = int(time.time()) + 600
        good = {"iss": self.url, "aud": "redress", "sub": "lin", "tenant": "home-demo", "roles": ["agent"], "exp": soon}
        claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        self.free.wait(20)
        if path in self.pages:
            return self.status, self.pages[path]
        if path == "/.well-known/openid-configuration":
            return self.status, json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/keys"}).encode()
        return self.status, json.dumps({"keys": self.published}).encode()


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """An issuer with one key of each algorithm, on a free port."""

    class Handler(Answering):
        def do_GET(self) -> None:
            self.answer(*issuer.answer(self.path), Location=f"{issuer.url}/elsewhere")

    with answering(Handler) as url:
        issuer = Issuer(url)
        for algorithm in _WRITERS:
            issuer.add(algorithm.lower(), algorithm)
        try:
            yield issuer
        finally:
            issuer.free.set()
