"""A command that was carried out under a key of its caller's own, as the journal remembers it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Given(BaseModel):
    """In a complaint's journal it stands on the last entry of the command.

    `key` and `body` are digests: a key may hold anything, also a person's name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(description="Of the person, the command's name and the caller's key.")
    body: str = Field(description="Of what was asked.")
    stage: str = Field(description="Stage after the command, as its receipt says; of an incident open or closed.")
    revision: int = Field(ge=1, description="Sequence number of the last entry after the command, as its receipt says.")
