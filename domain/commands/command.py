"""What every command is, who signs it, and how it is answered."""

from __future__ import annotations

import re
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Actor


class Command(BaseModel):
    """Something a person wants done. Subclasses are the whole vocabulary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


C = TypeVar("C", bound=Command, covariant=True)


class Signed(BaseModel, Generic[C]):
    """A command with the person who gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Actor
    command: C


class Receipt(BaseModel):
    """Answer to a command that was carried out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint_id: str
    stage: str = Field(description="Stage after the command.")
    revision: int = Field(description="Sequence number of the last journal entry after the command.")


def name_of(command: type[BaseModel]) -> str:
    """`RecordCallback` is `record_callback` as an Update and in HTTP."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()
