"""A key for every complaint out of one secret, each of which can be destroyed without touching the others.

The secret is the root of a binary tree (Goldreich, Goldwasser, Micali): a keyed hash leads from a node to its two children, the
bits of a leaf say which way to go, and nobody can go up. Destroying a leaf replaces the nodes on its path by the siblings along
it: every other leaf is still reached, this one never again. Nothing has to be written down when a complaint begins.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator

# Two of a million complaints share a leaf, and so an erasure, once in five hundred times.
DEPTH = 48
_BYTES = 32

# Path (a text of 0 and 1) -> secret of that node. The whole tree is {"": root}.
Nodes = dict[str, bytes]


def plant() -> Nodes:
    """A new tree."""
    return {"": secrets.token_bytes(_BYTES)}


def plant_like(trees: Iterable[Nodes]) -> Nodes:
    """A new tree in which nobody finds what one of these has lost either: what was destroyed once stays so."""
    found = {""}
    for tree in trees:
        found = {path for path in found if _above(tree, path) is not None} | {
            path for path in tree if _above(found, path) is not None
        }
    ways = {path[:depth] for path in found for depth in range(len(path))}
    (root,) = plant().values()
    return dict(_grown("", root, found, ways))


def leaf_of(name: str) -> int:
    """The leaf that belongs to a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[: DEPTH // 8], "big")


def secret_of(nodes: Nodes, leaf: int) -> bytes | None:
    """The secret at a leaf; None when it has been destroyed."""
    path = _path(leaf)
    top = _above(nodes, path)
    if top is None:
        return None
    secret = nodes[top]
    for bit in path[len(top) :]:
        secret = _child(secret, bit)
    return secret


def without(nodes: Nodes, leaf: int) -> Nodes:
    """The same tree in which nobody finds this leaf any more."""
    path = _path(leaf)
    top = _above(nodes, path)
    if top is None:
        return nodes
    left = {where: secret for where, secret in nodes.items() if where != top}
    secret = nodes[top]
    for depth in range(len(top), DEPTH):
        bit = path[depth]
        other = "0" if bit == "1" else "1"
        left[path[:depth] + other] = _child(secret, other)
        secret = _child(secret, bit)
    return left


def _path(leaf: int) -> str:
    return format(leaf, f"0{DEPTH}b")


def _grown(path: str, secret: bytes, found: set[str], ways: set[str]) -> Iterator[tuple[str, bytes]]:
    if path in found:
        yield path, secret
    elif path in ways:
        for bit in "01":
            yield from _grown(path + bit, _child(secret, bit), found, ways)


def _above(nodes: Nodes | set[str], path: str) -> str | None:
    return next((path[:depth] for depth in range(DEPTH + 1) if path[:depth] in nodes), None)


def _child(secret: bytes, bit: str) -> bytes:
    return hashlib.blake2b(bit.encode(), digest_size=_BYTES, key=secret).digest()
