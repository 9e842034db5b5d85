"""kill -9 of everything that runs, in the middle of 20 complaints: all end right, each effect exactly once, each promise told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.chaos.run import SHORT, run


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_twenty_complaints_survive_whatever_is_killed(tmp_path: Path) -> None:
    outcome = asyncio.run(run(tmp_path, SHORT, seed=20261121))
    assert outcome.findings.all == []
    assert sorted(kill.victim for kill in outcome.kills) == ["api", "database", "partners", "temporal", "worker"]
    assert sum(kill.open >= 5 for kill in outcome.kills) >= 3, "a kill that meets nobody proves nothing"
    assert outcome.again > 0, "somebody must have fallen silent"
    assert outcome.missed > 0, "promises must have fallen due in the middle of it"
    assert outcome.effects >= 20
