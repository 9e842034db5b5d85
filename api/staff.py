"""People of the company, as its file names them."""

from __future__ import annotations

from api.guard import unfit
from api.identity import Me
from api.parts import Parts
from api.problems import FieldProblem
from domain.commands import GiveOpinion


def check_person(parts: Parts, tenant: str, person: str) -> None:
    """Who the company's file does not name could never pick a complaint up. Raises the problem `invalid`."""
    staff = parts.shelf.tenant(tenant).staff
    if all(each.id != person for each in staff):
        names = ", ".join(each.id for each in staff)
        zh, en = f"没有员工“{person}”，可选：{names}", f"nobody is called {person!r} here; there are {names}"
        raise unfit((FieldProblem(field="to", code="unknown_person", zh=zh, en=en),))


def speaking_for(parts: Parts, me: Me, command: GiveOpinion) -> GiveOpinion:
    """Nobody speaks for another department than the company's file gives them. Raises the problem `invalid`."""
    person = parts.shelf.tenant(me.tenant).person(me.actor.id)
    own = person.department if person is not None else None
    if own is None or command.department == own:
        return command
    if command.department is None:
        return command.model_copy(update={"department": own})
    zh, en = f"您属于部门“{own}”，不能代表其他部门", f"you belong to {own!r} and cannot speak for another department"
    raise unfit((FieldProblem(field="department", code="other_department", zh=zh, en=en),))
