"""The embedded stack with stand-ins for its parts, and with the real Temporal server where its data matters."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import psutil
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from stack.lock import holder
from stack.state import read
from tests.doubles import free_port
from tests.stack.standins import STUBBORN, TABLE, Standin, processes_of

ROOT = Path(__file__).parents[2]


class Stack:
    """A stack that runs as a process, and what it has printed."""

    started: ClassVar[list["Stack"]] = []

    def __init__(self, folder: Path, *table: Standin) -> None:
        self.started.append(self)
        self.printed = folder / "printed"
        environment = {
            **os.environ,
            "STANDIN_STACK": str(folder),
            "STANDIN_TABLE": TABLE.dump_json(list(table)).decode(),
            "LC_ALL": "C.UTF-8",
        }
        with self.printed.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.stack.standins", str(folder)], cwd=ROOT, env=environment, stdout=out, stderr=out
            )

    def said(self) -> str:
        return self.printed.read_text(encoding="utf-8")

    def until(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        give_up_at = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.05)

    def until_running(self) -> None:
        self.until(lambda: "Redress is running" in self.said())

    def ends(self, *, by: signal.Signals | None = None) -> int:
        if by is not None:
            self.process.send_signal(by)
        return self.process.wait(timeout=20)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for process in processes_of(tmp_path):
        process.kill()
    for stack in Stack.started:
        stack.process.wait()
    Stack.started.clear()


def test_a_taken_port_is_named_with_its_holder_and_the_variable_that_moves_it(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holding:
        port = holding.getsockname()[1]
        stack = Stack(folder, Standin(name="web", port=port))
        assert stack.ends() == 1
    assert f"Port {port} (web) is taken by" in stack.said()
    assert f"pid {os.getpid()}" in stack.said()
    assert "REDRESS_WEB_PORT" in stack.said()
    assert not (folder / "log" / "web.log").exists()


def test_a_part_that_fails_is_named_with_the_end_of_its_log_and_all_others_end(folder: Path) -> None:
    broken = "import sys; print('no such table: complaint'); sys.exit(3)"
    stack = Stack(
        folder,
        Standin(name="web", port=free_port()),
        Standin(name="migrate", code=broken, after=("web",)),
        Standin(name="worker", port=free_port(), after=("migrate",)),
    )
    assert stack.ends() == 1
    assert "migrate did not start: ended with exit code 3." in stack.said()
    assert "no such table: complaint" in stack.said()
    assert "worker: starting" not in stack.said()
    assert processes_of(folder) == []


def test_a_part_that_is_never_ready_is_named_too(folder: Path) -> None:
    stack = Stack(folder, Standin(name="deaf", code="import time; time.sleep(600)", port=free_port(), patience=0.5))
    assert stack.ends() == 1
    assert "deaf did not start: not ready after" in stack.said()
    assert processes_of(folder) == []


def test_parts_start_after_what_they_need_and_stop_before_it(folder: Path) -> None:
    stack = Stack(
        folder,
        Standin(name="api", port=free_port(), after=("migrate", "server")),
        Standin(name="migrate", code="print('migrated')"),
        Standin(name="server", port=free_port()),
    )
    stack.until_running()
    assert {part.name: part.state for part in read(folder / "stack.json")} == {
        "api": "ready",
        "migrate": "done",
        "server": "ready",
    }
    assert stack.ends(by=signal.SIGTERM) == 0
    happened = [line.split(maxsplit=1)[1] for line in stack.said().splitlines() if ": " in line]
    order = [happened.index(each) for each in ("api: starting", "api: stopping", "api: stopped", "server: stopping")]
    assert order == sorted(order)
    assert max(index for index, line in enumerate(happened) if line.startswith(("migrate: done", "server: ready"))) < order[0]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_no_process_even_when_a_part_does_not_listen(folder: Path, by: signal.Signals) -> None:
    stack = Stack(folder, Standin(name="web", port=free_port()), Standin(name="stubborn", code=STUBBORN, port=free_port()))
    stack.until_running()
    assert len(processes_of(folder)) >= 6  # the stack, its watchdog, two parts with a child each
    assert stack.ends(by=by) == 0
    assert processes_of(folder) == []
    assert holder(folder / "stack.lock") is None


def test_a_killed_stack_leaves_no_orphan_and_the_next_start_waits_for_its_end(folder: Path) -> None:
    table = [Standin(name="web", port=free_port()), Standin(name="stubborn", code=STUBBORN, port=free_port())]
    killed = Stack(folder, *table)
    killed.until_running()
    orphans = processes_of(folder)
    assert killed.ends(by=signal.SIGKILL) == -signal.SIGKILL

    next_one = Stack(folder, *table)
    next_one.until(lambda: next_one.said().count("Redress is running") == 2, seconds=30)
    assert set(orphans) & set(processes_of(folder)) == set()
    assert next_one.ends(by=signal.SIGTERM) == 0
    assert processes_of(folder) == []


def test_a_part_that_dies_is_told_and_started_again(folder: Path) -> None:
    stack = Stack(folder, Standin(name="web", port=free_port()))
    stack.until_running()
    [before] = [part.pid for part in read(folder / "stack.json")]
    assert before is not None
    stack.until(lambda: len(psutil.Process(before).children()) == 1)
    of_before = {psutil.Process(before), *psutil.Process(before).children()}
    psutil.Process(before).kill()
    stack.until(lambda: stack.said().count("web: ready") == 2)
    assert of_before & set(processes_of(folder)) == set()
    assert "web: down (ended by SIGKILL; starting it again in 1 s)" in stack.said()
    assert [part.pid for part in read(folder / "stack.json")] != [before]
    assert stack.ends(by=signal.SIGTERM) == 0


def test_a_second_start_in_the_same_folder_says_that_one_is_running(folder: Path) -> None:
    stack = Stack(folder, Standin(name="web", port=free_port()))
    stack.until_running()
    second = Stack(folder, Standin(name="web", port=free_port()))
    assert second.ends() == 1
    assert f"Redress is already running here (pid {stack.process.pid})." in second.said()
    assert stack.ends(by=signal.SIGTERM) == 0


async def test_a_restart_continues_with_the_same_complaints_even_after_a_kill(folder: Path) -> None:
    server = Standin(name="temporal", port=free_port(), ui_port=free_port())
    first = Stack(folder, server)
    first.until_running()
    client = await Client.connect(f"127.0.0.1:{server.port}")
    await client.start_workflow("Waiting", id="complaint/demo/cmp_1", task_queue="nobody")
    assert first.ends(by=signal.SIGKILL) == -signal.SIGKILL

    second = Stack(folder, server)
    second.until(lambda: second.said().count("Redress is running") == 2, seconds=40)
    client = await Client.connect(f"127.0.0.1:{server.port}")
    found = await client.get_workflow_handle("complaint/demo/cmp_1").describe()
    assert (found.workflow_type, found.status.name if found.status else "") == ("Waiting", "RUNNING")
    assert await _seconds_that_closed_ones_are_kept(client) == 720 * 3600
    assert second.ends(by=signal.SIGTERM) == 0
    assert processes_of(folder) == []


async def _seconds_that_closed_ones_are_kept(client: Client) -> int:
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    return described.config.workflow_execution_retention_ttl.seconds
