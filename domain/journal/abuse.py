"""Entries about complaints that may not be honest."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.actor import Role
from domain.policy.vocabulary import Sign
from domain.promise_events import JournalEvent
from domain.stored import absent, empty


class SignNoted(JournalEvent):
    """A sign, noted by a person (`note`), found in what the customer wrote (`found`) or counted (`count`)."""

    kind: Literal["sign_noted"] = "sign_noted"
    row: str = Field(description="Row of the pack: its weight counts once, however often it is noted.")
    sign: Sign = Field(description="Kind of sign.")
    weight: int = Field(description="What it adds to the score, once.")
    note: str | None = Field(default=None, exclude_if=absent)
    found: tuple[str, ...] = Field(default=(), exclude_if=empty, description="Words of the customer.")
    count: int | None = Field(
        default=None, exclude_if=absent, description="Complaints of this customer within the row's window, this one too."
    )


class EvidenceDemanded(JournalEvent):
    kind: Literal["evidence_demanded"] = "evidence_demanded"
    what: str = Field(description="What is to be shown.")


class MalicePresumed(JournalEvent):
    """`score` at that moment; `unanswered`: demanded evidence had not come in time."""

    kind: Literal["malice_presumed"] = "malice_presumed"
    reason: str
    score: int = Field(description="Sum of the weights of its signs.")
    unanswered: bool = Field(default=False, exclude_if=empty, description="Demanded evidence had not come in time.")


class ReferredToLegal(JournalEvent):
    kind: Literal["referred_to_legal"] = "referred_to_legal"
    to: Role
    reason: str
