"""`python -m bench.chaos [--short] [--complaints N] [--seed S]`: exit code 1 when anything was lost, doubled or told wrongly."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from bench.chaos.run import FULL, SHORT, Outcome, run
from settings.language import text


def chaos(
    short: Annotated[bool, typer.Option("--short", help=text("20 complaints, 5 kills.", "20 件投诉，5 次终止。"))] = False,
    complaints: Annotated[int | None, typer.Option(min=1, max=1000, help=text("How many complaints.", "投诉件数。"))] = None,
    seed: Annotated[int | None, typer.Option(help=text("Repeats the order of events.", "重现同样的顺序。"))] = None,
) -> None:
    """Kill worker, Temporal, API, partners and database in the middle of complaints, and count what is lost."""
    scale = SHORT if short else FULL
    if complaints is not None:
        scale = replace(scale, complaints=complaints)
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    folder = Path(tempfile.mkdtemp(prefix="redress-chaos-"))
    # That Temporal vanishes is what this is about: the client need not say so each time.
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="ERROR"))))
    outcome = asyncio.run(run(folder, scale, chosen))
    _show(outcome)
    if not outcome.clean:
        Console(stderr=True).print(text(f"The logs are in {folder}.", f"日志在 {folder}。"))
        raise typer.Exit(1)
    shutil.rmtree(folder, ignore_errors=True)


def _show(outcome: Outcome) -> None:
    findings = outcome.findings
    table = Table(title=text(f"Chaos, seed {outcome.seed}", f"混沌测试，种子 {outcome.seed}"), show_header=False)
    how = {False: "", True: text(" (asked)", "（请其停止）")}
    kills = ", ".join(text(f"{k.victim} at {k.at:.0f} s", f"{k.victim} 于 {k.at:.0f} 秒") + how[k.asked] for k in outcome.kills)
    for name, value in (
        (text("complaints", "投诉"), str(outcome.complaints)),
        (text("kills (kill -9; asked: SIGTERM)", "终止次数（kill -9；请其停止：SIGTERM）"), f"{len(outcome.kills)}: {kills}"),
        (text("in the middle at each kill", "终止时进行中的投诉"), ", ".join(str(kill.open) for kill in outcome.kills)),
        (text("database", "数据库"), outcome.database),
        (text("commands answered", "已答复的操作"), str(outcome.commands)),
        (text("asked again under the same key", "以同一幂等键重发"), str(outcome.again)),
        (text("promises given", "设定的时限"), str(outcome.promises)),
        (text("promises missed, rungs escalated", "逾期的时限、升级次数"), f"{outcome.missed}, {outcome.escalated}"),
        (text("mails, those that came again", "邮件，其中重复送达"), f"{outcome.mails}, {outcome.mailed_again}"),
        (text("effects at partners", "合作方执行的步骤"), str(outcome.effects)),
        (text("lost", "遗失"), _count(findings.lost)),
        (text("doubled", "重复"), _count(findings.doubled)),
        (text("journal or ledger mismatches", "日志或账目不符"), _count(findings.mismatched)),
        (text("seconds", "用时（秒）"), f"{outcome.seconds:.1f}"),
    ):
        table.add_row(name, value)
    console = Console()
    console.print(table)
    for finding in findings.all:
        console.print(f"  [red]{finding}[/red]", markup=True, highlight=False)


def _count(findings: list[str]) -> str:
    return f"[red]{len(findings)}[/red]" if findings else "[green]0[/green]"


if __name__ == "__main__":
    typer.run(chaos)
