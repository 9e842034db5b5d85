"""One start of a stack from the check of its ports to the end of its last part."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from settings.language import text
from stack.console import StartingDisplay, show_ready
from stack.lock import AlreadyRunning, held
from stack.parts import Part
from stack.ports import taken
from stack.state import Written
from stack.supervisor import PartFailed, Supervisor


def launch(
    parts: list[Part], *, state_dir: Path, variables: Mapping[str, str], console: Console, first_steps: Sequence[str] = ()
) -> int:
    """Runs the parts in the foreground until Ctrl-C or SIGTERM. Returns the exit code: 1 when they could not be brought up."""
    try:
        with held(lock_file(state_dir)) as lock:
            lines = taken([port for part in parts for port in part.ports])
            for line in lines:
                console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
            return 1 if lines else asyncio.run(_supervise(parts, lock, state_dir, variables, console, first_steps))
    except AlreadyRunning as other:
        running = text(
            f"Redress is already running here (pid {other.pid}). See it: make status. Stop it: make stop.",
            f"Redress 已在此目录运行(进程 {other.pid})。查看：make status；停止：make stop。",
        )
        console.print(running, style="red", markup=False, highlight=False, soft_wrap=True)
        return 1


def lock_file(state_dir: Path) -> Path:
    """The file whose holder is the stack of this folder."""
    return state_dir / "stack.lock"


def state_file(state_dir: Path) -> Path:
    """Where the running stack writes what it runs."""
    return state_dir / "stack.json"


async def _supervise(
    parts: list[Part], lock: int, state_dir: Path, variables: Mapping[str, str], console: Console, first_steps: Sequence[str]
) -> int:
    logs = _fresh_logs(state_dir, parts)
    with StartingDisplay(console, parts, Written(state_file(state_dir), parts)) as display:
        supervisor = Supervisor(parts, logs=logs, variables=variables, tell=display.tell)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)

        def all_ready() -> None:
            display.finish()
            show_ready(console, parts, first_steps)

        try:
            await supervisor.run(lock, all_ready)
        except PartFailed as failed:
            display.finish()
            _explain(failed, console)
            return 1
    return 0


def _fresh_logs(state_dir: Path, parts: list[Part]) -> Path:
    """An empty log for each part; the one before is kept as <part>.log.1."""
    logs = state_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    for part in parts:
        log = logs / f"{part.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        log.touch()
    return logs


def _explain(failed: PartFailed, console: Console) -> None:
    console.print(
        text(f"{failed.part.title} did not start: {failed.reason}.", f"{failed.part.title} 启动失败：{failed.reason}。"),
        style="bold red",
    )
    lines = failed.last_lines()
    console.print(
        text(f"The end of {failed.log}:", f"{failed.log} 的末尾：")
        if lines
        else text(f"{failed.log} is empty.", f"{failed.log} 为空。")
    )
    for line in lines:
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
