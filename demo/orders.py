"""Late and lost orders of a marketplace's order file, by the classes that the procedure knows."""

from __future__ import annotations

import asyncio
import csv
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from demo.failure import DemoFailed
from settings.language import text

Class = Literal["short", "longer", "long", "lost"]
CLASSES: tuple[Class, ...] = ("short", "longer", "long", "lost")
TITLES: dict[Class, tuple[str, str]] = {
    "short": ("1-2 days late", "延迟1-2天"),
    "longer": ("3-5 days late", "延迟3-5天"),
    "long": ("over 5 days late", "延迟超过5天"),
    "lost": ("never delivered", "一直未送达"),
}


@dataclass(frozen=True)
class Grievance:
    """An order that its customer has reason to complain about. `days` is None where nothing ever arrived."""

    number: str
    kind: Class
    days: int | None
    said: str  # the customer's own words, where the file has them

    @property
    def category(self) -> str:
        return "transport_loss" if self.days is None else "transport_delay"


def read(file: Path) -> list[Grievance]:
    """The late and the lost orders of a file with Olist's columns, in its order. Raises DemoFailed when it is no such file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [grievance for row in csv.DictReader(lines) if (grievance := _grievance(row)) is not None]
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise DemoFailed(
            text(f"{file} cannot be read as orders: {error!r}", f"无法将 {file} 作为订单文件读取：{error!r}")
        ) from error


def _grievance(row: dict[str, str]) -> Grievance | None:
    said = row["review_comment_message"].strip()
    delivered, arrived = row["order_status"] == "delivered", row["order_delivered_customer_date"]
    if not delivered and not arrived:
        return Grievance(row["order_id"], "lost", None, said)
    if not delivered or not arrived:
        return None  # cancelled after arrival, or nobody wrote down when it came: the record contradicts itself
    days = (_day(arrived) - _day(row["order_estimated_delivery_date"])).days
    if days < 1:
        return None
    return Grievance(row["order_id"], "short" if days <= 2 else "longer" if days <= 5 else "long", days, said)


def _day(wall_clock: str) -> datetime:
    return datetime.fromisoformat(wall_clock).replace(hour=0, minute=0, second=0)


async def load(file: Path) -> None:
    """Put the file into the partners' order system, by the partners' own program. Raises DemoFailed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "partners", "load", str(file)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise DemoFailed(said.decode(errors="replace").strip())
