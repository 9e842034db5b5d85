"""The soak in its short form: everything that is begun comes to its end, and the report keeps its part."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.goals import Figure, Findings
from bench.report import write_report, write_soak
from bench.soak.run import SHORT, soak


@pytest.mark.slow
async def test_an_hour_passes_for_all_that_are_open_and_nothing_is_lost_on_the_way() -> None:
    found = await soak(SHORT)
    assert {figure.unit for figure in found.figures} == {"%", "MB"}
    [table] = found.tables
    assert [row[0] for row in table.rows] == ["Temporal server", "worker", "API", "partners"]


def test_the_soak_has_its_own_part_of_the_report_and_each_run_replaces_only_its_own(tmp_path: Path) -> None:
    report = tmp_path / "performance.md"
    write_report(report, Findings(figures=[Figure("intake", 0.9)]), quick=False, seconds=60)
    write_soak(report, Findings(figures=[Figure("worker grown", 1.5, "%", most=5)]))
    write_soak(report, Findings(figures=[Figure("worker grown", 2.5, "%", most=5)]))
    write_report(report, Findings(figures=[Figure("intake", 0.95)]), quick=False, seconds=60)
    text = report.read_text(encoding="utf-8")
    assert "0.95" in text
    assert "0.90" not in text
    assert "2.50 %" in text
    assert "1.50 %" not in text
    assert text.count("## An hour of soak") == 1
