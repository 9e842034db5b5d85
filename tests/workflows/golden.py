"""What golden histories are recorded of: the walks through the procedures, and which files each of them leaves.

Time is real while they are recorded: what has to be late was received in the past, and no wait is longer than a few seconds.
Periods that no recording can wait for are shortened in the copy of the pack that is kept beside the histories.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house import ROOT, Filed, House

HISTORIES = Path(__file__).parent / "histories"
# Handles of the workflows that were walked, in the order of the files.
Walk = Callable[[House], Awaitable[tuple[Any, ...]]]
Life = Callable[[House], Awaitable[Filed]]
# A row's words in the pack, and those in the copy.
SHORTER: dict[str, tuple[tuple[str, str], ...]] = {
    "loyalty": (('after = "7d"\nowner = "agent"\ndeadline = "revisit"', 'after = "2s"\nowner = "agent"\ndeadline = "revisit"'),),
    "food": (
        ('"malice_presumed", "closed", "withdrawn"]\nwithin = "48h"', '"malice_presumed", "closed", "withdrawn"]\nwithin = "2s"'),
    ),
    "marketplace": (
        (
            'after = "3d"\nowner = "agent"\ndeadline = "service_visit"',
            'after = "2s"\nowner = "agent"\ndeadline = "service_visit"',
        ),
    ),
}


@dataclass(frozen=True)
class Walked:
    """One walk. With `short_runs` the server suggests a new run after forty events."""

    pack: str
    files: tuple[str, ...]
    walk: Walk
    short_runs: bool = False


WALKS: list[Walked] = []


def walked(pack: str, *files: str, short_runs: bool = False) -> Callable[[Walk], Walk]:
    """Register a walk that leaves these files."""

    def register(walk: Walk) -> Walk:
        WALKS.append(Walked(pack, files, walk, short_runs))
        return walk

    return register


def complaint(pack: str) -> Callable[[Life], Life]:
    """Register the life of one complaint: its history is called as the function is."""

    def register(life: Life) -> Life:
        async def walk(house: House) -> tuple[Any, ...]:
            return ((await life(house)).handle,)

        WALKS.append(Walked(pack, (life.__name__,), walk))
        return life

    return register


def pack_copy(pack: str) -> Path:
    """Where the text is kept that the histories of this pack were recorded under."""
    return HISTORIES / f"{pack}-2026-11.toml"


def pack_text(pack: str) -> str:
    """The pack's text of this moment, shortened. Raises ValueError when a row that is shortened reads otherwise now."""
    file = ROOT / "policies" / pack / "2026-11.toml"
    text = file.read_text(encoding="utf-8")
    for said, shorter in SHORTER.get(pack, ()):
        if text.count(said) != 1:
            raise ValueError(f"{file}: {said!r} is there {text.count(said)} times; look at SHORTER in {__file__}")
        text = text.replace(said, shorter)
    return text
