"""Urgent complaints of the loyalty procedure: a person of their own, times set from above, and many about one issue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain import commands as c
from tests.alike import effects, ended
from tests.house import House, Refused
from tests.workflows.loyalist import MANAGER, OTHER_SENIOR, SENIOR, SUPERVISOR, filed_under, owned_by
from tests.workflows.promises import of


@pytest.mark.clause(
    "LOY-URG-01", "LOY-URG-04", "LOY-URG-06", "LOY-I-03", "LOY-LVL-06", "LOY-PRI-01", "HOUSE-URGENT", "HOUSE-APPEAL"
)
async def test_what_goes_beyond_the_terms_is_declined_to_the_manager_and_in_the_time_a_superior_department_set(
    house: House,
) -> None:
    asked_by = datetime.now(UTC) + timedelta(days=3)
    filed = await filed_under(
        house, "points_expired", urgent_causes=("superior_asks", "special_identity"), answer_by_at=asked_by, content="积分过期。"
    )
    senior = await owned_by(filed, SENIOR, OTHER_SENIOR)
    case = await filed.case()
    assert (case.urgent, case.priority) == (True, 1)
    from_above = await filed.promise("asked_from_above")
    assert from_above.due_at == asked_by
    urgent = await filed.promise("callback_urgent")
    await filed.does(senior, c.Respond(message="马上为您核实。"))
    await filed.does(senior, c.Verify(founded=True, findings="积分依公告到期", sources=("网站公告",)))
    await filed.does(senior, c.Assess(facts={"written_rule": "site_announcement", "entitled": False}, liable="nobody"))
    await filed.does(senior, c.Propose())
    await filed.does(SUPERVISOR, c.Approve(number=1))
    await filed.does(senior, c.Appeal(number=1, grounds="不接受解释"))
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.Propose())
    assert refused.value.code == "higher_level_decides"
    await filed.does(MANAGER, c.CloseByDecision(outcome="decided", reason="积分依公告到期，规则之外的要求不予支持"))
    entries = await ended(filed, "decided")
    assert "LOY-I-03" in {clause for entry in entries if entry.event.kind == "proposed" for clause in entry.clauses}
    for promise in (urgent, from_above):
        [met] = of(entries, promise.key, "deadline_met")
        assert met.event.in_time
    assert effects(filed) == []


@pytest.mark.clause("LOY-URG-05", "LOY-URG-01", "LOY-PRI-01")
async def test_more_than_ten_about_one_issue_on_a_day_are_all_urgent_and_get_a_person_of_their_own(house: House) -> None:
    at = datetime.now(UTC)
    filed = [await filed_under(house, "campaign", received_at=at, content="活动奖励没有到账。") for _ in range(10)]
    for each in filed:
        await each.until(lambda case: case.assignee is not None)
        await each.written("assigned")
        assert not (await each.case()).urgent
    filed.append(await filed_under(house, "campaign", received_at=at, content="活动奖励没有到账。"))
    joined = await asyncio.gather(*(each.until(lambda case: case.urgent and case.priority == 1) for each in filed))
    assert len({case.incidents[0].incident for case in joined}) == 1
    await asyncio.gather(*(owned_by(each, SENIOR, OTHER_SENIOR) for each in filed))
    await asyncio.gather(*(each.promise("callback_urgent") for each in filed))
