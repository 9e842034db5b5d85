"""The worker's way to Temporal: let in by certificates or a key, and waiting until everything is there."""

from __future__ import annotations

import asyncio
import shlex
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from temporalio.service import TLSConfig
from temporalio.testing import WorkflowEnvironment

from desk.client import connect_now
from desk.credentials import Credentials, credentials
from desk.readiness import what_is_missing
from settings import Settings
from stack.temporal_server import SEARCH_ATTRIBUTES, temporal_binary
from tests.certificates import Certificates, certificates
from tests.doubles import free_port
from tests.temporal import sealed
from worker.temporal import temporal


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, Credentials(tls=False, api_key=None)),
        ({"temporal_tls": "always"}, Credentials(tls=TLSConfig(), api_key=None)),
        ({"temporal_api_key": "k"}, Credentials(tls=TLSConfig(), api_key="k")),
        ({"temporal_api_key": "k", "temporal_tls": "never"}, Credentials(tls=False, api_key="k")),
        (
            {"temporal_tls": "always", "temporal_tls_server_name": "temporal.test"},
            Credentials(tls=TLSConfig(domain="temporal.test"), api_key=None),
        ),
    ],
)
def test_the_line_is_encrypted_when_something_asks_for_it(given: dict[str, Any], wanted: Credentials) -> None:
    assert credentials(Settings(**given)) == wanted


async def test_certificates_are_shown_and_checked(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    ours, strangers = certificates(tmp_path / "ours", "temporal.test"), certificates(tmp_path / "strangers", "temporal.test")
    host, port = str(temporal_env.client.service_client.config.target_host).split(":")
    async with _guarded(host, int(port), ours) as guarded:
        whole: dict[str, Any] = {
            "temporal_address": f"127.0.0.1:{guarded}",
            "temporal_tls_ca": ours.ca,
            "temporal_tls_cert": ours.cert,
            "temporal_tls_key": ours.key,
            "temporal_tls_server_name": "temporal.test",
        }
        client = await connect_now(Settings(**whole), sealed())
        assert await client.service_client.check_health()
        for wrong in (
            {"temporal_tls_ca": strangers.ca},  # we do not know the server
            {"temporal_tls_cert": None, "temporal_tls_key": None},  # the server does not know us
            {"temporal_tls_server_name": "another.test"},  # somebody else's certificate
        ):
            with pytest.raises(RuntimeError):
                await connect_now(Settings(**{**whole, **wrong}), sealed())


async def test_nothing_is_missing_where_all_is_set_up(temporal_env: WorkflowEnvironment) -> None:
    assert await what_is_missing(temporal_env.client) is None


async def test_the_worker_waits_and_says_for_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line holds the command that helps; it is run as it stands."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    port, namespace = free_port(), "complaints"
    settings = Settings(temporal_address=f"127.0.0.1:{port}", temporal_namespace=namespace)
    with capture_logs() as told:
        waiting = asyncio.create_task(temporal(settings, sealed()))
        await _until(lambda: told and "is away" in told[-1]["event"])
        command = [str(temporal_binary()), "server", "start-dev", "--headless", "--port", str(port), "--log-level", "error"]
        server = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
        try:
            await _until(lambda: f"no namespace {namespace}" in told[-1]["event"])
            await _run(told[-1]["event"], port)
            await _until(lambda: "lacks search attributes" in told[-1]["event"])
            assert all(f"--name {name} --type {kind}" in told[-1]["event"] for name, kind in SEARCH_ATTRIBUTES.items())
            await _run(told[-1]["event"], port)
            client = await asyncio.wait_for(waiting, 60)
            assert client.namespace == namespace
        finally:
            waiting.cancel()
            server.terminate()
            await server.wait()
    events = [each["event"] for each in told]
    assert len(events) == len(set(events))  # each reason once, however often it was tried
    assert not any("\n" in each for each in events)


async def _until(true: Callable[[], Any], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


async def _run(line: str, port: int) -> None:
    words = shlex.split(line[line.index("temporal operator") :])
    command = [str(temporal_binary()), *words[1:], "--address", f"127.0.0.1:{port}"]
    done = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    assert await done.wait() == 0, line


@asynccontextmanager
async def _guarded(host: str, port: int, files: Certificates) -> AsyncIterator[int]:
    """The port of a door before the server that is encrypted and lets in only who shows the certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(files.ca))
    context.load_cert_chain(files.cert, files.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        except (OSError, ssl.SSLError):
            pass
        finally:
            target.close()

    async def open_door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection(host, port)
        await asyncio.gather(carry(reader, behind[1]), carry(behind[0], writer))

    server = await asyncio.start_server(open_door, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
