"""What is found out later, on the real house: whom a complaint is about, and who takes it when the one who was asked will not."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.intake import Details
from domain.journal import Assigned, Reclassified
from tests.house import House, Refused
from tests.workflows.loyalist import AGENT, OTHER_AGENT, PEOPLE, SUPERVISOR, filed_under, owned_by


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
