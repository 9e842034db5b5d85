"""Who has to agree before a plan is offered: the pack's tiers, and who may agree for whom."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Role, rank
from domain.policy.conditions import Facts, matches
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.policy.remedy_rows import ApprovalRule
from domain.remedies import RemedyPlan


class Approval(BaseModel):
    """The approval a plan needs, with the clause that asks for it and the promise to give it in time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    clause: str
    row_id: str
    deadline: str = Field(description="Id of the pack's deadline for the approver.")


def approver_for(pack: Pack, plan: RemedyPlan, category: str, facts: Facts) -> Approval | None:
    """The highest role that any approval row asks for; None when the agent may offer the plan at once."""
    known = known_facts(pack, category, facts)
    rows = [row for row in pack.approval if matches(row.when, known) and _holds(row, plan)]
    if not rows:
        return None
    row = max(rows, key=lambda row: rank(row.role))
    return Approval(role=row.role, clause=row.clause, row_id=row.id, deadline=row.deadline)


def _holds(row: ApprovalRule, plan: RemedyPlan) -> bool:
    if row.outside_range is not None and row.outside_range != plan.outside_range:
        return False
    if row.outside_order is not None and row.outside_order != plan.outside_order:
        return False
    if row.kinds and not any(step.kind in row.kinds for step in plan.steps):
        return False
    if row.over is None:
        return True
    money = plan.sum_of(row.kinds) if row.kinds else plan.total
    limit = row.over.get(money.currency)
    # A currency without a limit is the stricter case, so that a tenant's new currency never widens what an agent may give.
    return money.amount > (limit if limit is not None else 0)


def may_approve(held: Role, needed: Role) -> bool:
    """Whether a role may approve what `needed` has to: itself or above it in the line of command."""
    return held == needed or -1 < rank(needed) <= rank(held)
