"""Nothing is sent of a lot whose sale is stopped (FOO-QLT-02)."""

from __future__ import annotations

from domain.case import Case
from domain.policy.errors import RemedyRefused
from domain.policy.vocabulary import StepKind
from domain.remedies import RemedyPlan

_SENDS: frozenset[StepKind] = frozenset({"reship", "exchange"})


def check_lot(case: Case, plan: RemedyPlan) -> None:
    """Raises RemedyRefused for a plan that would send something of a stopped lot again."""
    lot = case.intake.product.lot if case.intake.product else None
    if lot is None or lot not in case.suspended_lots:
        return
    for step in plan.steps:
        if step.kind in _SENDS:
            raise RemedyRefused(
                f"choices.{step.id}",
                zh=f"批次 {lot} 已暂停销售，不得补发或换货；请选择退款等其他方案，或待批次恢复后再提",
                en=f"the sale of lot {lot} is stopped: nothing of it is sent again; choose a refund, or wait for its release",
            )
