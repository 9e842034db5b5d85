"""What the person who starts the stack sees: a live table on a terminal, plain lines in a log."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from settings.language import text
from stack.parts import Part
from stack.state import PartState, Written
from stack.supervisor import State

_COLOURS: dict[State, str] = {
    "waiting": "dim",
    "starting": "yellow",
    "ready": "green",
    "done": "green",
    "failed": "bold red",
    "restarting": "bold red",
    "stopping": "yellow",
    "stopped": "dim",
}


def word(state: State) -> str:
    """A state in the reader's language."""
    words: dict[State, tuple[str, str]] = {
        "waiting": ("waiting", "等待中"),
        "starting": ("starting", "启动中"),
        "ready": ("ready", "就绪"),
        "done": ("done", "完成"),
        "failed": ("failed", "失败"),
        "restarting": ("down", "已停"),
        "stopping": ("stopping", "停止中"),
        "stopped": ("stopped", "已停止"),
    }
    return text(*words[state])


class StartingDisplay:
    """Shows what each part is doing until all are ready; afterwards only what changes is printed."""

    def __init__(self, console: Console, parts: list[Part], written: Written) -> None:
        self._console = console
        self._since = {part.name: time.monotonic() for part in parts}
        self._titles = {part.name: part.title for part in parts}
        self._written = written
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=8) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.finish()

    def finish(self) -> None:
        """Leaves the table as it is now on the screen."""
        if self._live:
            self._live.stop()
            self._live = None

    def tell(self, part: Part, state: State, pid: int | None, note: str) -> None:
        """One change of one part."""
        self._since[part.name] = time.monotonic()
        self._written.change(part, state, pid, note)
        if self._live is None and state != "waiting":
            line = f"{time.strftime('%H:%M:%S')}  {part.title}: {word(state)}" + (f" ({note})" if note else "")
            self._console.print(
                line, style=_COLOURS[state] if self._console.is_terminal else None, markup=False, highlight=False, soft_wrap=True
            )

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for each in self._written.parts:
            seconds = time.monotonic() - self._since[each.name]
            note = each.note
            if each.state == "starting":
                note = f"{seconds:.0f} s"
            elif each.state == "waiting" and each.note:
                titles = ", ".join(self._titles[name] for name in each.note.split(", "))
                note = text(f"for {titles}", f"等待 {titles}")
            table.add_row(each.title, f"[{_COLOURS[each.state]}]{word(each.state)}[/]", note)
        return table


def show_ready(console: Console, parts: list[Part], first_steps: Sequence[str]) -> None:
    """All addresses, and what to do with them first."""
    console.print(text("Redress is running.", "Redress 已启动。"), style="bold green")
    table = Table(show_header=False)
    for part in parts:
        for title, address in part.addresses.items():
            table.add_row(title, address)
    console.print(table)
    for line in (
        *first_steps,
        text("Ctrl-C stops everything; the next start continues.", "按 Ctrl-C 全部停止；下次启动会继续。"),
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def show_status(console: Console, pid: int, parts: list[PartState]) -> None:
    """What runs in this folder."""
    table = Table(title=text(f"Redress, pid {pid}", f"Redress，进程 {pid}"), title_justify="left", show_header=False)
    for each in parts:
        addresses = "\n".join(each.addresses.values())
        table.add_row(each.title, f"[{_COLOURS[each.state]}]{word(each.state)}[/]", str(each.pid or ""), addresses, each.note)
    console.print(table)
