"""The running Redress that the demo plays in: the one that is there, or one started for it and stopped at the end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from demo.failure import DemoFailed
from demo.show import Screen
from settings import STATE_DIR, Settings
from settings.language import text
from stack.launch import lock_file, state_file
from stack.lock import holder
from stack.state import read

_PATIENCE = 120.0  # seconds from nothing to ready, on a slow machine
_GRACE = 60.0  # seconds from asking the stack to end to its end
_LOG = STATE_DIR / "log" / "demo-stack.log"


@asynccontextmanager
async def running(settings: Settings, screen: Screen, *, keep: bool) -> AsyncIterator[None]:
    """Redress answers while the block runs. Raises DemoFailed when it cannot be brought up."""
    async with httpx.AsyncClient(base_url=settings.api_url, trust_env=False, timeout=5) as api:
        state = await _readiness(api)
        if state == "degraded":
            raise DemoFailed(
                text(
                    f"Redress runs at {settings.api_url}, but its database does not answer: make status",
                    f"Redress 在 {settings.api_url} 运行，但数据库没有应答：make status",
                )
            )
        if state == "ready":
            screen.note(text(f"Redress is running at {settings.api_url}.", f"Redress 已在 {settings.api_url} 运行。"))
            yield
            return
        started = await _start() if holder(lock_file(STATE_DIR)) is None else None
        try:
            await _until_ready(api, started, screen)
            yield
        finally:
            if started is not None and started.returncode is None:
                if keep:
                    screen.note(text("Redress goes on running. Stop it: make stop", "Redress 继续运行。停止：make stop"))
                else:
                    await _stop(started, screen)


async def _readiness(api: httpx.AsyncClient) -> str:
    """What /readyz says: ready, degraded or not_ready; away when nobody answers."""
    try:
        return str((await api.get("/readyz")).json().get("status", "not_ready"))
    except (httpx.HTTPError, ValueError):
        return "away"


async def _start() -> asyncio.subprocess.Process:
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    with _LOG.open("wb") as log:
        # A session of its own: Ctrl-C ends the demo, and the demo ends the stack.
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "stack", "up"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


async def _until_ready(api: httpx.AsyncClient, started: asyncio.subprocess.Process | None, screen: Screen) -> None:
    give_up_at = asyncio.get_running_loop().time() + _PATIENCE
    with screen.waiting(text("Starting Redress ...", "正在启动 Redress ……")) as tell:
        while True:
            if started is not None and started.returncode is not None:
                raise DemoFailed(_last_words(_LOG))
            # The API may be ready before the worker is: the demo wants everything.
            parts = read(state_file(STATE_DIR))
            missing = [part.title for part in parts if part.state not in ("ready", "done")]
            if parts and not missing and await _readiness(api) == "ready":
                return
            if asyncio.get_running_loop().time() > give_up_at:
                late = ", ".join(missing) or "API"
                raise DemoFailed(text(f"Redress is not ready: {late}. See var/log.", f"Redress 未就绪：{late}。请查看 var/log。"))
            if missing:
                tell(text("Starting: ", "正在启动：") + ", ".join(missing))
            await asyncio.sleep(0.2)


async def _stop(started: asyncio.subprocess.Process, screen: Screen) -> None:
    with screen.waiting(text("Stopping Redress ...", "正在停止 Redress ……")), contextlib.suppress(ProcessLookupError):
        started.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(started.wait(), _GRACE)
        except TimeoutError:
            started.kill()  # its watchdog takes the parts down
            await started.wait()
    screen.note(text("Redress has stopped; what happened stays in var/.", "Redress 已停止，数据保留在 var/ 中。"))


def _last_words(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    return text("Redress did not start:", "Redress 启动失败：") + "\n" + "\n".join(said.splitlines()[-20:])
