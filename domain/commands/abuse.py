"""When a complaint may not be honest: signs, evidence, presumption, legal. The refusal itself is `CloseByDecision`."""

from __future__ import annotations

from pydantic import Field

from domain.commands.command import Command
from domain.intake import Line, Prose
from domain.policy.vocabulary import Sign


class NoteSign(Command):
    """Put a sign of malice on record: it adds to a score, and decides nothing."""

    sign: Sign = Field(description="Kind of sign, one that the pack knows.")
    note: Prose = Field(description="What was seen: which statements contradict each other, what was demanded or threatened.")


class DemandEvidence(Command):
    """Ask the customer for proof; the procedure says by when."""

    what: Line = Field(description="What is to be shown: proof of purchase, photographs of the label, ...")


class PresumeMalice(Command):
    """Presume, with a reason, that the complaint is malicious. Only its signs or missing evidence allow it."""

    reason: Prose


class ReferToLegal(Command):
    """Hand the complaint over to legal with its whole file."""

    reason: Prose
