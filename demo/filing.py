"""Many real orders at once: every late and lost order of a file becomes a complaint, by HTTP, each once for ever."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from demo import orders
from demo.api import NotNow
from demo.failure import DemoFailed
from demo.marketplace import intake_of
from demo.orders import Grievance
from demo.play import Play
from settings.language import text

_AT_ONCE = 16


async def file_orders(play: Play, file: Path, limit: int | None) -> None:
    """Files them and prints how many of each class, and how fast. Filed again, an order is answered by the same complaint."""
    grievances = orders.read(file)[:limit]
    if grievances and await play.edge.order(grievances[-1].number) is None:
        play.screen.note(text("Loading the orders into the partner systems ...", "正在把订单载入合作方系统 ……"))
        await orders.load(file)
    counts: Counter[tuple[str, str]] = Counter()
    waiting = iter(grievances)
    began = time.monotonic()
    await asyncio.gather(*(_clerk(play, waiting, counts) for _ in range(_AT_ONCE)))
    _show(play, counts, len(grievances), time.monotonic() - began)


async def _clerk(play: Play, waiting: Iterator[Grievance], counts: Counter[tuple[str, str]]) -> None:
    """One of several who take the next order from the same pile."""
    for grievance in waiting:
        counts[grievance.kind, await _file(play, grievance)] += 1


async def _file(play: Play, grievance: Grievance) -> str:
    order = await play.edge.order(grievance.number)
    if order is None:
        return "no_order"
    customer = {"name": order["customer_id"], "customer_id": order["customer_id"], "locale": "en"}
    customer["email"] = f"{order['customer_id']}@example.com"
    body = {"customer": customer, "order_number": grievance.number, **intake_of(grievance)}
    for _ in range(5):
        try:
            answer = await play.api.tell(play.cast.shop(), "/v1/complaints", body, f"order-{grievance.number}")
        except NotNow:
            await asyncio.sleep(1)  # the same key: it is filed once
        else:
            return "filed" if answer["created"] else "known"
    raise DemoFailed(text("The API is overloaded; run it again, nothing is filed twice.", "API 过载；请重新运行，不会重复受理。"))


def _show(play: Play, counts: Counter[tuple[str, str]], total: int, seconds: float) -> None:
    table = Table()
    for en, zh in (("Class", "类别"), ("Filed now", "本次受理"), ("Filed before", "此前已受理"), ("No such order", "无此订单")):
        table.add_column(text(en, zh))
    for kind in orders.CLASSES:
        table.add_row(text(*orders.TITLES[kind]), *(str(counts[kind, what]) for what in ("filed", "known", "no_order")))
    play.screen.console.print(table)
    rate = total / seconds if seconds else 0
    play.screen.note(
        text(
            f"{total} orders in {seconds:.1f} s: {rate:.0f} a second. Nobody answers them, so they escalate in ten minutes.",
            f"{total} 件订单，用时 {seconds:.1f} 秒，每秒 {rate:.0f} 件。无人处理，十分钟后将逐级上报。",
        )
    )
