"""`python -m bench` measures every goal of the project beside bare Temporal, in one run, and writes docs/performance.md."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import commands, complaint, crowded, intake, worklist
from bench.goals import Findings
from bench.report import print_table, write_report

Measurement = Callable[[bool], Awaitable[Findings]]
MEASUREMENTS: dict[str, Measurement] = {
    "intake": intake.measure,
    "complaint": complaint.measure,
    "commands": commands.measure,
    "crowd": crowded.measure,
    "worklist": worklist.measure,
}


async def run(names: list[str], quick: bool, console: Console) -> Findings:
    """One measurement after the other, each on a fresh stand."""
    found = Findings()
    for name in names:
        begun = time.monotonic()
        console.print(f"{name} ...", highlight=False)
        part = await MEASUREMENTS[name](quick)
        print_table(console, part)
        console.print(f"{name}: {time.monotonic() - begun:.0f} s", style="dim", highlight=False)
        found.add(part)
    # Temporal's threads may crash a process that ends in their sight (sdk-python #300).
    await asyncio.sleep(0.3)
    return found


def main(
    quick: Annotated[bool, typer.Option(help="A small form of two minutes or so, for development.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Only these: {', '.join(MEASUREMENTS)}.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the report is written; nowhere when only a part is measured.")] = None,
) -> None:
    unknown = set(only or ()) - set(MEASUREMENTS)
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(MEASUREMENTS)}")
    console = Console(width=150)
    begun = time.monotonic()
    found = asyncio.run(run(only or list(MEASUREMENTS), quick, console))
    print_table(console, found)
    out = out or (None if only or quick else Path("docs/performance.md"))
    if out is not None:
        write_report(out, found, quick=quick, seconds=time.monotonic() - begun)
        console.print(f"written to {out}")


if __name__ == "__main__":
    typer.run(main)
