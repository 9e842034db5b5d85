"""A step that comes after another one is ordered once that is done: a return is paid back when the goods are in the warehouse."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.case import Stage
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.remedies import StepChoice
from tests.domain.packs import ROOT, changed
from tests.domain.pure_desk import PureDesk, sample_order
from tests.domain.ranked import NOON
from tests.moves import AGENT, MANAGER, PHOTO, SUPERVISOR

FILE = ROOT / "policies" / "marketplace" / "2026-11.toml"


def a_return() -> PureDesk:
    pack = parse_pack(FILE.read_text(encoding="utf-8"), FILE.name)
    desk = PureDesk(NOON, "return_exchange", order=sample_order(received_at=NOON), pack=pack, evidence=(PHOTO,))
    for command in (
        c.Respond(message="请寄回"),
        c.Verify(founded=True, findings="符合条件"),
        c.Assess(facts={"conditions_met": True, "return_or_exchange": "return"}, liable="nobody"),
        c.Propose(choices=(StepChoice(step="return", items=({"sku": "A-1"},)),)),
    ):
        refusal = desk.does(AGENT, command)
        if refusal is not None and refusal.code == "wrong_stage":
            continue
        assert refusal is None
    if desk.case.stage is Stage.APPROVING:
        assert desk.does(MANAGER, c.Approve(number=1)) is None
    assert desk.does(AGENT, c.Accept(number=1)) is None
    return desk


def standing(desk: PureDesk) -> dict[str, str]:
    return {state.step.id: state.status for state in desk.case.steps if state.step.id in ("return", "warehouse", "refund")}


@pytest.mark.clause("ECO-RMA-01")
def test_the_refund_of_a_return_leaves_when_the_warehouse_has_the_goods() -> None:
    desk = a_return()
    desk.carry_out(lambda state: "accepted")
    assert standing(desk) == {"return": "ordered", "warehouse": "planned", "refund": "planned"}
    early = desk.does(AGENT, c.CompleteStep(step="warehouse", note="还没到"))
    assert early is not None
    assert early.code == "step_waits"
    desk.hears(desk.case.steps[0], "done")
    desk.carry_out(lambda state: "accepted")
    assert standing(desk) == {"return": "done", "warehouse": "ordered", "refund": "planned"}
    assert desk.does(AGENT, c.CompleteStep(step="warehouse", note="完好入库")) is None
    desk.carry_out(lambda state: "accepted")
    assert standing(desk)["refund"] == "ordered"


@pytest.mark.parametrize("action", ["retry", "call_off"])
def test_where_the_goods_never_come_a_person_says_what_becomes_of_the_refund(action: str) -> None:
    desk = a_return()
    desk.carry_out(lambda state: "refused" if state.step.id == "return" else "accepted")
    refusal = desk.does(SUPERVISOR, c.SettleStep(step="warehouse", action="retry", reason="先行处理"))
    assert refusal is not None
    assert refusal.code == "step_waits"
    assert desk.does(SUPERVISOR, c.SettleStep(step="return", action="drop", reason="客户未寄回")) is None
    desk.carry_out(lambda state: "accepted")
    assert standing(desk) == {"return": "dropped", "warehouse": "planned", "refund": "planned"}, "nothing is paid by itself"
    assert desk.does(SUPERVISOR, c.SettleStep(step="warehouse", action="call_off", reason="没有货")) is None
    assert desk.does(SUPERVISOR, c.SettleStep(step="refund", action=action, reason="主管决定")) is None
    desk.carry_out(lambda state: "accepted")
    assert standing(desk)["refund"] == ("ordered" if action == "retry" else "dropped")


def test_a_step_comes_after_an_earlier_one_of_its_own_remedy() -> None:
    text = changed(FILE.read_text(encoding="utf-8"), 'after = "return"', 'after = "refund"')
    with pytest.raises(PackInvalid, match="no earlier step"):
        parse_pack(text, FILE.name)
