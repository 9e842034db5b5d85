"""The packs this process holds: filled once at start, then only read.

Workflow code looks packs up here by reference and digest. That is deterministic: the same reference and digest name the same
text for ever, and a process that lacks it fails the task (another worker may hold it) and never takes its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.policy.errors import PackMissing
from domain.policy.pack import Pack

_shelf: dict[tuple[str, str], Pack] = {}


def install(packs: Iterable[Pack]) -> None:
    """Put packs on the shelf; raises ValueError when a released version comes back with another text."""
    for pack in packs:
        for ref, digest in _shelf:
            if ref == pack.ref and digest != pack.digest:
                raise ValueError(f"{ref} is already here with digest {digest}; give the changed text a new version")
        _shelf[pack.ref, pack.digest] = pack


def pack_for(ref: str, digest: str) -> Pack:
    """Exactly this pack; raises PackMissing."""
    try:
        return _shelf[ref, digest]
    except KeyError:
        raise PackMissing(f"this worker has no {ref} with digest {digest}") from None


def latest(name: str) -> Pack:
    """The newest version of a procedure, for complaints opened now; raises PackMissing."""
    versions = [pack for pack in _shelf.values() if pack.name == name]
    if not versions:
        raise PackMissing(f"this process has no pack called {name}")
    return max(versions, key=lambda pack: [int(part) for part in pack.version.replace("-", ".").split(".")])


def released(ref: str) -> Pack:
    """The pack of this reference, whatever its digest, for a tenant's file to name it; raises PackMissing."""
    for pack in _shelf.values():
        if pack.ref == ref:
            return pack
    raise PackMissing(f"this process has no pack {ref}")
