"""Many complaints open at once: how late a missed promise is noticed among them, and what they cost while nothing happens."""

from __future__ import annotations

import time

from bench import idle, lateness
from bench.goals import Findings
from bench.opening import crowd, progress, quiet
from bench.stand import stand

# In seconds. What is not open by then is not waited for, and the report says so.
_OPENING = 240
_MORE = 420


async def measure(quick: bool) -> Findings:
    return await measured(few=1_000, many=1_000, due=100) if quick else await measured(few=10_000, many=30_000, due=400)


async def measured(few: int, many: int, due: int) -> Findings:
    """Lateness among a few, then the idle cost of many: opening them takes most of the time, so they are opened once."""
    async with stand("partners", "mailsink", "worker", "bare") as built:
        before = idle.empty(built)
        open_ones = await crowd(built)
        begun = time.monotonic()
        await open_ones.grow_to(few, until=begun + _OPENING)
        opened_in = time.monotonic() - begun
        waited = await quiet(built, 300)
        found = Findings(
            notes=[
                f"{open_ones.opened:,} complaints were opened in {opened_in:.0f} s, their first tasks done {waited:.0f} s later: "
                "started with a case that they carry, as a continued or reopened complaint is."
            ]
        )
        progress(f"{due} promises fall due")
        found.add(await lateness.among(built, open_ones, due))
        # Its polls would be counted as ours.
        built.stop("bare")
        await open_ones.grow_to(many, until=time.monotonic() + _MORE)
        progress("nothing happens")
        found.add(await idle.of(built, open_ones, before, many))
    return found
