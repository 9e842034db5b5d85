"""What the decision page says, without HTTP."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from api.decision_view import View
from domain import commands as c
from domain.case import Stage
from tests.domain.packs import changed
from tests.domain.routes import ANSWER, LIN, WAREHOUSE, assigned_desk, routed


def test_the_limit_that_is_shown_is_the_approvers_own() -> None:
    """A department that was told owes its answer sooner; that is nothing the approver has to decide by."""
    desk = assigned_desk(routed(changed(ANSWER, 'within = "4h"', 'within = "1h"')))
    for by, command in (
        (LIN, c.Respond(message="已登记")),
        (LIN, c.Verify(founded=True, findings="属实")),
        (LIN, c.Assess(facts={"damage": "severe"}, liable="company")),
        (WAREHOUSE, c.GiveOpinion(department="warehouse", opinion="同意退款")),
        (LIN, c.Propose()),
    ):
        assert desk.does(by, command) is None
    desk.plan()
    case = desk.case
    assert case.stage is Stage.APPROVING
    assert case.proposal is not None
    [limit] = [each.due_at for each in case.deadlines if "approval_asked" in desk.pack.deadline_of(each.name).starts]
    answers = [each.due_at for each in case.deadlines if each.name == "department_answers"]
    assert limit is not None
    assert any(at is not None and at < limit for at in answers)
    page = View("en", "/v1/decisions/x").asked(case, desk.pack, case.proposal, desk.journal)
    shown = dict(page.blocks[0].rows)["Decide by"]
    assert f"{limit.astimezone(ZoneInfo(case.zone)):%H:%M}" in shown
