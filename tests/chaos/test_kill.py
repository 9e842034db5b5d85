"""kill -9 of the worker and of the Temporal server, in the middle of 20 complaints: all end right, each refund exactly once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.chaos.run import SHORT, run


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_twenty_complaints_survive_the_worker_and_the_server_being_killed(tmp_path: Path) -> None:
    outcome = asyncio.run(run(tmp_path, SHORT, seed=20261121))
    assert outcome.findings.all == []
    assert [kill.victim for kill in outcome.kills] == ["worker", "temporal", "worker"]
    assert all(kill.open >= 10 for kill in outcome.kills), "a kill that meets nobody proves nothing"
    assert outcome.again > 0, "somebody must have fallen silent"
    assert outcome.commands == sum(7 + extra for extra in [0, 0, 1, 1, 0] * 4)
