"""The programs as processes: what is wrong is one line and exit code 1; asked to stop, they finish what they began, with 0."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.testing import WorkflowEnvironment

from domain.actor import Role
from tests.api.world import INTAKE, SECRET, TOKEN_KEY, World, as_role, world
from tests.doubles import ROOT, free_port, wait_for
from tests.house import build_house
from tests.tables import migrated
from tests.temporal import data_keys


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """What a program needs to start, and nothing of who runs the tests."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("REDRESS_", "PARTNERS_", "LC_", "LANG"))}
    ours = {
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "REDRESS_POLICIES_DIR": str(ROOT / "policies"),
        "REDRESS_TENANTS_DIR": str(ROOT / "tenants"),
        "REDRESS_DATA_KEYS_FILE": str(data_keys()),
        "REDRESS_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/redress.db",
        "REDRESS_TOKEN_KEY": TOKEN_KEY,
        "REDRESS_PARTNER_WEBHOOK_SECRET": SECRET,
        "REDRESS_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "REDRESS_API_PORT": str(free_port()),
    }
    return {**theirs, **ours, **variables}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def unmanned(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Temporal and the database are there."""
    async with world(temporal_env.client, tmp_path_factory.mktemp("unmanned")) as made:
        yield made


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A folder without a pack, and one with a company whose pack nobody has."""
    (tmp_path / "no-packs").mkdir()
    (tmp_path / "companies").mkdir()
    company = (ROOT / "tenants" / "home-demo.toml").read_text(encoding="utf-8")
    (tmp_path / "companies" / "home-demo.toml").write_text(company.replace("home@2026-11", "home@1999-01"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "variables", "told"),
    [
        ("worker", {"REDRESS_SMTP_PORT": "post"}, "The variable REDRESS_SMTP_PORT is 'post': expected a whole number."),
        ("worker", {"REDRESS_DATA_KEYS_FILE": "{}/none"}, "There is no key file {}/none"),
        ("worker", {"REDRESS_POLICIES_DIR": "{}/no-packs", "LC_ALL": "zh_CN.UTF-8"}, "{}/no-packs:1：此处没有制度包"),
        ("api", {"REDRESS_TENANTS_DIR": "{}/companies"}, "{}/companies/home-demo.toml: names the pack home@1999-01"),
        ("api", {"REDRESS_TOKEN_KEY": ""}, "REDRESS_TOKEN_KEY"),
        ("storage check", {}, "run python -m storage migrate"),
        ("worker", {}, "run python -m storage migrate"),
        ("api", {}, "run python -m storage migrate"),
        ("storage check", {"REDRESS_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/d"}, "does not answer: "),
        ("partners", {"PARTNERS_PORT": "80x"}, "The variable PARTNERS_PORT is '80x': expected a port"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_1(folders: Path, command: str, variables: dict[str, str], told: str) -> None:
    given = environment(folders, **{name: value.replace("{}", str(folders)) for name, value in variables.items()})
    ended = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=folders, env=given, capture_output=True, text=True, timeout=90
    )
    assert ended.returncode == 1
    assert told.replace("{}", str(folders)) in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "hunter2" not in ended.stdout + ended.stderr


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_begun(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with build_house(temporal_env, tmp_path) as house:
        await house.stop_worker()
        given = environment(
            tmp_path,
            REDRESS_DATABASE_URL=migrated(tmp_path),
            REDRESS_TEMPORAL_ADDRESS=str(temporal_env.client.service_client.config.target_host),
            REDRESS_TASK_QUEUE=house.task_queue,
            REDRESS_PARTNERS_URL=house.partners.url,
            REDRESS_SMTP_PORT=str(house.mail.smtp_port),
        )
        house.partners.faults(latency_ms=3000)
        filed = await house.file()
        with running("worker", given, tmp_path) as worker:

            async def asked() -> bool:
                pending = (await filed.handle.describe()).raw_description.pending_activities
                return any(each.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED for each in pending)

            await _until(asked)
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, 60) == 0
        kinds = [event.event_type for event in (await filed.handle.fetch_history()).events]
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED in kinds
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED not in kinds
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT not in kinds


def test_an_api_that_is_asked_to_stop_answers_what_it_was_asked(unmanned: World, tmp_path: Path) -> None:
    given = environment(
        tmp_path,
        REDRESS_DATABASE_URL=migrated(tmp_path),
        REDRESS_TEMPORAL_ADDRESS=str(unmanned.client.service_client.config.target_host),
        REDRESS_TASK_QUEUE=unmanned.desk.task_queue,
    )
    port = int(given["REDRESS_API_PORT"])
    body = json.dumps(INTAKE).encode()
    headers = {
        **as_role(Role.INTAKE),
        "Idempotency-Key": uuid.uuid4().hex,
        "Host": "redress.test",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Expect": "100-continue",
    }
    with running("api", given, tmp_path) as api:
        wait_for(lambda: takes_calls(port), 90)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            told = "\r\n".join(f"{name}: {value}" for name, value in headers.items())
            line.sendall(f"POST /v1/complaints HTTP/1.1\r\n{told}\r\n\r\n".encode())
            assert line.recv(1024).startswith(b"HTTP/1.1 100")  # now it waits for the rest
            api.send_signal(signal.SIGTERM)
            wait_for(lambda: not takes_calls(port), 30)
            line.sendall(body)
            answer = line.recv(65536)
        assert answer.startswith(b"HTTP/1.1 201")
        assert api.wait(60) == 0


@pytest.mark.parametrize("module", ["partners", "partners.mailsink"])
def test_the_programs_at_the_edge_end_when_asked(tmp_path: Path, module: str) -> None:
    port = free_port()
    given = environment(
        tmp_path,
        PARTNERS_PORT=str(port),
        PARTNERS_DATABASE=str(tmp_path / "partners.db"),
        MAILSINK_HTTP_PORT=str(port),
        MAILSINK_SMTP_PORT=str(free_port()),
        MAILSINK_DATABASE=str(tmp_path / "mail.db"),
    )
    with running(module, given, tmp_path) as program:
        wait_for(lambda: takes_calls(port), 90)
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0


def takes_calls(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


async def _until(true: Callable[[], Awaitable[bool]], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


@contextmanager
def running(module: str, given: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program as a process; what it says goes to a log in the folder."""
    with (folder / f"{module}.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", module], cwd=folder, env=given, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
