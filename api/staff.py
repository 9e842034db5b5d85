"""People of the company, as its file names them."""

from __future__ import annotations

from api.guard import misfit
from api.identity import Me
from api.parts import Parts
from domain.actor import Role
from domain.commands import GiveOpinion
from domain.tenant import Staff


def person_of(parts: Parts, tenant: str, field: str, person: str) -> Staff:
    """Somebody of the company: nobody else could ever pick a complaint up. Raises the problem `invalid` that names the field."""
    company = parts.shelf.tenant(tenant)
    found = company.person(person)
    if found is None:
        names = ", ".join(each.id for each in company.staff)
        zh, en = f"没有员工“{person}”，可选：{names}", f"nobody is called {person!r} here; there are {names}"
        raise misfit(field, "unknown_person", zh, en)
    return found


def speaking_for(parts: Parts, me: Me, command: GiveOpinion) -> GiveOpinion:
    """With the department that they speak for: their own by the company's file; a supervisor or above, any in its place.

    Raises the problem `invalid`.
    """
    person = parts.shelf.tenant(me.tenant).person(me.actor.id)
    own = person.department if person is not None and Role.DEPARTMENT in me.actor.roles else None
    if own is not None and command.department in (None, own):
        return command.model_copy(update={"department": own})
    if me.actor.has(Role.SUPERVISOR):
        return command.model_copy(update={"on_behalf": True})
    if own is None:
        zh = "公司文件未注明您所属的部门，您不能代表任何部门；请在 [[staff]] 中填写 department，或由主管代为反馈"
        en = "the company's file names no department of yours; have it entered under [[staff]], or ask a supervisor to speak"
        raise misfit("department", "no_department", zh, en)
    zh, en = f"您属于部门“{own}”，不能代表其他部门", f"you belong to {own!r} and cannot speak for another department"
    raise misfit("department", "other_department", zh, en)
