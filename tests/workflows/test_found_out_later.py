"""What is found out later, on the real house: whom a complaint is about, and who takes it when the one who was asked will not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.intake import Details
from domain.journal import Assigned, HandOverDeclined, Reclassified
from tests.house import House, Refused
from tests.workflows.loyalist import AGENT, OTHER_AGENT, OTHER_SUPERVISOR, PEOPLE, SUPERVISOR, filed_under, owned_by


@pytest.mark.clause("LOY-II-02", "LOY-LVL-02")
async def test_a_complaint_that_turns_out_to_be_about_its_own_agent_goes_to_their_supervisor(house: House) -> None:
    filed = await filed_under(house, "goods_quality", "JF-2026-0001", by=AGENT)
    await owned_by(filed, AGENT)
    with pytest.raises(Refused) as refused:
        await filed.does(OTHER_AGENT, c.Reclassify(category="agent_attitude", reason="通话录音：坐席挂断电话"))
    assert refused.value.code == "fields_missing"
    about = Details(against_staff=AGENT.id)
    await filed.does(OTHER_AGENT, c.Reclassify(category="agent_attitude", details=about, reason="通话录音：坐席挂断电话"))
    # Their own supervisor gets it: nobody else has it who could keep it meanwhile.
    await owned_by(filed, SUPERVISOR)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Respond(message="没有此事。"))
    assert refused.value.code == "complained_of"
    entries = await filed.journal()
    since = next(entry.seq for entry in entries if isinstance(entry.event, Reclassified))
    given = [entry.event.assignee for entry in entries if entry.seq > since and isinstance(entry.event, Assigned)]
    assert given == [SUPERVISOR.id]


@pytest.mark.clause("LOY-II-05")
async def test_whoever_turns_out_to_be_complained_of_without_another_category_loses_it_to_somebody_else(house: House) -> None:
    filed = await filed_under(house, "points_expired", by=AGENT)
    await owned_by(filed, AGENT)
    await filed.does(OTHER_AGENT, c.Reclassify(details=Details(against_staff=AGENT.id), reason="会员说的就是梅雪"))
    others = [person for person in PEOPLE.values() if person != AGENT]
    owner = await owned_by(filed, *others)
    await filed.does(owner, c.Respond(message="已换人受理。"))


@pytest.mark.clause("LOY-II-02", "LOY-PRI-02", "loyalty:HOUSE-REACH")
async def test_a_supervisor_who_cannot_take_it_is_passed_over_and_in_the_end_it_is_the_own_supervisors(house: House) -> None:
    filed = await filed_under(house, "agent_attitude", by=OTHER_AGENT, against_staff=AGENT.id, content="坐席中途挂断电话。")
    await filed.until(lambda case: case.offered is not None and case.offered.to == SUPERVISOR.id)
    await filed.does(SUPERVISOR, c.DeclineHandOver(reason="正在处理另一起投诉"))
    # Another supervisor is asked, who says nothing; the first contact owns it all the while.
    await filed.until(lambda case: case.offered is not None and case.offered.to == OTHER_SUPERVISOR.id)
    assert (await filed.case()).assignee == OTHER_AGENT.id
    await filed.passes(timedelta(minutes=31))
    await owned_by(filed, SUPERVISOR)
    entries = await filed.journal()
    said = [entry.event for entry in entries if isinstance(entry.event, HandOverDeclined)]
    assert [event.unanswered for event in said] == [None, OTHER_SUPERVISOR.id]
    [given] = [entry.event for entry in entries if isinstance(entry.event, Assigned) and entry.event.why == "nobody_took_it"]
    assert (given.assignee, given.route) == (SUPERVISOR.id, "own_supervisor")
    assert (await filed.case()).offered is None


@pytest.mark.clause("LOY-II-05")
async def test_what_a_person_offered_and_was_declined_stays_where_it_is(house: House) -> None:
    filed = await filed_under(house, "points_expired", by=AGENT)
    await owned_by(filed, AGENT)
    await filed.does(AGENT, c.HandOver(to=OTHER_AGENT.id, reason="交班"))
    await filed.does(OTHER_AGENT, c.DeclineHandOver(reason="今天不当班"))
    await filed.passes(timedelta(hours=1))
    case = await filed.case()
    assert (case.assignee, case.offered, case.passed_over) == (AGENT.id, None, ())


@pytest.mark.clause("ECO-ASG-01")
async def test_who_had_how_many_is_on_record_without_any_row_about_it(house: House) -> None:
    filed = await house.file()
    await filed.until(lambda case: case.assignee is not None)
    [entry] = [entry for entry in await filed.written("assigned") if isinstance(entry.event, Assigned)]
    given = entry.event
    assert isinstance(given, Assigned)
    assert given.route is None
    assert given.why in ("least_loaded", "load_unknown")
    if given.why == "least_loaded":
        assert len(given.loads) > 1
        assert given.loads[given.assignee] == min(given.loads.values())
