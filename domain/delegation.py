"""Delegation: for a while somebody else decides on proposals in a person's place, with that person's rank and for that only.

The journal names both. What is delegated is passed on no further, and ends by itself, by being revoked, or with the giver's rank.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import LINE_OF_COMMAND, Actor, Role, rank


class Delegation(BaseModel):
    """Who decides on proposals in whose place, from when until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delegation_id: str = Field(description="Id of the delegation.")
    from_person: str = Field(description="Staff id of the person in whose place decisions are made.")
    to_person: str = Field(description="Staff id of the person who makes them.")
    from_at: AwareDatetime = Field(description="From when (UTC).")
    until_at: AwareDatetime = Field(description="Until when (UTC); this instant no longer counts.")
    reason: str = Field(description="Why, as whoever made it gave it.")
    made_by: str = Field(description="Who made it.")
    made_at: AwareDatetime = Field(description="When it was made (UTC).")
    revoked_at: AwareDatetime | None = Field(default=None, description="When it was revoked (UTC); null: it was not.")
    revoked_by: str | None = Field(default=None, description="Who revoked it.")


def decides(roles: Iterable[Role | str]) -> tuple[Role, ...]:
    """Those of a person's roles that decide on proposals; empty for who has none to delegate."""
    held = {str(role) for role in roles}
    return tuple(role for role in LINE_OF_COMMAND if role in held and rank(role) >= rank(Role.SUPERVISOR))


def in_place_of(delegation: Delegation, roles: Iterable[Role | str]) -> Actor | None:
    """The delegate as they decide: `roles` are the giver's as they are now. None when the giver decides on nothing any more."""
    held = decides(roles)
    return Actor(id=delegation.to_person, roles=held, acting_for=delegation.from_person) if held else None
