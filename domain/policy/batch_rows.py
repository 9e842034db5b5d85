"""Rows about many complaints of one thing: what counts together, when it is an incident, and what its lead may decide."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.actor import Role
from domain.budget import parse_duration
from domain.money import Currency
from domain.policy.conditions import When
from domain.policy.figures import Figure
from domain.policy.rows import Ruled
from domain.policy.vocabulary import BatchKey, ExtraKind
from domain.policy.wording import ClauseId, Name, Row, Wording, fault

SAME_DAY = "same_day"


class Rise(Row):
    """An unusual rise: at least so many in the window, and `factor` times what the `weeks` before had in one window."""

    weeks: StrictInt = Field(default=4, ge=1, le=26)
    factor: Figure = Field(default=Figure(2), gt=1, le=100)
    at_least: StrictInt = Field(ge=2, le=10_000)


class Allowed(Row):
    """Something that the lead of an incident may decide, by this clause."""

    clause: ClauseId


class ExtraRule(Allowed):
    """Compensation on top of the standard remedy, the same for every complaint of the incident, and how far it may go.

    What an incident gives is counted here and not under the pack's [cap]: it is decided once for all, and approved apart.
    """

    kinds: tuple[ExtraKind, ...] = Field(min_length=1)
    percent_max: Figure | None = Field(
        default=None, gt=0, le=500, description="Of what was paid for the order. 100 on top of a full refund is a double refund."
    )
    amount_max: dict[Currency, Figure] = Field(default={}, description="For each complaint, whatever its order cost.")
    points_max: StrictInt | None = Field(default=None, ge=1)
    approved_by: Role

    @model_validator(mode="after")
    def _money_has_a_limit(self) -> Self:
        if {"extra_payment", "coupon"} & set(self.kinds) and self.percent_max is None and not self.amount_max:
            raise fault("money needs `percent_max` or `amount_max`", "涉及金额须有 percent_max 或 amount_max")
        if "points" in self.kinds and self.points_max is None:
            raise fault("points need `points_max`", "积分须有 points_max")
        return self


class BatchRule(Ruled):
    """Complaints that are alike in all of `key` count together: so many within the window are an incident.

    A complaint in which one of the key's values is not known does not count under this row.
    """

    id: Name
    title: Wording
    when: When = Field(default_factory=dict, description="What counts; asked again whenever something becomes known or changes.")
    key: tuple[BatchKey, ...] = Field(min_length=1)
    at_least: StrictInt | None = Field(default=None, ge=2, le=10_000)
    more_than: StrictInt | None = Field(default=None, ge=1, le=10_000)
    window: str = Field(description='A duration such as "24h", or "same_day": the day in the company\'s zone.')
    rise: Rise | None = None
    urgent: StrictBool = Field(default=False, description="Every complaint of the incident becomes urgent.")
    lead: Role = Field(description="Who leads it until a team is named.")
    team: tuple[Name, ...] = Field(default=(), description="Departments that look for the root together.")
    suspension: Allowed | None = Field(default=None, description="The lead may have the sale of a lot stopped.")
    recall: Allowed | None = Field(default=None, description="The lead may recall a lot.")
    statement: Allowed | None = Field(default=None, description="The lead may publish a statement.")
    extra: ExtraRule | None = None

    @model_validator(mode="after")
    def _can_be_counted(self) -> Self:
        if self.at_least is not None and self.more_than is not None:
            raise fault("say `at_least` or `more_than`, not both", "at_least 与 more_than 只能写一个")
        if self.threshold is None and self.rise is None:
            raise fault("a batch needs `at_least`, `more_than` or `rise`", "须有 at_least、more_than 或 rise 之一")
        if self.window != SAME_DAY:
            try:
                parse_duration(self.window)
            except ValueError as error:
                raise fault(str(error), '请写 window = "24h" 或 window = "same_day"') from error
        return self

    @property
    def threshold(self) -> int | None:
        """So many within the window are an incident; None where only a rise counts."""
        return self.more_than + 1 if self.more_than is not None else self.at_least

    def clause_for(self, what: Literal["suspension", "recall", "statement", "extra"]) -> str | None:
        """The clause by which the lead may do it; None where the procedure does not name it."""
        allowed: Allowed | None = getattr(self, what)
        return allowed.clause if allowed else None
