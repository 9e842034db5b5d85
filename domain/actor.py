"""Who acts, and in which roles: the small vocabulary of rights that commands and packs share."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.stored import absent


class Role(StrEnum):
    """A part that a person or a program plays towards a complaint."""

    INTAKE = "intake"
    CUSTOMER = "customer"
    AGENT = "agent"
    SENIOR_AGENT = "senior_agent"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    GENERAL_MANAGER = "general_manager"
    RISK_CONTROL = "risk_control"
    LEGAL = "legal"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


# The line of command: who stands higher may do what those below may.
LINE_OF_COMMAND = (Role.AGENT, Role.SENIOR_AGENT, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)


def rank(role: Role) -> int:
    """Place in the line of command, from 0 for an agent; -1 for roles outside it."""
    return LINE_OF_COMMAND.index(role) if role in LINE_OF_COMMAND else -1


class Actor(BaseModel):
    """The person or program behind a command, as their token names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(
        min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$", description="Stable id of the person or program."
    )
    roles: tuple[Role, ...] = Field(min_length=1, description="Roles that the token grants.")
    acting_for: str | None = Field(
        default=None,
        max_length=64,
        exclude_if=absent,
        description="In whose place, with their roles: a delegate, on proposals only.",
    )
    made_by: str | None = Field(
        default=None,
        max_length=64,
        exclude_if=absent,
        description="Who made the link or API key that was used. What is done with a key counts as its maker's own doing.",
    )
    via: Literal["signal"] | None = Field(
        default=None,
        exclude_if=absent,
        description="`signal`: given through Temporal, past every door. Nobody has checked that it was this person.",
    )

    @property
    def names(self) -> frozenset[str]:
        """Whose doing this is: their own, and of whoever they act for or were given the means by."""
        return frozenset(name for name in (self.id, self.acting_for, self.made_by) if name is not None)

    def has(self, *wanted: Role) -> bool:
        """Whether one of the roles is held, directly or by standing above it in the line of command."""
        held = max(rank(role) for role in self.roles)
        return any(role in self.roles or -1 < rank(role) <= held for role in wanted)

    @property
    def of_the_house(self) -> bool:
        """Somebody who works here. Shops and machines file as *intake*; a customer's id may happen to be an employee's too."""
        return self.has(Role.AGENT, Role.DEPARTMENT, Role.RISK_CONTROL, Role.LEGAL)

    @property
    def highest(self) -> Role:
        """The highest role held; outside the line of command, the first one named."""
        return max(self.roles, key=rank)


# Who acts for the house, to a reader who is not told who it was.
UNNAMED = "-"
SYSTEM = Actor(id="redress", roles=(Role.SYSTEM,))
