"""From the first response to the assessment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.commands.command import Command
from domain.intake import Evidence, Identifier, Line, Prose
from domain.journal import FactValue

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RESTS_ON = "SHA-256 of attached pieces of evidence that show it; who may be blamed on evidence only, the pack says."


class Respond(Command):
    """First response to the customer: it is recorded, and by when it will be looked into."""

    message: Prose = Field(description="What the customer was told. Automatic replies do not count as a response.")


class OrderInspection(Command):
    """Send a technician to look on site."""

    address: Line | None = Field(default=None, description="Where to; the installation address when absent.")
    note: Line | None = Field(default=None, description="What to look at.")


class ReportVisit(Command):
    """What a visit on site found or put right, with photographs or video as evidence."""

    step: Identifier = Field(description="Id of the visit: `inspection` for the latest one ordered, or a step of the plan.")
    findings: Prose
    corrected: bool = Field(default=False, description="The matter was put right to the customer's satisfaction.")
    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=20, description="At least one photograph or video.")


class Verify(Command):
    """Whether the complaint is true, after asking carrier, warehouse or installer."""

    founded: bool = Field(description="False ends the complaint as unfounded; the customer is told why.")
    findings: Prose
    sources: tuple[Line, ...] = Field(
        default=(), max_length=20, description="Who and what was asked: carrier, warehouse log, ..."
    )
    rests_on: tuple[Digest, ...] = Field(default=(), max_length=20, description=RESTS_ON)


class Assess(Command):
    """The facts that the procedure's remedies depend on, and who is liable."""

    facts: dict[str, FactValue] = Field(max_length=30, description="Facts by name as the pack declares them; see /v1/policies.")
    liable: Literal["company", "carrier", "installer", "supplier", "merchant", "customer", "nobody"]
    note: Line | None = None
    rests_on: tuple[Digest, ...] = Field(default=(), max_length=20, description=RESTS_ON)
