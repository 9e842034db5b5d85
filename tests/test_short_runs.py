"""Short runs of the programs that speak with Temporal: fifty of each end as they should, in a time that has an end.

Temporal's threads crashed processes that ended in their sight (sdk-python #300).
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.actor import Actor, Role
from domain.journal import Closed, Withdrawn
from domain.order import Customer
from sealing import key_file
from storage.__main__ import migrate_database
from storage.database import open_database
from storage.journal import Journal
from tests.api.world import TENANT
from tests.doubles import wait_for
from tests.storage.stories import Story
from tests.test_programs import environment, running, takes_calls

pytestmark = pytest.mark.slow
_RUNS = int(os.environ.get("SHORT_RUNS", "50"))
# Beyond that no new one is begun: a slow machine shows fewer, and says so.
_WITHIN_SECONDS = 240
_SIDE_BY_SIDE = 2


@pytest_asyncio.fixture(loop_scope="session")
async def temporal(temporal_env: WorkflowEnvironment) -> AsyncIterator[dict[str, str]]:
    """Where a program finds the server of these tests, and a queue that nobody else serves."""
    address = str(temporal_env.client.service_client.config.target_host)
    yield {"REDRESS_TEMPORAL_ADDRESS": address, "REDRESS_TASK_QUEUE": f"short-{uuid.uuid4().hex[:8]}"}


@pytest_asyncio.fixture(loop_scope="session")
async def database(tmp_path: Path) -> str:
    """The address of one with its tables."""
    address = f"sqlite+aiosqlite:///{tmp_path}/redress.db"
    opened = open_database(address)
    await migrate_database(opened)
    await opened.close()
    return address


async def _fifty(run: Callable[[int], int]) -> None:
    """So many runs, some side by side, each named by a number; all of them have to end with 0."""
    codes: list[int] = []
    until = time.monotonic() + _WITHIN_SECONDS

    async def line(first: int) -> None:
        for number in range(first, _RUNS, _SIDE_BY_SIDE):
            if time.monotonic() < until:
                codes.append(await asyncio.to_thread(run, number))

    await asyncio.gather(*(line(first) for first in range(_SIDE_BY_SIDE)))
    assert codes == [0] * len(codes)
    if len(codes) < _RUNS:
        pytest.skip(f"{len(codes)} of {_RUNS} ended well in {_WITHIN_SECONDS} s; the rest was not tried")


def _is_up(module: str, port: int, log: Path) -> bool:
    return takes_calls(port) if module == "api" else "is ready" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", ["worker", "api"])
async def test_a_service_that_is_stopped_as_soon_as_it_is_there(
    temporal: dict[str, str], database: str, tmp_path: Path, module: str
) -> None:

    def run(number: int) -> int:
        folder = tmp_path / str(number)
        folder.mkdir()
        given = environment(folder, **temporal, REDRESS_DATABASE_URL=database)
        log = folder / f"{module}.log"
        with running(module, given, folder) as program:
            up = functools.partial(_is_up, module, int(given["REDRESS_API_PORT"]), log)
            wait_for(lambda: program.poll() is not None or up(), 90, every=0.1)
            program.send_signal(signal.SIGTERM)
            code = program.wait(60)
        assert code == 0, log.read_text(encoding="utf-8")
        return code

    await _fifty(run)


async def test_a_command_that_asks_temporal_one_thing_and_ends(temporal: dict[str, str], database: str, tmp_path: Path) -> None:
    """Each erases a customer of its own: the database, the history, the key."""
    opened = open_database(database)
    for number in range(_RUNS):
        customer = Customer(name="李秘密", customer_id=f"cust-{number}")
        story = Story(tenant=TENANT, customer=customer).responded("您好。")
        story.tell(Withdrawn(reason="已解决"), Actor(id=f"cust-{number}", roles=(Role.CUSTOMER,))).tell(
            Closed(outcome="withdrawn")
        )
        await Journal(opened).record(story.entries, story.case)
    await opened.close()
    for line in range(_SIDE_BY_SIDE):
        key_file.make(tmp_path / f"keys-{line}" / "data.keys")

    def run(number: int) -> int:
        keys = tmp_path / f"keys-{number % _SIDE_BY_SIDE}" / "data.keys"
        given = environment(tmp_path, **temporal, REDRESS_DATABASE_URL=database, REDRESS_DATA_KEYS_FILE=str(keys))
        asked = ["erase-customer", "--tenant", TENANT, "--customer", f"cust-{number}", "--reason", "request 7", "--by", "root"]
        ended = subprocess.run(
            [sys.executable, "-m", "api", *asked], cwd=tmp_path, env=given, capture_output=True, text=True, timeout=90
        )
        assert ended.returncode == 0, ended.stderr
        return ended.returncode

    await _fifty(run)
