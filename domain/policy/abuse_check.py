"""What rows about abuse can get wrong that only other rows show."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.raw import Found, Index, Located

_DEMANDED, _ATTACHED = "evidence_demanded", "evidence_attached"


def abuse_problems(row: Located, index: Index) -> Iterator[Found]:
    """The deadline of demanded evidence must start and end with it; a score that nothing adds up to presumes nobody."""
    if row.path != ("malice",):
        return
    name = row.row.get("evidence_within")
    deadline = index.ids("deadline").get(name) if isinstance(name, str) else None
    if deadline is not None and (_DEMANDED not in deadline.get("starts", ()) or _ATTACHED not in deadline.get("met_by", ())):
        path = (*row.path, "evidence_within")
        en = f'deadline {name!r} must have starts = ["{_DEMANDED}"] and be met_by "{_ATTACHED}"'
        yield path, en, f"时限“{name}”须以 {_DEMANDED} 开始，并以 {_ATTACHED} 履行"
    wanted = row.row.get("presumed_from")
    weights = [each.get("weight") for each in index.ids("abuse").values()]
    reached = sum(weight for weight in weights if isinstance(weight, int))
    if isinstance(wanted, int) and wanted > reached:
        en = f"presumed_from is {wanted}, but all [[abuse]] rows together weigh {reached}; lower it or add signs"
        yield (*row.path, "presumed_from"), en, f"presumed_from 为 {wanted}，而所有 [[abuse]] 权重合计仅 {reached}，请调低或补充"
