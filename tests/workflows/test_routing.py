"""Whose complaint it is, on the real house: first contact, own supervisor, departments that are asked, hand-over."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from temporalio.worker import Replayer

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Stage
from domain.journal import Assigned, Entry
from domain.policy import registry
from domain.policy.pack import Pack
from tests.alike import adds_up
from tests.domain.routes import ANSWER, HANDOVER, routed
from tests.house import AGENT, MANAGER, OTHER_AGENT, OTHER_SUPERVISOR, SUPERVISOR, Filed, House, Refused
from tests.workflows.promises import mails_about, of
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

# lin is supervised by zhou.
WAREHOUSE = Actor(id="sun", roles=(Role.DEPARTMENT,))
NOTICES = """
[[notice]]
id = "please_take_over"
clause = "HOM-TRN-03"
on = ["hand_over_offered"]
to = "offered_to"
subject = { zh = "{complaint_id}：请接手", en = "{complaint_id}: please take over" }
body = { zh = "{reason}", en = "{reason}" }

[[notice]]
id = "please_give_opinion"
clause = "HOM-TRN-02"
on = ["consulted"]
when = { department = "warehouse" }
to = "department"
subject = { zh = "{complaint_id}：请反馈意见", en = "{complaint_id}: your opinion" }
body = { zh = "{category}", en = "{category}" }
"""


@cache
def variant() -> Pack:
    pack = routed(ANSWER + HANDOVER + NOTICES)
    registry.install([pack])
    return pack


async def filed_by(house: House, by: Actor | None, **intake: object) -> Filed:
    given = {"filed_by": by} if by is not None else {}
    return await house.file(order_number=house.new_order(), under=variant().ref, **given, **intake)  # type: ignore[arg-type]


async def assigned(filed: Filed) -> Entry:
    [entry] = [entry for entry in await filed.written("assigned") if entry.event.kind == "assigned"]
    return entry


async def goes_on_under_this_code(filed: Filed) -> None:
    """The journal adds up to the case, and a worker that knows only the history finds the same way."""
    await adds_up(filed)
    converter = filed.house.env.client.data_converter
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=converter, workflow_runner=STRICT)
    assert (await replayer.replay_workflow(await filed.handle.fetch_history())).replay_failure is None


async def found_true(filed: Filed, by: Actor, **facts: object) -> None:
    await filed.until(lambda case: case.order_check == "found" and case.assignee is not None)
    await filed.does(by, c.Respond(message="已登记，今天答复您。"))
    await filed.does(by, c.Verify(founded=True, findings="属实"))
    await filed.does(by, c.Assess(facts=facts, liable="company"))


@pytest.mark.clause("LOY-PRI-02", "LOY-I-01", "FOO-EFF-03")
async def test_whoever_took_the_contact_owns_it(house: House) -> None:
    filed = await filed_by(house, OTHER_AGENT, channel="hotline")
    entry = await assigned(filed)
    assert isinstance(entry.event, Assigned)
    assert (entry.event.assignee, entry.event.why, entry.event.route) == ("zhao", "first_contact", "desk")
    assert entry.clauses == ("HOM-TRN-01",)


@pytest.mark.clause("ECO-ASG-01")
async def test_what_nobody_of_the_house_filed_goes_to_the_least_loaded_and_says_who_had_how_many(house: House) -> None:
    filed = await filed_by(house, None)
    event = (await assigned(filed)).event
    assert isinstance(event, Assigned)
    assert event.route == "desk"
    assert event.why in ("least_loaded", "load_unknown")
    if event.why == "least_loaded":
        assert event.assignee in event.loads
        assert event.loads[event.assignee] == min(event.loads.values())
        assert len(event.loads) > 1


@pytest.mark.clause("LOY-II-02", "LOY-PRI-02")
async def test_a_complaint_about_an_agent_is_offered_to_their_supervisor_and_owned_by_the_first_contact_until_then(
    house: House,
) -> None:
    filed = await filed_by(house, OTHER_AGENT, against_staff="lin")
    await filed.written("hand_over_offered")
    assert (await filed.case()).assignee == "zhao"
    assert await mails_about(filed, "zhou@yanju.example", "请接手")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Respond(message="x"))
    assert refused.value.code == "complained_of"
    await filed.does(SUPERVISOR, c.TakeOver())
    entries = await filed.written("handed_over")
    assert (await filed.case()).assignee == "zhou"
    offered = next(entry for entry in entries if entry.event.kind == "hand_over_offered")
    assert offered.clauses == ("HOM-INS-01", "HOM-TRN-01", "HOM-TRN-03")
    await goes_on_under_this_code(filed)


@pytest.mark.clause("LOY-II-02")
async def test_whoever_is_complained_of_is_not_the_one_it_is_taken_up_to(house: House) -> None:
    filed = await filed_by(house, AGENT, against_staff="zhou", channel="hotline")
    # zhou has no supervisor of their own; the other one is asked, and the first contact owns it until then.
    await filed.until(lambda case: case.offered is not None and case.offered.to == "wu")
    assert (await filed.case()).assignee == "lin"
    await filed.does(AGENT, c.Escalate(to=Role.SUPERVISOR, reason="客户要求主管回电"))
    case = await filed.until(lambda case: case.assignee != "lin")
    assert case.assignee == "wu"
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.Acknowledge())
    assert refused.value.code == "complained_of"
    # What was offered has gone to them already, in another way.
    with pytest.raises(Refused) as refused:
        await filed.does(OTHER_SUPERVISOR, c.TakeOver())
    assert refused.value.code == "nothing_offered"


@pytest.mark.clause("LOY-II-05", "LOY-III-03")
async def test_a_later_finding_takes_it_to_somebody_else_once(house: House) -> None:
    filed = await filed_by(house, OTHER_AGENT, channel="email")
    await found_true(filed, OTHER_AGENT, damage="moderate")
    case = await filed.until(lambda case: case.assignee == "qian")
    assert case.routed == "found_true"
    entries = await filed.written("assigned", times=2)
    [first, second] = [entry.event for entry in entries if isinstance(entry.event, Assigned)]
    assert (first.route, second.route, second.why) == ("desk", "found_true", "only_one")
    await goes_on_under_this_code(filed)
    # Given back by a person: the same rule does not take it away again.
    await filed.does(MANAGER, c.HandOver(to="zhao", reason="由原客服处理"))
    await filed.does(OTHER_AGENT, c.TakeOver())
    await filed.does(OTHER_AGENT, c.Assess(facts={"damage": "severe"}, liable="company"))
    entries = await filed.written("assessed", times=2)
    assert sum(entry.event.kind == "assigned" for entry in entries) == 2
    assert (await filed.case()).assignee == "zhao"


@pytest.mark.clause("LOY-FLW-02", "LOY-FLW-03", "ECO-RSP-01", "ECO-RSP-02")
async def test_the_department_is_asked_and_has_to_answer_before_anything_is_proposed(house: House) -> None:
    filed = await filed_by(house, OTHER_AGENT)
    await found_true(filed, OTHER_AGENT, damage="severe")
    asked = await filed.promise("department_answers")
    assert await mails_about(filed, "warehouse@yanju.example", "请反馈意见")
    with pytest.raises(Refused) as refused:
        await filed.does(OTHER_AGENT, c.Propose())
    assert refused.value.code == "opinion_outstanding"
    await filed.does(WAREHOUSE, c.GiveOpinion(department="warehouse", opinion="出库漏检，建议退款", responsible="三班"))
    await filed.does(OTHER_AGENT, c.Propose())
    entries = await filed.written("opinion_given")
    [met] = of(entries, asked.key, "deadline_met")
    assert met.event.in_time
    assert (await filed.case()).stage is Stage.APPROVING
    await goes_on_under_this_code(filed)


@pytest.mark.clause("LOY-FLW-03")
async def test_a_department_that_does_not_answer_misses_its_promise(house: House) -> None:
    filed = await filed_by(house, OTHER_AGENT)
    await found_true(filed, OTHER_AGENT, damage="severe")
    asked = await filed.promise("department_answers")
    await filed.passes(timedelta(hours=5))
    case = await filed.until(lambda case: (d := case.deadline(asked.key)) is not None and d.missed)
    assert case.stage is Stage.PROPOSING


@pytest.mark.clause("ECO-HND-01")
async def test_what_is_handed_over_stays_with_the_giver_until_it_is_taken(house: House) -> None:
    filed = await filed_by(house, AGENT, channel="hotline")
    await filed.until(lambda case: case.assignee == "lin")
    await filed.does(AGENT, c.HandOver(to="zhao", reason="交班"))
    assert (await filed.case()).assignee == "lin"
    assert await mails_about(filed, "zhao@yanju.example", "请接手")
    await filed.does(OTHER_AGENT, c.DeclineHandOver(reason="今天不当班"))
    await filed.does(AGENT, c.HandOver(to="wu", reason="交班"))
    await filed.does(OTHER_SUPERVISOR, c.TakeOver())
    assert (await filed.case()).assignee == "wu"
    kinds = [entry.event.kind for entry in await filed.written("handed_over")]
    assert [kind for kind in kinds if kind.startswith("hand")] == [
        "hand_over_offered", "hand_over_declined", "hand_over_offered", "handed_over",
    ]  # fmt: skip
    await goes_on_under_this_code(filed)
