"""Intake: complaints filed through the API beside bare starts of a workflow that does nothing, on the same server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import psutil

from bench.goals import Figure, Findings, Table, median, shown
from bench.meter import cpu_ms
from bench.stand import ROOT, Stand, stand


async def measure(quick: bool) -> Findings:
    """Bare and ours take turns; the ratio is the median of the rounds' ratios, for the machine's speed drifts."""
    rounds, count = (3, 300) if quick else (7, 800)
    async with stand("api") as built:
        token = await built.token("intake", "shop")
        await _load("bare", 150, built.settings.temporal_address)
        await _load("api", 150, built.settings.api_url, token)
        seen: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for number in range(rounds):
            if number % 2:
                ours, bare = await _ours(built, count, token), await _bare(built, count)
            else:
                bare, ours = await _bare(built, count), await _ours(built, count, token)
            seen.append((bare, ours))
    ratios = [ours["rate"] / bare["rate"] for bare, ours in seen]
    rate, bare_rate = median(ours["rate"] for _, ours in seen), median(bare["rate"] for bare, _ in seen)
    return Findings(
        figures=[
            Figure(
                "intake through the API / bare start", median(ratios), least=0.9, aim="≥ 0.95", bare=f"{shown(bare_rate)}/s",
                note=f"ours {shown(rate)}/s; rounds {shown(min(ratios))}-{shown(max(ratios))}",
            ),
            Figure("intake answered, p50", median(o["p50"] for _, o in seen) * 1000, "ms", bare=_ms(seen, 0, "p50")),
            Figure("intake answered, p99", median(o["p99"] for _, o in seen) * 1000, "ms", bare=_ms(seen, 0, "p99")),
        ],
        tables=[
            Table(
                f"Intake: CPU-ms of one start, concurrency 32, {rounds} rounds of {count}",
                ("", "Temporal server", "API", "load client"),
                tuple(
                    (
                        name,
                        shown(median(pair[side]["server_cpu_ms"] for pair in seen)),
                        shown(median(pair[side].get("api_cpu_ms", 0.0) for pair in seen)) if side else "-",
                        shown(median(pair[side]["client_cpu_ms"] for pair in seen)),
                    )
                    for side, name in enumerate(("bare start_workflow", "POST /v1/complaints"))
                ),
            )
        ],
    )  # fmt: skip


def _ms(seen: list[tuple[dict[str, Any], dict[str, Any]]], side: int, name: str) -> str:
    return f"{shown(median(pair[side][name] for pair in seen) * 1000)} ms"


async def _bare(built: Stand, count: int) -> dict[str, Any]:
    return await _metered({"server": built.process("temporal")}, count, "bare", count, built.settings.temporal_address)


async def _ours(built: Stand, count: int, token: str) -> dict[str, Any]:
    parts = {"server": built.process("temporal"), "api": built.process("api")}
    return await _metered(parts, count, "api", count, built.settings.api_url, token)


async def _metered(parts: dict[str, psutil.Process], count: int, kind: str, *arguments: object) -> dict[str, Any]:
    before = {name: cpu_ms([part]) for name, part in parts.items()}
    found = await _load(kind, *arguments)
    return found | {f"{name}_cpu_ms": (cpu_ms([part]) - before[name]) / count for name, part in parts.items()}


async def _load(kind: str, *arguments: object) -> dict[str, Any]:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "bench.load", kind, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode not in (0, -6, -11):  # the process may crash at exit, after it has printed (sdk-python #300)
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found
