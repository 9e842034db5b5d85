"""`python -m bench.soak [--short]`: exit code 1 when memory grew beyond its goal. Writes its part of docs/performance.md."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import print_table, write_soak
from bench.soak.run import measure
from settings.language import text


def main(
    short: Annotated[
        bool, typer.Option("--short", help=text("200 open complaints, half a minute.", "200 件未结投诉，半分钟。"))
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=text("The report to write into; none for --short.", "写入的报告；--short 时不写。"))
    ] = None,
) -> None:
    """Ten thousand open complaints live through an hour while people work on others; nothing may grow."""
    found = asyncio.run(measure(short))
    print_table(Console(width=150), found)
    out = out or (None if short else Path("docs/performance.md"))
    if out is not None:
        write_soak(out, found)
    # A short run ends before caches are full: it shows that everything comes to its end, not that memory is flat.
    if not short and any(figure.reached is False for figure in found.figures):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
