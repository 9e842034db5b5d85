"""Temporal away: whoever needs it says so, in seconds and aloud, and goes on when it is back (trap 11 of other systems)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desk.client import connect
from desk.door import Desk
from desk.errors import TemporalAway
from domain import commands as c
from settings import Settings
from tests.doubles import free_port
from tests.house import AGENT, ROOT, signed_by
from tests.tables import migrated
from tests.temporal import data_keys, sealed


async def test_trap_11_the_desk_says_within_seconds_that_temporal_is_away() -> None:
    client = await connect(Settings(temporal_address=f"127.0.0.1:{free_port()}"), sealed())
    desk = Desk(client, "redress")
    complaint, respond = "cmp_" + "a" * 26, signed_by(AGENT, c.Respond(message="您好，已登记。"))
    for call in (
        lambda: desk.look("home-demo", complaint),
        lambda: desk.command("home-demo", complaint, "respond", respond, "key-1"),
    ):
        began = time.monotonic()
        with pytest.raises(TemporalAway):
            await call()
        # Two seconds of trying. The client by itself would try for ten.
        assert time.monotonic() - began < 9
    assert not await desk.is_there()


def test_trap_11_a_worker_says_aloud_that_temporal_is_away_waits_and_ends_when_asked(tmp_path: Path) -> None:
    environment = os.environ | {
        "REDRESS_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "REDRESS_DATABASE_URL": migrated(tmp_path),
        "REDRESS_DATA_KEYS_FILE": str(data_keys()),
    }
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while "Temporal" not in (said := (tmp_path / "worker.log").read_text()):
                assert worker.poll() is None, said
                assert time.monotonic() < end, said
                time.sleep(0.1)
            assert "away" in said or "不可用" in said
            time.sleep(1.5)
            assert worker.poll() is None, "it must wait, not end"
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
