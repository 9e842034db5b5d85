"""`python -m demo`: complaints from door to drawer on this machine. `python -m demo file-orders`: many real ones at once."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from demo.failure import DemoFailed
from demo.filing import file_orders as file_all
from demo.house import running
from demo.run import MARKETPLACE, playing, tell_stories
from demo.show import Screen
from demo.stories import STORIES
from settings import Settings, get_settings
from settings.language import text
from stack.keys import make_missing_keys

app = typer.Typer(add_completion=False, help=text("A walk through Redress.", "Redress 演示。"))


class Language(StrEnum):
    """What the person at the terminal reads."""

    ZH = "zh"
    EN = "en"


_LOCALES = {Language.ZH: "zh_CN.UTF-8", Language.EN: "en_US.UTF-8"}
_NAMES = ", ".join(story.name for story in STORIES)
LanguageOption = Annotated[Language | None, typer.Option(help=text("Default: that of the terminal.", "默认为终端语言。"))]
KeepOption = Annotated[bool, typer.Option("--keep", help=text("Leave Redress running.", "结束后保持运行。"))]


@app.callback(invoke_without_command=True)
def stories(
    context: typer.Context,
    lang: LanguageOption = None,
    keep: KeepOption = False,
    orders: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=text("Real orders too, from this file.", "同时演示该文件中的真实订单。")),
    ] = None,
    story: Annotated[list[str] | None, typer.Option(help=text(f"Only these: {_NAMES}.", f"只演示：{_NAMES}。"))] = None,
) -> None:
    _read_in(lang)
    if context.invoked_subcommand is not None:
        return
    unknown = set(story or ()) - {each.name for each in STORIES}
    if unknown:
        raise typer.BadParameter(text(f"there is no story {', '.join(unknown)}; choose {_NAMES}", f"可选的故事：{_NAMES}"))
    chosen = tuple(each for each in STORIES if not story or each.name in story)

    async def act(settings: Settings, screen: Screen) -> None:
        await tell_stories(settings, screen, chosen, orders)

    _play(act, keep=keep)


@app.command(
    name="file-orders", help=text("Late and lost orders of a file become complaints.", "把文件中延迟和丢失的订单转为投诉。")
)
def file_orders(
    orders: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help=text("CSV with Olist's columns.", "Olist 列格式的 CSV。"))
    ],
    limit: Annotated[int | None, typer.Option(min=1, help=text("At most so many.", "最多件数。"))] = None,
    lang: LanguageOption = None,
    keep: KeepOption = False,
) -> None:
    _read_in(lang)

    async def act(settings: Settings, screen: Screen) -> None:
        async with playing(settings, screen, secrets.token_hex(3), MARKETPLACE) as play:
            await file_all(play, orders, limit)

    _play(act, keep=keep)


def _read_in(lang: Language | None) -> None:
    """Everything that is started from here reads the same language."""
    if lang is not None:
        os.environ["LC_ALL"] = _LOCALES[lang]


def _play(act: Callable[[Settings, Screen], Awaitable[None]], *, keep: bool) -> None:
    make_missing_keys()
    settings, console = get_settings(), Console(highlight=False)

    async def main() -> None:
        ours = asyncio.current_task()
        assert ours is not None
        # A polite end, however it is asked for: what was started here is stopped.
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ours.cancel)
        screen = Screen(console)
        async with running(settings, screen, keep=keep):
            await act(settings, screen)

    try:
        asyncio.run(main())
    except DemoFailed as failed:
        console.print(Text(str(failed), style="bold red"), soft_wrap=True)
        raise typer.Exit(1) from failed
    except asyncio.CancelledError:
        raise typer.Exit(130) from None


if __name__ == "__main__":
    app()
