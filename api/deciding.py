"""Deciding on a proposal, in one's own right or in somebody's place; and giving a command at all.

Whoever may decide does so in their own right. Where that is not enough, a delegation that holds now is used, of several the one
with the lowest rank that is enough, and the journal names both people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.ended import after_the_end
from api.parts import Parts
from desk.errors import ComplaintClosed, NoSuchComplaint, Refused
from domain.actor import Actor, Role, rank
from domain.commands import Approve, Command, Receipt, Refuse, SendBack, Signed, name_of
from domain.delegation import in_place_of
from domain.rights import may
from domain.tenant import Staff
from storage.delegations import Delegations

Decision = Approve | SendBack | Refuse
# Somebody else's rank may do what one's own does not.
_NOT_ENOUGH = frozenset({"approver_too_low", "wrong_role", "own_proposal", "complained_of"})


async def give(parts: Parts, tenant: str, complaint_id: str, by: Actor, command: Command, key: str | None) -> Receipt:
    """Give a command to a complaint, also after its end. Raises the errors of the desk."""
    envelope: Any = Signed
    # The type parameter is not for show: with the base class in its place, only the base's fields would travel.
    signed: Signed[Any] = envelope[type(command)](by=by, command=command)
    try:
        return await parts.desk.command(tenant, complaint_id, name_of(type(command)), signed, key)
    except (ComplaintClosed, NoSuchComplaint) as met:
        return await after_the_end(parts, tenant, complaint_id, signed, key, met)


async def decide(parts: Parts, tenant: str, complaint_id: str, by: Actor, decision: Decision, key: str | None) -> Receipt | None:
    """Decide as `by`, or in whose place they decide; None when neither they nor anybody they stand for decides on anything.

    Raises the errors of the desk: of several refusals the last one.
    """
    refused: Refused | None = None
    async for actor in _actors(parts, tenant, by):
        try:
            return await give(parts, tenant, complaint_id, actor, decision, key)
        except Refused as error:
            if error.code not in _NOT_ENOUGH:
                raise
            refused = error
    if refused is not None:
        raise refused
    return None


async def may_decide(parts: Parts, tenant: str, by: Actor) -> bool:
    """Whether this person decides on proposals now, in whosever place."""
    async for _ in _actors(parts, tenant, by):
        return True
    return False


async def _actors(parts: Parts, tenant: str, by: Actor) -> AsyncIterator[Actor]:
    """The person in their own right, then as delegate; who they decide for is only looked up when it is needed."""
    if may(by, "approve"):
        yield by
    company = parts.shelf.tenant(tenant)
    # Delegates are people of the company: a program or a customer with the same name is not meant.
    if company.person(by.id) is None or Role.CUSTOMER in by.roles:
        return
    try:
        holding = await Delegations(parts.database).holding(tenant, datetime.now(UTC))
    except (SQLAlchemyError, OSError):
        if may(by, "approve"):
            return  # the procedure's own no says more than a database that is away
        raise
    given = [(each, company.person(each.from_person)) for each in holding if each.to_person == by.id]
    acting = (in_place_of(each, giver.roles if giver else ()) for each, giver in given)
    for actor in sorted((each for each in acting if each is not None), key=lambda each: rank(each.highest)):
        yield actor


def own_right(person: Staff) -> Actor:
    """Somebody of the company with the roles that its file gives them now."""
    return Actor(id=person.id, roles=tuple(Role(role) for role in person.roles))
