"""The keys of a process: read from the key file when it starts, and again within a second of any change of it.

No database and no network: complaints are filed and worked on whoever else is away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealing import key_file
from sealing.errors import Erased, KeysUnusable, KeyUnknown
from sealing.key_file import Key
from sealing.tree import Nodes, secret_of, without

_log = structlog.get_logger("redress.keys")
_LOOK_EVERY_SECONDS = 1.0
_REMEMBERED = 8192


class Keyring:
    """Opens under every key of the file, seals under the newest. Raises KeysUnusable when there is none."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._stamp = _stamp(file)
        self._looked_at = time.monotonic()
        self._take(key_file.read(file))

    def _take(self, kept: key_file.KeyFile) -> None:
        self._trees: dict[str, Nodes] = {key.id: key.tree() for key in kept.keys}
        self._newest = kept.keys[-1].id
        self._pepper = base64.b64decode(kept.pepper)
        # A new memory with new trees: what was erased is forgotten here too.
        self._cipher = lru_cache(maxsize=_REMEMBERED)(self._make_cipher)

    @property
    def newest(self) -> str:
        """The key that seals now."""
        self._look()
        return self._newest

    def cipher(self, key: str, leaf: int) -> AESGCM:
        """The cipher of one complaint. Raises KeyUnknown, Erased."""
        self._look()
        return self._cipher(key, leaf)

    def _make_cipher(self, key: str, leaf: int) -> AESGCM:
        tree = self._trees.get(key)
        if tree is None:
            raise KeyUnknown(key)
        secret = secret_of(tree, leaf)
        if secret is None:
            raise Erased("the key of this complaint has been destroyed")
        return AESGCM(secret)

    def destroy(self, leaves: Iterable[int]) -> None:
        """Destroy the keys of these complaints, in the file and here; once is enough. Raises KeysUnusable, OSError."""
        wanted = set(leaves)
        with key_file.changing(self.file) as kept:
            keys = tuple(_punctured(key, wanted) for key in kept.keys)
            if keys != kept.keys:
                key_file.write(self.file, kept.model_copy(update={"keys": keys}))
        self._reload()

    def pseudonym(self, text: str) -> str:
        """A digest that tells whether two texts are the same, and that nobody without the key file can find by trying."""
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).hexdigest()

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY_SECONDS:
            return
        self._looked_at = now
        if _stamp(self.file) != self._stamp:
            try:
                self._reload()
            except KeysUnusable as error:
                # With the keys it has, the process goes on; without its file it would not start again.
                _log.error(str(error))

    def _reload(self) -> None:
        stamp = _stamp(self.file)
        self._take(key_file.read(self.file))
        self._stamp = stamp


def _punctured(key: Key, leaves: Iterable[int]) -> Key:
    before = nodes = key.tree()
    for leaf in sorted(leaves):
        nodes = without(nodes, leaf)
    return key if nodes is before else Key.holding(key.id, key.made_at, nodes)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
