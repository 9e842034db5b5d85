"""What people call the stages of a complaint."""

from __future__ import annotations

from domain.case import Stage
from domain.policy.wording import Wording

STAGES: dict[Stage, Wording] = {
    Stage.RECEIVED: Wording(zh="待首次回应", en="waiting for the first response"),
    Stage.VERIFYING: Wording(zh="核实中", en="being verified"),
    Stage.ASSESSING: Wording(zh="定性定责中", en="being assessed"),
    Stage.PROPOSING: Wording(zh="待提出方案", en="waiting for a plan"),
    Stage.APPROVING: Wording(zh="待审批", en="waiting for approval"),
    Stage.OFFERED: Wording(zh="待客户答复", en="waiting for the customer's answer"),
    Stage.CARRYING_OUT: Wording(zh="执行中", en="being carried out"),
    Stage.CONFIRMING: Wording(zh="待回访确认", en="waiting for the call back"),
    Stage.FOLLOWING_UP: Wording(zh="跟踪回访中", en="being followed up"),
    Stage.CLOSED: Wording(zh="已结案", en="closed"),
}
