"""`python -m stack up | status | stop`: all of Redress on this machine, without containers."""

import contextlib
import os
import signal
import time
from typing import Annotated

import typer
from rich.console import Console

from settings import STATE_DIR, get_settings
from settings.language import text
from stack.console import show_status
from stack.first_steps import first_steps
from stack.keys import make_missing_keys
from stack.launch import launch, lock_file, state_file
from stack.lock import holder
from stack.parts import environment, redress_parts
from stack.state import read

app = typer.Typer(no_args_is_help=True, add_completion=False, help=text("Redress on this machine.", "在本机运行 Redress。"))
console = Console()


@app.command(
    help=text("Starts everything and stays in the foreground until Ctrl-C.", "启动全部组件并保持在前台，直到按下 Ctrl-C。")
)
def up(
    port_offset: Annotated[int | None, typer.Option(help=text("Added to every port.", "所有端口都加上此数。"))] = None,
) -> None:
    if port_offset is not None:
        os.environ["REDRESS_PORT_OFFSET"] = str(port_offset)
    make_missing_keys()
    settings = get_settings()
    code = launch(
        redress_parts(settings),
        state_dir=STATE_DIR,
        variables=environment(settings),
        console=console,
        first_steps=first_steps(settings.tenants_dir),
    )
    raise typer.Exit(code)


@app.command(
    help=text("Shows what runs in this folder; exit code 3 when nothing does.", "显示此目录中运行的组件；未运行时退出码为 3。")
)
def status() -> None:
    pid = _holder_or_exit()
    parts = read(state_file(STATE_DIR))
    show_status(console, pid, parts)
    raise typer.Exit(0 if all(part.state in ("ready", "done") for part in parts) else 1)


@app.command(
    help=text("Stops what runs in this folder and waits until it is gone.", "停止此目录中运行的组件，并等待其全部退出。")
)
def stop() -> None:
    pid = _holder_or_exit()
    with contextlib.suppress(ProcessLookupError):  # it was killed, and its watchdog is clearing up
        os.kill(pid, signal.SIGTERM)
    while holder(lock_file(STATE_DIR)) == pid:
        time.sleep(0.1)
    console.print(text("Redress has stopped.", "Redress 已停止。"))


def _holder_or_exit() -> int:
    pid = holder(lock_file(STATE_DIR))
    if pid is None:
        console.print(text("Redress is not running in this folder.", "Redress 未在此目录运行。"))
        raise typer.Exit(3)
    return pid


if __name__ == "__main__":
    app()
