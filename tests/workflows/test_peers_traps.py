"""Mistakes that other systems made with promises, each with the test that would have caught it, on real parts."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from domain import commands as c
from domain.case import Stage
from domain.fold import replay
from tests.alike import adds_up
from tests.house import AGENT, CUSTOMER, Filed, House, build_house
from tests.workflows.promises import (
    PHOTO,
    PROMISES,
    RESPOND,
    carried_out,
    climbed,
    gone,
    mails_about,
    of,
    paying,
    received,
    responded,
)

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lone(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house apart, whose parts may be broken, and are mended again."""
    async with build_house(temporal_env, tmp_path_factory.mktemp("lone")) as built:
        yield built


async def length(filed: Filed) -> int:
    """Events of the history, without those that only turning the clock makes."""
    names = [EventType.Name(event.event_type) for event in (await filed.handle.fetch_history()).events]
    return sum("TIME_SKIPPING" not in name and "OPTIONS_UPDATED" not in name for name in names)


async def settled(filed: Filed) -> int:
    """The length of the history once nothing is under way any more."""
    known = -1
    while known != (known := await length(filed)):
        await asyncio.sleep(1)
    return known


def mails_of(filed: Filed) -> int:
    return sum(filed.id in str(mail["subject"]) for mail in filed.house.mail.mails())


async def told_of_first_response(filed: Filed, at_least: int = 1) -> list[str]:
    """Mails to the supervisors about the missed response; one of the two is told."""
    end = time.monotonic() + 60
    while True:
        both = ("zhou@yanju.example", "wu@yanju.example")
        told = [mail for to in both for mail in await mails_about(filed, to, "首次回应", at_least=0)]
        if len(told) >= at_least or time.monotonic() > end:
            return told
        await asyncio.sleep(0.05)


async def test_trap_01_a_pause_does_not_swallow_a_threshold(house: House) -> None:
    """Each threshold has a pause right before it; test_pauses.py does the same to every row of the pack."""
    filed = await responded(house)
    promise = await filed.promise("verification")
    for number in range(len(promise.rungs)):
        now = await filed.promise("verification")
        await filed.passes_until(now.rungs[number] - 2 * SECOND)
        await filed.does(AGENT, c.Pause(reason="等客户补照片"))
        await filed.passes(HOUR)
        await filed.does(AGENT, c.Resume())
        case = await filed.until(lambda case: all(not d.standing_still for d in case.deadlines))
        after = case.deadline(promise.key)
        assert after is not None
        await filed.passes_until(max(after.rungs[number], await filed.now()) + SECOND)
        await climbed(filed, promise.key, number + 1)
        reported = [entry.event.rung for entry in of(await filed.journal(), promise.key, "escalated")]
        assert reported == list(range(number + 1))
    assert len(of(await filed.written("deadline_missed"), promise.key, "deadline_missed")) == 1


async def test_trap_03_a_pause_of_thirty_days_wakes_nobody_and_leaves_a_short_history(house: House) -> None:
    filed = await responded(house)
    await filed.does(AGENT, c.Pause(reason="客户出国"))
    await filed.passes(4 * DAY)
    # A timer that was armed before the pause may still fire and look; after that there is nothing.
    before, mails = await settled(filed), mails_of(filed)
    await filed.passes(26 * DAY)
    assert await length(filed) == before
    assert before < 200
    assert mails_of(filed) == mails
    await filed.does(AGENT, c.Resume())
    case = await filed.until(lambda case: all(not d.standing_still for d in case.deadlines))
    assert {deadline.name for deadline in case.deadlines} == {"verification", "proposal"}
    assert case.breaches == 0
    assert await length(filed) < 200


def database_of(house: House) -> Path:
    return Path(house.settings.database_url.partition(":///")[2])


def take_away(file: Path) -> Callable[[], None]:
    """What answers in the place of the file is no database, until it is brought back."""
    away = file.with_suffix(".away")
    file.rename(away)
    file.mkdir()

    def bring_back() -> None:
        file.rmdir()
        away.rename(file)

    return bring_back


async def test_trap_04_the_database_away_for_ten_minutes_at_the_deadline_delays_no_escalation(lone: House) -> None:
    filed = await received(lone)
    promise = await filed.promise("first_response")
    assert promise.due_at is not None
    await filed.written("assigned")
    await filed.passes_until(promise.due_at - 5 * MINUTE)
    await lone.parts.database.close()
    bring_back = take_away(database_of(lone))
    try:
        await filed.passes_until(promise.due_at + 5 * MINUTE)
        case = await filed.until(lambda case: case.breaches == 1)
        assert case.deadline(promise.key) is not None
        assert len(await told_of_first_response(filed)) == 1
        await RESPOND(filed)
        case = await gone(filed, promise.key)
        assert case.stage is Stage.VERIFYING
    finally:
        bring_back()
    await filed.passes(2 * MINUTE)
    entries = await filed.written("deadline_met")
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len(of(entries, promise.key, "deadline_missed")) == 1
    assert [entry.event.rung for entry in of(entries, promise.key, "escalated")] == [0, 1]
    [missed] = of(entries, promise.key, "deadline_missed")
    # Noticed at once, but for the write that was being tried at that moment.
    assert missed.at - promise.due_at < 2 * MINUTE
    await adds_up(filed)


async def test_trap_04_a_database_locked_by_somebody_else_delays_no_escalation(lone: House) -> None:
    filed = await received(lone)
    promise = await filed.promise("first_response")
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - 5 * SECOND)
    await filed.written("escalated")
    lock = sqlite3.connect(database_of(lone), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        await filed.passes_until(promise.due_at + SECOND)
        await filed.until(lambda case: any(d.key == promise.key and d.missed and d.next_rung == 2 for d in case.deadlines))
        assert len(await told_of_first_response(filed)) == 1
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    entries = await filed.written("deadline_missed", seconds=60)
    assert len(of(entries, promise.key, "deadline_missed")) == 1


async def worked_on_late(house: House, filed: Filed, due_at: datetime, command: c.Command) -> None:
    """Nobody works across the due instant: the command comes a second late, and is worked on before the timer is."""
    await filed.passes_until(due_at - 10 * SECOND)
    await house.stop_worker()
    assert await filed.now() < due_at, "the worker took ten seconds to stop: this machine is too busy to tell anything"
    await asyncio.sleep(max(0.0, (due_at + SECOND - await filed.now()).total_seconds()))
    by = CUSTOMER if isinstance(command, c.Withdraw) else AGENT
    giving = asyncio.create_task(filed.does(by, command))
    await asyncio.sleep(2)
    await house.start_worker()
    await giving


async def test_trap_06_a_finish_one_second_late_is_late_though_no_clock_has_looked_yet(lone: House) -> None:
    filed = await received(lone)
    promise = await filed.promise("first_response")
    assert promise.due_at is not None
    await worked_on_late(lone, filed, promise.due_at, c.Respond(message="已登记，今天下班前给您答复。"))
    case = await gone(filed, promise.key)
    assert case.breaches == 1
    entries = await filed.written("deadline_met")
    [missed] = of(entries, promise.key, "deadline_missed")
    [met] = of(entries, promise.key, "deadline_met")
    assert met.event.in_time is False
    # The proof that the command came first: its own entry stands before the miss.
    assert next(entry.seq for entry in entries if entry.event.kind == "responded") < missed.seq < met.seq


async def test_trap_06_what_ends_late_without_being_kept_was_missed_too(lone: House) -> None:
    filed = await received(lone)
    promise = await filed.promise("first_response")
    assert promise.due_at is not None
    await worked_on_late(lone, filed, promise.due_at, c.Withdraw(reason="等得太久"))
    await filed.ends()
    entries = await filed.journal()
    assert len(of(entries, promise.key, "deadline_missed")) == 1
    assert len(of(entries, promise.key, "deadline_dropped")) == 1
    assert replay(entries).breaches == 1


async def test_trap_07_two_promises_that_fall_due_at_one_instant_are_both_told(house: House) -> None:
    filed = await paying(house)
    case = await filed.until(lambda case: sum(d.name == "money_arrives" for d in case.deadlines) == 2)
    refund, compensation = (d for d in case.deadlines if d.name == "money_arrives")
    assert refund.due_at == compensation.due_at
    assert refund.due_at is not None
    await filed.passes_until(refund.due_at + SECOND)
    for deadline in (refund, compensation):
        await climbed(filed, deadline.key, 2)
    entries = await filed.journal()
    for deadline in (refund, compensation):
        assert len(of(entries, deadline.key, "deadline_missed")) == 1
        assert [entry.event.rung for entry in of(entries, deadline.key, "escalated")] == [0, 1]
    reported = [entry for d in (refund, compensation) for entry in of(entries, d.key, "escalated")]
    for person in {entry.event.person for entry in reported}:
        due_to = sum(entry.event.person == person for entry in reported)
        assert len(await mails_about(filed, f"{person}@yanju.example", "款项到账", at_least=due_to)) == due_to


async def test_trap_08_thanks_after_the_end_of_the_work_start_no_clock_anew(house: House) -> None:
    filed = await carried_out(house)
    await filed.promise("callback")
    before = {deadline.key for deadline in (await filed.case()).deadlines}
    await filed.does(CUSTOMER, c.AttachEvidence(evidence=(PHOTO,)))
    assert {deadline.key for deadline in (await filed.case()).deadlines} == before
    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5, comment="谢谢"))
    ending = await filed.ends()
    assert ending.outcome == "satisfied"
    entries = await filed.journal()
    thanked = next(entry.seq for entry in entries if entry.event.kind == "evidence_attached")
    assert not [entry for entry in entries if entry.seq > thanked and entry.event.kind == "deadline_set"]


@pytest.mark.parametrize("name", ["first_response", "first_contact"])
@pytest.mark.clause("HOM-TRN-03", "HOM-INS-02")
async def test_trap_10_nothing_but_a_response_is_a_first_response(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    # The automatic notice has really gone out to the customer, and the complaint has been given to somebody.
    assert await mails_about_registration(filed)
    await filed.does(AGENT, c.AttachEvidence(evidence=(PHOTO,)))
    await filed.does(AGENT, c.HandOver(to="zhao" if (await filed.case()).assignee != "zhao" else "lin", reason="换人跟进"))
    await filed.does(AGENT, c.Escalate(reason="客户情绪激动"))
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.does(AGENT, c.Resume())
    assert (await filed.promise(name)).due_at == promise.due_at
    await filed.passes_until(promise.due_at + SECOND)
    entries = await filed.written("deadline_missed")
    assert len(of(entries, promise.key, "deadline_missed")) == 1
    assert not of(entries, promise.key, "deadline_met")


async def mails_about_registration(filed: Filed) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if any(filed.id in mail["subject"] for mail in filed.house.mail.mails(to="wang@customer.example")):
            return True
        await asyncio.sleep(0.05)
    return False
