"""Entries from receipt to the assessment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.intake import Evidence, Intake
from domain.money import Currency
from domain.order import Order
from domain.promise_events import JournalEvent
from domain.route import Route
from domain.stored import empty

FactValue = bool | int | str


class Received(JournalEvent):
    kind: Literal["received"] = "received"
    tenant: str
    complaint_id: str
    pack: str
    pack_digest: str
    zone: str
    currency: Currency
    group: str
    level: str
    urgent: bool
    intake: Intake


class OrderChecked(JournalEvent):
    """*unclear*: nothing comparable is known of the customer, a person has to check. *not_needed*: no order is named."""

    kind: Literal["order_checked"] = "order_checked"
    result: Literal["found", "not_found", "not_theirs", "unclear", "not_needed"]
    order: Order | None = None
    route: Route | None = Field(default=None, description="What the carrier said of the parcel at that moment.")


class Responded(JournalEvent):
    kind: Literal["responded"] = "responded"
    message: str


class InspectionOrdered(JournalEvent):
    kind: Literal["inspection_ordered"] = "inspection_ordered"
    step: str
    address: str | None = None
    note: str | None = None


class VisitReported(JournalEvent):
    kind: Literal["visit_reported"] = "visit_reported"
    step: str
    findings: str
    corrected: bool
    evidence: tuple[Evidence, ...] = ()


class Verified(JournalEvent):
    kind: Literal["verified"] = "verified"
    founded: bool
    findings: str
    sources: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = Field(default=(), exclude_if=empty, description="SHA-256 of the evidence behind it.")


class Assessed(JournalEvent):
    """`facts` holds what was found and what the pack derives from it, such as the class of a delay."""

    kind: Literal["assessed"] = "assessed"
    facts: dict[str, FactValue]
    liable: str
    note: str | None = None
    rests_on: tuple[str, ...] = Field(default=(), exclude_if=empty, description="SHA-256 of the evidence behind it.")
