"""The payload codec: everything that workflows, activities and people say to each other is sealed before Temporal sees it.

Sealed is a whole payload, its own metadata included and made small first, with AES-256-GCM under the key of its complaint. The
outside says `encoding: binary/encrypted` and `key: <key id>/<tenant>/<leaf>`, which is all that is needed to find the key again;
it is the associated data, so it cannot be changed. Cost: 110 bytes and some microseconds a payload.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec, SerializationContext, WithSerializationContext

from sealing.errors import Forged
from sealing.keyring import Keyring
from sealing.small import made_small, made_whole
from sealing.tree import DEPTH, leaf_of

ENCODING = b"binary/encrypted"
_NONCE = 12
_HEX = DEPTH // 4


class Scope(NamedTuple):
    """Whose key: a complaint's own, or the one that everything else of a tenant shares."""

    tenant: str
    leaf: int


def scope_of(workflow_id: str) -> Scope:
    """`complaint/<tenant>/<id>` has a key of its own, `<anything else>/<tenant>/…` that of the tenant."""
    kind, _, rest = workflow_id.partition("/")
    tenant, _, name = rest.partition("/")
    return Scope(tenant, leaf_of(workflow_id if kind == "complaint" and name else f"tenant/{tenant}"))


class SealingCodec(PayloadCodec, WithSerializationContext):
    """Seals in the scope of the workflow that a payload is for. What is not sealed is let through: operators' own Signals."""

    def __init__(self, keyring: Keyring, scope: Scope | None = None) -> None:
        self.keyring = keyring
        self._scope = scope

    def with_context(self, context: SerializationContext) -> SealingCodec:
        workflow_id = getattr(context, "workflow_id", None)
        return SealingCodec(self.keyring, scope_of(workflow_id) if workflow_id else None)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Raises Erased."""
        scope = self._scope or scope_of("")
        key = self.keyring.newest
        name = f"{key}/{scope.tenant}/{scope.leaf:0{_HEX}x}".encode()
        cipher = self.keyring.cipher(key, scope.leaf)
        sealed = []
        for payload in payloads:
            nonce = secrets.token_bytes(_NONCE)
            data = nonce + cipher.encrypt(nonce, made_small(payload.SerializeToString()), name)
            sealed.append(Payload(metadata={"encoding": ENCODING, "key": name}, data=data))
        return sealed

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Raises Erased, KeyUnknown, Forged."""
        return [self._opened(payload) for payload in payloads]

    def _opened(self, payload: Payload) -> Payload:
        name = sealed_name(payload)
        if name is None:
            return payload
        key, scope = read_name(name)
        # A complaint's own key opens in that complaint only. One that a tenant shares, under which operators' tools seal, opens
        # anywhere: who could put it there could as well put it there in plain.
        if self._scope not in (None, scope) and scope.leaf != leaf_of(f"tenant/{scope.tenant}"):
            raise Forged("sealed for another complaint")
        try:
            opened = self.keyring.cipher(key, scope.leaf).decrypt(payload.data[:_NONCE], payload.data[_NONCE:], name)
        except InvalidTag as error:
            raise Forged("changed since it was sealed") from error
        return Payload.FromString(made_whole(opened))


def sealed_name(payload: Payload) -> bytes | None:
    """The name of the key behind a payload; None when it is not sealed."""
    return payload.metadata["key"] if payload.metadata.get("encoding") == ENCODING else None


def read_name(name: bytes) -> tuple[str, Scope]:
    """The key's id and the scope. Raises Forged."""
    try:
        key, tenant, leaf = name.decode("ascii").split("/")
        if len(leaf) != _HEX:  # a longer one would be walked down bit by bit before anything is checked
            raise ValueError(leaf)
        return key, Scope(tenant, int(leaf, 16))
    except ValueError as error:
        raise Forged("sealed by another program") from error
