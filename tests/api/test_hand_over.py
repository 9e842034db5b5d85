"""Handing over: only to people that the company's file names."""

from tests.api.steps import AGENT, done, until
from tests.api.world import World


async def test_a_complaint_is_handed_over_to_somebody_of_the_company(manned: World) -> None:
    complaint = await manned.filed()
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["assignee"] is not None)
    await done(await manned.command(complaint, "hand_over", {"to": "zhou", "reason": "交班"}, AGENT))
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["assignee"] == "zhou")
    assert case["stage"] == "received"


async def test_nobody_can_be_handed_a_complaint_whom_the_company_does_not_know(manned: World) -> None:
    complaint = await manned.filed()
    answer = await manned.command(complaint, "hand_over", {"to": "nobody", "reason": "交班"}, AGENT)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("to", "unknown_person")
    assert "zhou" in fault["en"]
