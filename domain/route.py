"""The way of a parcel, as its carrier tells it: what an agent who verifies looks at, and evidence of what was said when."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class RouteEvent(BaseModel):
    """One thing that happened to a parcel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime = Field(description="When it happened.")
    event: str = Field(
        max_length=200, description="ordered, handed_to_carrier, departed, arrived_at_hub, delivered, lost, or a carrier's word."
    )
    place: str | None = Field(default=None, max_length=200, description="Where it happened, as the carrier says.")


class Route(BaseModel):
    """The route of an order's original parcel, oldest event first (HOM-TRN-04)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_number: str = Field(description="Number of the order.")
    carrier: str | None = Field(default=None, description="Who carries it.")
    status: Literal["not_shipped", "in_transit", "delivered", "lost"] = Field(description="Where it stands.")
    promised_at: AwareDatetime | None = Field(default=None, description="When it was promised to arrive.")
    delivered_at: AwareDatetime | None = Field(default=None, description="When it arrived; null while it has not.")
    events: tuple[RouteEvent, ...] = Field(default=(), max_length=200, description="What happened to it, the oldest first.")
