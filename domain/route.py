"""The way of a parcel, as its carrier tells it: what an agent who verifies looks at, and evidence of what was said when."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class RouteEvent(BaseModel):
    """One thing that happened to a parcel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    event: str = Field(
        max_length=200, description="ordered, handed_to_carrier, departed, arrived_at_hub, delivered, lost, or a carrier's word."
    )
    place: str | None = Field(default=None, max_length=200)


class Route(BaseModel):
    """The route of an order's original parcel, oldest event first (HOM-TRN-04)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_number: str
    carrier: str | None = None
    status: Literal["not_shipped", "in_transit", "delivered", "lost"]
    promised_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    events: tuple[RouteEvent, ...] = Field(default=(), max_length=200)
