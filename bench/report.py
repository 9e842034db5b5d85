"""The findings on the terminal and as docs/performance.md."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from subprocess import run

from rich.console import Console
from rich.table import Table as RichTable

from bench.goals import Figure, Findings, shown
from bench.stand import machine
from stack.temporal_server import temporal_binary

_HEAD = ("figure", "measured", "goal now", "", "aim", "bare Temporal, same run", "note")
_SOAK = "## An hour of soak"
_MARK = {True: "ok", False: "**not reached**", None: ""}


def _row(figure: Figure) -> tuple[str, ...]:
    value = f"{shown(figure.value)} {figure.unit}".strip()
    return figure.name, value, figure.goal, _MARK[figure.reached], figure.aim, figure.bare, figure.note


def print_table(console: Console, found: Findings) -> None:
    table = RichTable(*_HEAD)
    for figure in found.figures:
        style = {True: "green", False: "red", None: None}[figure.reached]
        table.add_row(*(cell.strip("*") for cell in _row(figure)), style=style)
    console.print(table)
    for each in found.tables:
        detail = RichTable(*each.head, title=each.title)
        for row in each.rows:
            detail.add_row(*row)
        console.print(detail)
    for note in found.notes:
        console.print(f"- {note}", highlight=False)


def write_report(out: Path, found: Findings, *, quick: bool, seconds: float) -> None:
    """Overwrites the file; what people add to it by hand belongs into HOW below or into the measurements' notes."""
    where = machine()
    command = "python -m bench --quick" if quick else "make bench"
    lines = [
        "# Speed and cost",
        "",
        f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}, in {seconds / 60:.0f} minutes; do not edit. "
        "Every figure is of that one run, and so is the figure of bare Temporal beside it.",
        "",
        f"Machine: {where['processor']}, {where['memory']}; everything on it, over loopback: server, worker, API, partners, "
        f"mail sink and the load. {platform.system()}, Python {platform.python_version()}, temporalio {version('temporalio')}, "
        f"{_server_version()}, SQLite in WAL mode for Temporal and for the journal.",
        "",
        *_markdown(_HEAD, [_row(figure) for figure in found.figures]),
    ]
    missed = [figure for figure in found.figures if figure.reached is False]
    lines += ["", f"{len(missed)} of {sum(f.reached is not None for f in found.figures)} goals are not reached.", ""]
    for table in found.tables:
        lines += [f"## {table.title}", "", *_markdown(table.head, table.rows), ""]
    if found.notes:
        lines += ["## What holds the figures, and how they were measured", "", *(f"- {note}" for note in found.notes), ""]
    out.parent.mkdir(parents=True, exist_ok=True)
    # The soak is a run of its own; its part stays until the next one.
    out.write_text("\n".join(lines) + _soak_of(out), encoding="utf-8")


def write_soak(out: Path, found: Findings) -> None:
    """Puts the soak's part at the end of the report, in the place of an earlier one."""
    before = out.read_text(encoding="utf-8").removesuffix(_soak_of(out)) if out.exists() else ""
    where = machine()
    lines = [
        _SOAK,
        "",
        f"Written by `make soak` on {datetime.now(UTC):%Y-%m-%d}; do not edit. Machine: {where['processor']}, {where['memory']}.",
        "",
        *_markdown(_HEAD, [_row(figure) for figure in found.figures]),
        "",
    ]
    for table in found.tables:
        lines += [f"### {table.title}", "", *_markdown(table.head, table.rows), ""]
    lines += [f"- {note}" for note in found.notes]
    out.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")


def _soak_of(report: Path) -> str:
    """The soak's part of a report, or nothing."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    return text[text.index(_SOAK) :] if _SOAK in text else ""


def _markdown(head: tuple[str, ...], rows: list[tuple[str, ...]] | tuple[tuple[str, ...], ...]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def _server_version() -> str:
    said = run([str(temporal_binary()), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    # It says: temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)
    return f"temporal CLI {said.removeprefix('temporal version ')}"
