"""The blacklist: customers whose complaint was refused as malicious, for a while, by people, and never without a way to object.

Being listed refuses nothing by itself: it is shown, and whoever sees it decides within the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor, Role
from domain.case import Case
from domain.policy.abuse_rows import BlacklistRule
from domain.policy.pack import Pack
from domain.refusal import Refusal

Limit = Literal["purchases", "complaints"]


class Listed(BaseModel):
    """One customer on the blacklist. `customer_id` is None once the customer was erased: then it limits nobody."""

    model_config = ConfigDict(frozen=True)

    entry_id: str = Field(description="Id of the entry.")
    complaint_id: str = Field(description="The complaint that was refused as malicious.")
    customer_id: str | None = Field(description="The shop's id of the customer; null once they were erased.")
    limits: tuple[Limit, ...] = Field(description="What is limited. Nothing is refused by itself.")
    reason: str = Field(description="Why.")
    clause: str = Field(description="Clause of the written procedure behind it.")
    entered_by: str = Field(description="Staff id of who decided it.")
    entered_at: AwareDatetime = Field(description="When (UTC).")
    expires_at: AwareDatetime = Field(description="When it ends by itself (UTC).")
    appeal: str | None = Field(default=None, description="Why the customer objects; null while they do not.")
    appealed_at: AwareDatetime | None = Field(default=None, description="When they objected (UTC).")
    decision: Literal["kept", "removed"] | None = Field(default=None, description="What another person decided since.")
    decided_by: str | None = Field(default=None, description="Staff id of that person.")
    decided_at: AwareDatetime | None = Field(default=None, description="When (UTC).")
    decision_reason: str | None = Field(default=None, description="Why they decided so.")

    def in_force(self, at: datetime) -> bool:
        return self.customer_id is not None and self.decision != "removed" and at < self.expires_at

    @property
    def awaits_decision(self) -> bool:
        """An appeal that nobody has decided on."""
        return self.appealed_at is not None and (self.decided_at is None or self.decided_at < self.appealed_at)


def check_entry(case: Case, pack: Pack, by: Actor, limits: Sequence[Limit], expires_at: datetime, now: datetime) -> str:
    """The clause that this person may enter the complaint's customer under; raises Refusal."""
    rule = _rule(pack)
    _check_role(by, rule.decided_by)
    if case.outcome != "refused_as_malicious":
        raise Refusal(
            "not_malicious",
            field="complaint_id",
            zh="只有以“恶意投诉”结案的投诉，其客户才能列入黑名单",
            en="only the customer of a complaint that was refused as malicious can be listed",
        )
    if case.intake.customer.customer_id is None:
        raise Refusal(
            "no_customer_id",
            field="complaint_id",
            zh="该投诉未提供客户编号，无法列入黑名单",
            en="the complaint names no customer id, so nobody can be listed",
        )
    if not now < expires_at <= now + timedelta(days=rule.days_max):
        raise Refusal(
            "bad_expiry",
            field="expires_at",
            zh=f"到期时间须晚于当前时间，且不超过 {rule.days_max} 天",
            en=f"it has to end after now and within {rule.days_max} days",
        )
    if len(set(limits)) != len(limits):
        raise Refusal("twice", field="limits", zh="限制内容重复", en="a limit stands there twice")
    return _clause(pack)


def check_decision(listed: Listed, pack: Pack, by: Actor, *, keep: bool) -> None:
    """Whether this person may decide on the entry; raises Refusal. Removing is always open, keeping answers an appeal."""
    _check_role(by, _rule(pack).removed_by)
    if by.id == listed.entered_by:
        raise Refusal(
            "own_decision",
            zh="列入黑名单的人不能自行决定，须由他人处理",
            en="whoever entered it does not decide on it; another person has to",
        )
    if listed.decision == "removed":
        raise Refusal("removed_already", zh="已移出黑名单", en="it was removed already")
    if keep and not listed.awaits_decision:
        raise Refusal("no_appeal", field="keep", zh="没有待处理的申诉", en="no appeal waits for a decision")


def check_appeal(listed: Sequence[Listed], now: datetime) -> Listed:
    """The entry in force that an appeal is against; raises Refusal."""
    for each in listed:
        if each.in_force(now):
            if each.awaits_decision:
                raise Refusal("appealed_already", zh="申诉正在处理中", en="an appeal waits for its decision already")
            return each
    raise Refusal("not_listed", zh="该投诉没有生效中的黑名单限制", en="no limit stands because of this complaint")


def blacklist_rule(pack: Pack) -> BlacklistRule | None:
    return pack.malice.blacklist if pack.malice is not None else None


def _rule(pack: Pack) -> BlacklistRule:
    rule = blacklist_rule(pack)
    if rule is None:
        raise Refusal("no_blacklist", zh="本规程没有黑名单", en="this procedure has no blacklist")
    return rule


def _clause(pack: Pack) -> str:
    assert pack.malice is not None
    return _rule(pack).clause or pack.malice.clause


def _check_role(by: Actor, role: Role) -> None:
    if not by.has(role):
        raise Refusal("wrong_role", zh=f"须由{role}或更高层级决定", en=f"only a {role} or higher may decide this")
