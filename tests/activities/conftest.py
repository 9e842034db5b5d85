"""Activities over real files, a real database and the real programs at the edge of the world."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from domain.policy.pack import Pack
from storage.__main__ import migrate_database
from storage.database import Database, open_database
from storage.packs import install_packs
from storage.tenants import TenantShelf
from tests.doubles import ROOT
from tests.partners.conftest import key, mail_sink, order_number, partner_service, running_partners

__all__ = ["key", "mail_sink", "order_number", "partner_service", "running_partners"]

_Answer = TypeVar("_Answer")

SHOP = """\
id = "shop"
name = { zh = "小店", en = "Shop" }
pack = "home@2026-11"
zone = "Asia/Shanghai"
currency = "CNY"
holidays = "CN"

[service_hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

"""


def person(id: str, role: str, more: str = "") -> str:
    """A person of the company as the tenant's file has it."""
    return f'[[staff]]\nid = "{id}"\nname = "{id.title()}"\nroles = ["{role}"]\n{more}\n\n'


class Shelf:
    """A folder of tenants that a test writes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.tenants = TenantShelf(directory)

    def write(self, *parts: str) -> None:
        """The shop's file, with these tables behind its head."""
        (self.directory / "shop.toml").write_text(SHOP + "".join(parts), encoding="utf-8")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return next(pack for pack in install_packs(ROOT / "policies") if pack.ref == "home@2026-11")


@pytest_asyncio.fixture(loop_scope="session")
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(f"sqlite+aiosqlite:///{tmp_path}/redress.db")
    await migrate_database(opened)
    yield opened
    await opened.close()


async def run(
    activity: Callable[..., Awaitable[_Answer]],
    argument: Any,
    attempt: int = 1,
    waited: timedelta = timedelta(0),
    local: bool = False,
) -> _Answer:
    """Run an activity as a worker would, at this attempt, so long after it was first asked for; it has a day in all."""
    environment = ActivityEnvironment()
    first_at = environment.info.scheduled_time
    environment.info = dataclasses.replace(
        environment.info,
        attempt=attempt,
        is_local=local,
        current_attempt_scheduled_time=first_at + waited,
        schedule_to_close_timeout=timedelta(days=1),
    )
    return await environment.run(activity, argument)
