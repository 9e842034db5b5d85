"""A variant of the home procedure with rows about whose complaint it is, and a company with people for them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from domain.actor import Actor, Role
from domain.case import Case
from domain.journal import Assigned
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.refusal import Refusal
from domain.tenant import Tenant
from domain.tenant_file import parse_tenant
from tests.domain.packs import home
from tests.domain.pure_desk import PureDesk, sample_order

ROUTES = """\
name = "routed"
version = "2026-11"
extends = "home@2026-11"
title = { zh = "建材家居：指定处理人", en = "Home: who takes it" }
source = "Nobody's: made for tests."
[[route]]
id = "desk"
clause = "HOM-TRN-01"
to = ["first_contact", "agent"]

[[route]]
id = "own_supervisor"
clause = "HOM-INS-01"
also = ["HOM-TRN-01"]
when = { complained_of_staff = true }
to = ["own_supervisor", "supervisor"]
offered = true

[[route]]
id = "risk"
clause = "HOM-INS-01"
when = { complained_of_staff = true, channel = "social" }
to = ["risk_control"]

[[route]]
id = "found_true"
clause = "HOM-TRN-02"
on = ["verified", "assessed"]
when = { founded = true, channel = "email" }
to = ["manager", "senior_agent"]

[[route]]
id = "warehouse"
clause = "HOM-TRN-02"
also = ["HOM-TRN-01"]
on = ["verified", "assessed"]
when = { damage = ["slight", "severe"] }
department = "warehouse"
opinion = true

[[route]]
id = "installation"
clause = "HOM-TRN-02"
on = ["assessed"]
when = { damage = "moderate" }
department = "installation"
opinion = true

[[route]]
id = "told"
clause = "HOM-TRN-02"
on = ["assessed"]
department = "finance"
"""
ANSWER = """
[[deadline]]
id = "department_answers"
clause = "HOM-TRN-02"
title = { zh = "部门反馈", en = "The department answers" }
starts = ["consulted"]
met_by = ["opinion_given"]
dropped_by = ["opinion_dropped", "closed", "withdrawn"]
within = "4h"
clock = "calendar"
owner = "department"
ladder = "hours"
"""
HANDOVER = """
[handover]
clause = "HOM-TRN-03"
acceptance = true
"""

# A Monday, 10:00 in Shanghai.
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
COMPANY = """\
id = "shop"
name = { zh = "小店", en = "Shop" }
pack = "home@2026-11"
zone = "Asia/Shanghai"
currency = "CNY"

[service_hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

"""
LIN, ZHAO = Actor(id="lin", roles=(Role.AGENT,)), Actor(id="zhao", roles=(Role.AGENT,))
WAREHOUSE = Actor(id="sun", roles=(Role.DEPARTMENT,))


def person(id: str, *roles: str, more: str = "") -> str:
    held = ", ".join(f'"{role}"' for role in roles)
    return f'[[staff]]\nid = "{id}"\nname = "{id}"\nroles = [{held}]\n{more}\n\n'


def company(*people: str) -> Tenant:
    return parse_tenant(COMPANY + "".join(people), "shop.toml")


@cache
def routed(more: str = "") -> Pack:
    """The variant with the rows above, and `more`."""
    return parse_pack(ROUTES + more, "routed.toml", home())


def a_case(pack: Pack, **intake: Any) -> Case:
    """A complaint that has just been received."""
    return PureDesk(AT, pack=pack, **intake).case


def assigned_desk(pack: Pack, **intake: Any) -> PureDesk:
    """A complaint that lin has, with its order found."""
    desk = PureDesk(AT, order=sample_order(received_at=AT), pack=pack, **intake)
    desk.file.say(Assigned(assignee="lin", why="least_loaded"))
    return desk


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal is not None else None
