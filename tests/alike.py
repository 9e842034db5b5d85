"""What is done and seen alike under every procedure; the company is that of the complaint."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle

from domain import commands as c
from domain.actor import Actor
from domain.case import Stage
from domain.effects import EffectReport, EffectStatus
from domain.fold import replay
from domain.journal import Entry
from tests.house import Filed
from workflows.arguments import EffectNews, Ending
from workflows.complaint import ComplaintWorkflow


def effects(filed: Filed) -> list[dict[str, Any]]:
    """What partners really did for this complaint, oldest first: steps of one plan are ordered side by side."""
    found: list[dict[str, Any]] = filed.house.partners.effects(f"{filed.opening.tenant}:{filed.id}/")
    return found


async def tells(filed: Filed, key: str, status: EffectStatus, detail: str = "", reference: str = "PY-1") -> None:
    """The partner's webhook, as the desk passes it on."""
    report = EffectReport(reference=reference, status=status, detail=detail, at=datetime.now(UTC))
    handle: WorkflowHandle[ComplaintWorkflow, Ending] = filed.handle
    await handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=key, report=report))


async def told(filed: Filed, system: str, step: str, to: str, status: EffectStatus = "done", detail: str | None = None) -> None:
    """A partner brings the effect of a step to this stage of its own and says so."""
    [effect] = [each for each in effects(filed) if each["key"].endswith(f"/{step}")]
    filed.house.partners.advance(system, effect["reference"], to)
    await tells(filed, effect["key"], status, to if detail is None else detail, effect["reference"])


async def arrives(filed: Filed, step: str) -> None:
    """Logistics reports the end of a shipment."""
    await filed.until(lambda case: (state := case.step(step)) is not None and state.status == "ordered")
    await told(filed, "logistics", step, "delivered")


async def content(filed: Filed, by: Actor) -> None:
    """The customer is called and says that it is solved."""
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(by, c.Confirm(satisfied=True, rating=5))


async def ended(filed: Filed, outcome: str = "satisfied") -> list[Entry]:
    """The complaint has ended so, and its journal adds up to the case row."""
    assert (await filed.ends()).outcome == outcome
    entries = await filed.journal()
    assert replay(entries) == await filed.house.cases.get(filed.opening.tenant, filed.id)
    return entries


async def adds_up(filed: Filed) -> None:
    """As above while work goes on: whatever is written meanwhile comes after the row that is compared."""
    await filed.journal()
    row = await filed.house.cases.get(filed.opening.tenant, filed.id)
    assert row is not None
    assert replay((await filed.journal())[: row.revision]) == row


def mailbox(filed: Filed, staff: str | None) -> str:
    """The address of a person of the company."""
    assert staff is not None
    person = filed.house.parts.tenants.get(filed.opening.tenant).person(staff)
    assert person is not None
    return str(person.email)


async def mailed(filed: Filed, words: str, *to: Actor | str, seconds: float = 60) -> bool:
    """Whether a mail about it with these words in its subject reaches one of these people or addresses in time."""
    addresses = [each if isinstance(each, str) else mailbox(filed, each.id) for each in to]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        subjects = [mail["subject"] for address in addresses for mail in filed.house.mail.mails(to=address)]
        if any(filed.id in subject and words in subject for subject in subjects):
            return True
        await asyncio.sleep(0.05)
    return False
