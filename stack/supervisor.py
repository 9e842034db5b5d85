"""Starts the parts in order, keeps them alive, and takes all of them down again."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from settings.language import text
from stack.parts import Part

State = Literal["waiting", "starting", "ready", "done", "failed", "restarting", "stopping", "stopped"]
# Told at every change: the part, its new state, its pid while it has one, and a note for the reader.
Tell = Callable[[Part, State, int | None, str], None]

_BACKOFF_MAX = 30.0  # seconds
_STEADY_AFTER = 60.0  # seconds; a part that lived this long starts its backoff anew
_TICK = 0.05  # seconds between two looks at a process
_ASK_EVERY = 0.1  # seconds between two questions whether it is ready


class PartFailed(Exception):
    """A part did not come up."""

    def __init__(self, part: Part, reason: str, log: Path) -> None:
        super().__init__(f"{part.title}: {reason}")
        self.part = part
        self.reason = reason
        self.log = log

    def last_lines(self, count: int = 15) -> list[str]:
        """What the part said last."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]


class Supervisor:
    """Runs a table of parts until told to stop."""

    def __init__(self, parts: list[Part], *, logs: Path, variables: Mapping[str, str], tell: Tell) -> None:
        self._parts = parts
        self._logs = logs
        self._environment = {**os.environ, **variables}
        self._tell = tell
        self._ready = {part.name: asyncio.Event() for part in parts}
        self._running: dict[str, subprocess.Popen[bytes]] = {}  # in the order of their start
        self._stopping = asyncio.Event()
        self._hurry = False
        self._failure: Exception | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Asks for the end; asked twice, nobody is waited for."""
        self._hurry = self._stopping.is_set()
        self._stopping.set()

    async def run(self, lock: int, when_ready: Callable[[], None]) -> None:
        """Brings all parts up, calls `when_ready` once, and returns when everything has been stopped.

        The watchdog keeps the file descriptor `lock` open. Raises PartFailed, with everything stopped, when a part does not
        come up the first time. Later a part that ends is started again, after 1 s and then twice as long each time up to 30 s.
        """
        self._watchdog = _start_watchdog(lock)
        keepers = [asyncio.create_task(self._keep(part)) for part in self._parts]
        stopping = asyncio.create_task(self._stopping.wait())
        up = asyncio.create_task(self._all_ready())
        try:
            await asyncio.wait({stopping, up}, return_when=asyncio.FIRST_COMPLETED)
            if not self._stopping.is_set():
                when_ready()
            await stopping
        finally:
            for task in (up, stopping, *keepers):
                task.cancel()
            await asyncio.gather(up, stopping, *keepers, return_exceptions=True)
            await self._stop_all()
            self._watchdog.communicate()
        if self._failure is not None:
            raise self._failure

    async def _all_ready(self) -> None:
        for event in self._ready.values():
            await event.wait()

    async def _keep(self, part: Part) -> None:
        """The life of one part: wait for what it needs, bring it up, bring it up again whenever it ends."""
        try:
            self._tell(part, "waiting", None, ", ".join(part.after))
            for name in part.after:
                await self._ready[name].wait()
            await self._bring_up(part)
            if part.ready is not None:
                await self._revive_for_ever(part)
        except Exception as failure:  # whatever it is, the stack must not stay half up in silence
            self._failure = self._failure or failure
            self._stopping.set()

    async def _revive_for_ever(self, part: Part) -> None:
        delay = 1.0
        while True:
            came_up = time.monotonic()
            ended = await _end_of(self._running[part.name])
            if time.monotonic() - came_up > _STEADY_AFTER:
                delay = 1.0
            self._forget(part)
            reason = text(f"{_ending(ended)}; starting it again in {delay:.0f} s", f"{_ending(ended)}；{delay:.0f} 秒后重新启动")
            self._tell(part, "restarting", None, reason)
            await asyncio.sleep(delay)
            delay = min(delay * 2, _BACKOFF_MAX)
            try:
                await self._bring_up(part)
            except PartFailed:  # told already; it is ended by now, so the next round starts it again
                continue

    async def _bring_up(self, part: Part) -> None:
        """Starts a part and waits until it is ready. Raises PartFailed with the part ended."""
        began, started_at = time.monotonic(), datetime.now(UTC)
        log = self._logs / f"{part.name}.log"
        process = self._spawn(part, log)
        self._tell(part, "starting", process.pid, "")
        while True:
            seconds = time.monotonic() - began
            ended = process.poll()
            if ended == 0 and part.ready is None:
                self._forget(part)
                self._tell(part, "done", None, f"{seconds:.1f} s")
                break
            if ended is not None:
                reason = _ending(ended)
            elif part.ready is not None and await part.ready(started_at) and process.poll() is None:
                self._tell(part, "ready", process.pid, f"{seconds:.1f} s")
                break
            elif seconds > part.patience:
                reason = text(f"not ready after {part.patience:.0f} s", f"{part.patience:.0f} 秒后仍未就绪")
                await self._end(part)
            else:
                await asyncio.sleep(_ASK_EVERY)
                continue
            self._tell(part, "failed", None, reason)
            raise PartFailed(part, reason, log)
        self._ready[part.name].set()

    def _spawn(self, part: Part, log: Path) -> subprocess.Popen[bytes]:
        """Starts a process in a session of its own, so that Ctrl-C reaches the stack only, which then stops parts in order."""
        with log.open("ab") as out:
            try:
                process = subprocess.Popen(
                    part.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self._environment, start_new_session=True
                )
            except OSError as error:
                reason = text(f"cannot be started: {error}", f"无法启动：{error}")
                self._tell(part, "failed", None, reason)
                raise PartFailed(part, reason, log) from error
        self._running[part.name] = process
        self._tell_watchdog("+", process.pid)
        return process

    def _forget(self, part: Part) -> None:
        """A part has ended: what it left behind in its process group ends too."""
        process = self._running.pop(part.name)
        _signal(process.pid, signal.SIGKILL)
        self._tell_watchdog("-", process.pid)

    async def _stop_all(self) -> None:
        parts = {part.name: part for part in self._parts}
        for name, process in reversed(list(self._running.items())):
            alive = process.poll() is None
            if alive:
                self._tell(parts[name], "stopping", process.pid, "")
                await self._end(parts[name])
            self._forget(parts[name])
            if alive:
                self._tell(parts[name], "stopped", None, "")

    async def _end(self, part: Part) -> None:
        """SIGTERM, then SIGKILL after the part's grace, or at once when in a hurry."""
        process = self._running[part.name]
        _signal(process.pid, signal.SIGTERM)
        give_up_at = time.monotonic() + part.grace
        while process.poll() is None:
            if self._hurry or time.monotonic() > give_up_at:
                _signal(process.pid, signal.SIGKILL)
            await asyncio.sleep(_TICK)

    def _tell_watchdog(self, sign: str, group: int) -> None:
        assert self._watchdog is not None
        assert self._watchdog.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # somebody killed it: the stack itself goes on
            self._watchdog.stdin.write(f"{sign}{group}\n".encode())
            self._watchdog.stdin.flush()


def _start_watchdog(lock: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "stack.watchdog"], stdin=subprocess.PIPE, pass_fds=(lock,), start_new_session=True
    )


async def _end_of(process: subprocess.Popen[bytes]) -> int:
    while (code := process.poll()) is None:  # noqa: ASYNC110 - a process is no event, and asyncio's would hide how it ended
        await asyncio.sleep(_TICK)
    return code


def _ending(code: int) -> str:
    if code < 0:
        return text(f"ended by {signal.Signals(-code).name}", f"被 {signal.Signals(-code).name} 终止")
    return text(f"ended with exit code {code}", f"已退出，退出码 {code}")


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
