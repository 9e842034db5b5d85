"""The ladder of every promise, rung by rung: whom it tells, what it does, who may stop it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.actor import Role, rank
from domain.fold import replay
from domain.policy import registry
from domain.tenant import Tenant
from storage.tenants import TenantShelf
from tests.house import AGENT, CUSTOMER, GENERAL_MANAGER, MANAGER, OTHER_AGENT, SUPERVISOR, House, Refused
from tests.workflows.promises import PACK, PROMISES, climbed, fallen_due, mails_about, of

SECOND = timedelta(seconds=1)
every_promise = pytest.mark.parametrize("name", PROMISES)
PEOPLE = {Role.AGENT: AGENT, Role.SUPERVISOR: SUPERVISOR, Role.MANAGER: MANAGER, Role.GENERAL_MANAGER: GENERAL_MANAGER}


def company(house: House) -> Tenant:
    return TenantShelf(house.tenants_dir).get("home-demo")


@every_promise
@pytest.mark.clause("home:HOUSE-LADDER", "home:HOUSE-REPLY", "home:HOUSE-APPROVE")
async def test_each_rung_tells_its_person_once_and_does_what_the_pack_says(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    pack = registry.released(PACK)
    row = pack.deadline_of(name)
    ladder = pack.ladder_of(row.ladder).rung
    assert len(promise.rungs) == len(ladder)
    # Two steps of one plan may each have this promise, and the person hears of each.
    rows_alike = [deadline for deadline in (await filed.case()).deadlines if deadline.name == name]

    for number, (rung, at) in enumerate(zip(ladder, promise.rungs, strict=True)):
        if number and at > promise.rungs[number - 1]:
            await filed.passes_until(at - 45 * SECOND)
            assert len(of(await filed.journal(), promise.key, "escalated")) == number, f"{rung.id} came early"
        if at > await filed.now():
            await filed.passes_until(at + SECOND)
        await climbed(filed, promise.key, number + 1)

    for each in rows_alike:
        if each.rungs[-1] > await filed.now():
            await filed.passes_until(each.rungs[-1] + SECOND)
        await climbed(filed, each.key, len(ladder))

    entries = await filed.journal()
    reported = of(entries, promise.key, "escalated")
    assert [entry.event.rung for entry in reported] == list(range(len(ladder)))
    for entry, rung, at in zip(reported, ladder, promise.rungs, strict=True):
        assert timedelta(0) <= entry.at - at < timedelta(minutes=1)
        assert row.clause in entry.clauses
        assert (rung.clause or pack.ladder_of(row.ladder).clause) in entry.clauses
        before, after = (replay([e for e in entries if e.seq <= last]) for last in (entry.seq - 1, entry.seq))
        event = entry.event
        assert event.to is rung.role(row.owner)
        assert event.actions == rung.do
        person = company(house).person(event.person)
        assert person is not None
        # The owner is whoever has the complaint: after another promise was missed, that may be the manager.
        assert person.id == before.assignee if event.to is Role.AGENT else event.to.value in person.roles
        assert after.priority == max(1, before.priority - ("raise" in rung.do))
        assert after.assignee == (person.id if "hand_over" in rung.do else before.assignee)
        told = [e for d in rows_alike for e in of(entries, d.key, "escalated") if e.event.person == person.id]
        mails = await mails_about(filed, str(person.email), row.title.zh, at_least=len(told))
        assert len(mails) == len(told), f"{person.email} was told {mails}"


@every_promise
@pytest.mark.clause("home:HOUSE-LADDER")
async def test_only_the_level_reached_stops_the_ladder_and_the_breach_stays(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    row = registry.released(PACK).deadline_of(name)
    await filed.passes_until(promise.due_at + SECOND)
    await climbed(filed, promise.key, fallen_due(promise))
    before = of(await filed.journal(), promise.key, "escalated")
    level = before[-1].event.to

    lower = next(actor for role, actor in reversed(PEOPLE.items()) if rank(role) < rank(level))
    with pytest.raises(Refused) as refused:
        await filed.does(lower, c.Acknowledge(deadline=promise.key))
    assert refused.value.code == "acknowledged_too_low"
    assert refused.value.detail["zh"]
    await filed.does(PEOPLE[level], c.Acknowledge(deadline=promise.key, note="知悉，今天处理"))
    with pytest.raises(Refused) as again:
        await filed.does(PEOPLE[level], c.Acknowledge(deadline=promise.key))
    assert again.value.code == "nothing_escalated"

    case = await filed.passes_until(promise.rungs[-1] + SECOND)
    entries = await filed.written("acknowledged")
    assert len(of(entries, promise.key, "escalated")) == len(before)
    assert len(of(entries, promise.key, "deadline_missed")) == 1
    deadline = case.deadline(promise.key)
    assert deadline is not None
    assert deadline.missed
    assert row.id == deadline.name


@pytest.mark.clause("home:HOUSE-LADDER")
async def test_a_warning_taken_notice_of_does_not_keep_the_miss_from_the_supervisor(house: House) -> None:
    filed = await PROMISES["first_response"].make(house)
    promise = await filed.promise("first_response")
    await filed.passes_until(promise.rungs[0] + SECOND)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Acknowledge())
    assert refused.value.code == "nothing_escalated"
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at + SECOND)
    await climbed(filed, promise.key, 2)
    assert [e.event.to for e in of(await filed.journal(), promise.key, "escalated")] == [Role.AGENT, Role.SUPERVISOR]


@pytest.mark.clause("home:HOUSE-LADDER")
async def test_a_complaint_handed_over_warns_the_new_owner_and_not_the_old_one(house: House) -> None:
    filed = await PROMISES["verification"].make(house)
    promise = await filed.promise("verification")
    old = (await filed.case()).assignee
    new = next(person for person in ("lin", "zhao") if person != old)
    await filed.does(AGENT, c.HandOver(to=new, reason="换人跟进"))
    await filed.passes_until(promise.rungs[0] + SECOND)
    [warned] = of(await filed.written("escalated"), promise.key, "escalated")
    assert warned.event.person == new
    assert len(await mails_about(filed, f"{new}@yanju.example", "核实")) == 1
    assert not await mails_about(filed, f"{old}@yanju.example", "核实", at_least=0)


@pytest.mark.clause("home:HOUSE-LADDER")
async def test_what_has_reached_the_general_manager_is_acknowledged_by_nobody_below(house: House) -> None:
    filed = await PROMISES["first_response"].make(house)
    promise = await filed.promise("first_response")
    await filed.passes_until(promise.rungs[-1] + SECOND)
    await climbed(filed, promise.key, len(promise.rungs))
    for actor in (AGENT, OTHER_AGENT, SUPERVISOR, MANAGER, CUSTOMER):
        with pytest.raises(Refused):
            await filed.does(actor, c.Acknowledge(deadline=promise.key))
    await filed.does(GENERAL_MANAGER, c.Acknowledge(deadline=promise.key))
    assert (await filed.promise("first_response")).acknowledged
