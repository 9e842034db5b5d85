"""Whether a program is well, asked from outside while it can not answer for itself."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from threading import Thread

import pytest

from settings import Settings
from telemetry import pulse
from telemetry.process import watched
from tests.doubles import free_port


def status(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


async def test_a_program_whose_loop_stands_still_is_not_well_and_is_again_when_it_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.1)
    port, seen = free_port(), list[int]()

    def ask_until(wanted: int) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            seen.append(status(port))
            if seen[-1] == wanted:
                return
            time.sleep(0.05)

    async with watched(Settings(_env_file=None), None, port):
        await asyncio.to_thread(ask_until, 200)
        asking = Thread(target=ask_until, args=(503,))
        asking.start()
        asking.join()  # holds the loop
        assert seen[-1] == 503
        await asyncio.to_thread(ask_until, 200)
        assert seen[-1] == 200
