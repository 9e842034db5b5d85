"""Which people a route considers, by the company's file: the first of its candidates who is there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from domain.actor import Role
from domain.policy.route_rows import Candidate
from domain.tenant import Staff, Tenant


class Concerned(NamedTuple):
    """Staff ids of those whom candidates are relative to, as far as there are any; `passed_over` have said no."""

    first_contact: str | None = None
    complained_of: str | None = None
    assignee: str | None = None
    passed_over: tuple[str, ...] = ()


class Considered(NamedTuple):
    """People of one candidate, in the order of the file: those who act in a role, or one person with how they were chosen.

    *absent*: none of the candidates is there; it is theirs all the same.
    """

    people: tuple[str, ...]
    why: Literal["first_contact", "own_supervisor", "stand_in", "absent"] | None = None
    role: Role | None = None


def considered(tenant: Tenant, candidates: Sequence[Candidate], about: Concerned, on: date) -> Considered | None:
    """Those whom the first candidate who is there stands for; None when the company has nobody of any of them.

    Who is named (first contact, supervisor) counts when they are there themselves: another candidate comes before their
    stand-in. Whoever is complained of is never among them.
    """
    for candidate in candidates:
        if candidate in ("first_contact", "own_supervisor"):
            person = _named(tenant, candidate, about)
            if person is not None and not person.is_absent(on) and person.id not in about.passed_over:
                return Considered((person.id,), candidate)
        else:
            acting = tenant.acting(candidate, on, without=about.complained_of)
            if people := tuple(each.id for each in acting if each.id not in about.passed_over):
                return Considered(people, role=Role(candidate))
    return next(_though_absent(tenant, candidates, about, on), None)


def known_first_contact(tenant: Tenant, about: Concerned) -> str | None:
    """Whoever filed it, when the company's file knows them and they are not the one complained of."""
    person = _named(tenant, "first_contact", about)
    return person.id if person is not None else None


def _though_absent(tenant: Tenant, candidates: Sequence[Candidate], about: Concerned, on: date) -> Iterator[Considered]:
    """The own supervisor before anybody else, then the first of the first role; their stand-in, or they themselves."""
    for candidate in sorted(candidates, key=lambda each: each != "own_supervisor"):
        if candidate in ("first_contact", "own_supervisor"):
            person = _named(tenant, candidate, about)
            holders: tuple[Staff, ...] = (person,) if person is not None else ()
        else:
            holders = tuple(each for each in tenant.staff_with(candidate) if each.id != about.complained_of)
        for holder in holders:
            standing_in = tenant.stand_in(holder.id, on, without=about.complained_of)
            yield Considered((standing_in.id,), "stand_in") if standing_in is not None else Considered((holder.id,), "absent")


def _named(tenant: Tenant, candidate: Candidate, about: Concerned) -> Staff | None:
    if candidate == "first_contact":
        id = about.first_contact
    else:
        of = tenant.person(about.complained_of or about.assignee or "")
        id = of.supervisor if of is not None else None
    return tenant.person(id) if id is not None and id != about.complained_of else None
