"""How the stack knows that a part is ready: each probe answers yes or no, and no while it cannot tell."""

import asyncio
import http.client
import json
import urllib.request
from collections.abc import Awaitable, Callable
from datetime import datetime

from stack.temporal_server import health_command, retention_command, temporal_binary

# Asked with the instant the part was started at (aware UTC), so that traces of an earlier run do not count.
Probe = Callable[[datetime], Awaitable[bool]]


# Never through a proxy that the environment names: these are programs on this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers_http(url: str) -> Probe:
    """Ready when the address answers with 2xx."""

    def ask() -> bool:
        try:
            with _DIRECT.open(url, timeout=2):
                return True
        except (OSError, http.client.HTTPException):
            return False

    async def probe(_started_at: datetime) -> bool:
        return await asyncio.to_thread(ask)

    return probe


def serves_temporal(address: str, namespace: str) -> Probe:
    """Ready when the server is healthy and its namespace keeps closed complaints long enough."""

    async def probe(_started_at: datetime) -> bool:
        return await _succeeds(health_command(address)) and await _succeeds(retention_command(address, namespace))

    return probe


def polls(address: str, namespace: str, task_queue: str) -> Probe:
    """Ready when a worker that was started since then asks for workflow tasks of the queue."""
    command = [str(temporal_binary()), "task-queue", "describe", "--address", address, "--namespace", namespace]

    async def probe(started_at: datetime) -> bool:
        answer = await _output([*command, "--task-queue", task_queue, "--output", "json"])
        pollers = (json.loads(answer).get("pollers") or []) if answer else []
        return any(
            poller["taskQueueType"] == "workflow" and datetime.fromisoformat(poller["lastAccessTime"]) >= started_at
            for poller in pollers
        )

    return probe


async def _succeeds(command: list[str]) -> bool:
    return await _output(command) is not None


async def _output(command: list[str]) -> bytes | None:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), timeout=10)
    except (TimeoutError, asyncio.CancelledError) as gone:
        process.kill()
        await process.wait()
        if isinstance(gone, asyncio.CancelledError):
            raise
        return None
    return output if process.returncode == 0 else None
