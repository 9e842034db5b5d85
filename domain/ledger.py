"""The ledger's words: what was meant to happen at a partner, under which key, and how far it is known to have come."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.effects import EffectStatus
from domain.money import Money

Partner = Literal["payments", "benefits", "logistics", "accounts", "lots"]
LedgerState = Literal["intended", "unknown", "placed", "done", "refused", "cancelled"]

# What is known for sure. An open state never takes the place of one of these, however late an answer comes in.
FINAL: tuple[LedgerState, ...] = ("done", "refused", "cancelled")
OPEN: tuple[LedgerState, ...] = ("intended", "unknown", "placed")
AFTER: dict[EffectStatus, LedgerState] = {"accepted": "placed", "done": "done", "refused": "refused"}


class EffectName(NamedTuple):
    """What an effect key says: `tenant:complaint/cycle/step`, the step with its suffix."""

    tenant: str
    complaint_id: str
    cycle: int
    step: str


def name_of_effect(key: str) -> EffectName | None:
    """The parts of a key; None for one that is not ours."""
    tenant, colon, rest = key.partition(":")
    parts = rest.split("/", 2)
    if not colon or len(parts) != 3 or not parts[1].isascii() or not parts[1].isdigit():
        return None
    return EffectName(tenant, parts[0], int(parts[1]), parts[2])


class Intent(BaseModel):
    """What is about to be asked of a partner. Never changes under its key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    tenant: str
    kind: str
    partner: Partner
    money: Money | None = None
    quantity: int | None = None
    clause: str = ""
    decided_by: str = ""


class LedgerRow(BaseModel):
    """One effect as the ledger knows it."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(description="Effect key, the partner's idempotency key: tenant:complaint/cycle/step.")
    complaint_id: str
    cycle: int
    step: str = Field(description="Step of the plan, with /r1 where a person had it tried again after a refusal.")
    kind: str = Field(description="What was asked for: refund, extra_payment, coupon, reship, repair ...")
    partner: Partner = Field(description="Which partner carries it out.")
    money: Money | None = Field(description="Amount, or a coupon's worth; null for goods, visits, gifts and points.")
    quantity: int | None = Field(description="Number of points; null for anything else.")
    clause: str | None = Field(description="Clause of the procedure behind it.")
    decided_by: str | None = Field(description="Staff id of whoever approved it, or proposed it where nobody had to approve.")
    state: LedgerState = Field(
        description="intended: about to be asked for; unknown: asked for, no answer to trust; placed: accepted; done; refused; "
        "cancelled: called back."
    )
    reference: str | None = Field(description="The partner's own number.")
    said: str = Field(description="What was last heard of it.")
    attempts: int = Field(description="How often it was tried, also while the partner was known to be away.")
    first_at: AwareDatetime = Field(description="When it was entered (UTC), before the partner was asked for the first time.")
    last_at: AwareDatetime = Field(description="When something was last entered (UTC).")
