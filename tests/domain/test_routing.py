"""Whose complaint it is: who is considered, which row takes it, and which department is asked."""

from __future__ import annotations

from datetime import date

import pytest

from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.case import Stage
from domain.current_details import current_details
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.policy.route_rows import Candidate
from domain.routing import Concerned, Considered, considered, known_first_contact
from domain.tenant_file import TenantInvalid
from domain.whose import route_for
from handbook.page import page
from storage.case_row import waits_for
from tests.domain.packs import home
from tests.domain.pure_desk import PureDesk
from tests.domain.routes import (
    ANSWER,
    HANDOVER,
    LIN,
    ROUTES,
    WAREHOUSE,
    a_case,
    assigned_desk,
    code,
    company,
    person,
    routed,
)
from tests.workflows.promises import of

TODAY = date(2026, 3, 2)
ZHOU = Actor(id="zhou", roles=(Role.SUPERVISOR,))
AWAY = "absent = [{ from = 2026-03-02, to = 2026-03-02 }]"


# Who is considered


STAFF = (
    person("lin", "agent", more='supervisor = "zhou"'),
    person("zhao", "agent"),
    person("ming", "senior_agent"),
    person("zhou", "supervisor"),
    person("wu", "supervisor"),
)


@pytest.mark.parametrize(
    ("candidates", "about", "found"),
    [
        (("first_contact", "agent"), Concerned("zhao"), Considered(("zhao",), "first_contact")),
        # A shop or a machine filed it; so did somebody whom the company does not know.
        (("first_contact", "agent"), Concerned("shop"), Considered(("lin", "zhao"), role=Role.AGENT)),
        (("first_contact", "agent"), Concerned(), Considered(("lin", "zhao"), role=Role.AGENT)),
        (("own_supervisor",), Concerned(complained_of="lin"), Considered(("zhou",), "own_supervisor")),
        (("own_supervisor",), Concerned(complained_of="lin", assignee="zhao"), Considered(("zhou",), "own_supervisor")),
        (("own_supervisor",), Concerned(assignee="lin"), Considered(("zhou",), "own_supervisor")),
        (("own_supervisor", "manager"), Concerned(assignee="zhao"), None),
        # Whoever is complained of is never among them, in whatever role they would be.
        (("first_contact", "agent"), Concerned("lin", complained_of="lin"), Considered(("zhao",), role=Role.AGENT)),
        (("own_supervisor", "supervisor"), Concerned(complained_of="zhou"), Considered(("wu",), role=Role.SUPERVISOR)),
        (("senior_agent",), Concerned(complained_of="ming"), None),
        (("risk_control", "senior_agent"), Concerned(), Considered(("ming",), role=Role.SENIOR_AGENT)),
    ],
)
def test_the_first_candidate_who_is_there_is_considered(
    candidates: tuple[Candidate, ...], about: Concerned, found: Considered | None
) -> None:
    assert considered(company(*STAFF), candidates, about, TODAY) == found


@pytest.mark.clause("LOY-II-02")
def test_an_absent_supervisor_is_passed_over_for_another_one_and_owns_it_when_there_is_none() -> None:
    lin, of_lin = person("lin", "agent", more='supervisor = "zhou"'), Concerned(complained_of="lin")
    wanted: tuple[Candidate, ...] = ("own_supervisor", "supervisor")
    away = person("zhou", "supervisor", more=AWAY)
    assert considered(company(lin, away, person("wu", "supervisor")), wanted, of_lin, TODAY) == Considered(
        ("wu",), role=Role.SUPERVISOR
    )
    nobody = company(lin, away, person("wu", "supervisor", more=AWAY))
    assert considered(nobody, wanted, of_lin, TODAY) == Considered(("zhou",), "absent")
    # The stand-in of the only one who could be asked is asked.
    stands_in = company(lin, person("zhou", "supervisor", more=f'{AWAY}\nstand_in = "qian"'), person("qian", "manager"))
    assert considered(stands_in, ("own_supervisor",), of_lin, TODAY) == Considered(("qian",), "stand_in")


def test_nobody_of_a_role_is_there_and_its_first_one_owns_it() -> None:
    away = company(person("lin", "agent", more=AWAY), person("zhao", "agent", more=AWAY))
    assert considered(away, ("agent",), Concerned(), TODAY) == Considered(("lin",), "absent")
    assert considered(away, ("agent",), Concerned(complained_of="lin"), TODAY) == Considered(("zhao",), "absent")


def test_the_stand_in_of_an_absent_one_is_never_the_person_complained_of() -> None:
    chain = company(
        person("lin", "agent", more=f'{AWAY}\nstand_in = "zhao"'), person("zhao", "senior_agent", more='stand_in = "wu"'),
        person("wu", "supervisor"),
    )  # fmt: skip
    assert considered(chain, ("agent",), Concerned(complained_of="zhao"), TODAY) == Considered(("wu",), role=Role.AGENT)


def test_the_first_contact_is_known_when_they_are_staff_and_not_complained_of() -> None:
    shop = company(*STAFF)
    assert known_first_contact(shop, Concerned("lin")) == "lin"
    assert known_first_contact(shop, Concerned("lin", complained_of="lin")) is None
    assert known_first_contact(shop, Concerned("rdk_a_machine")) is None


@pytest.mark.parametrize(
    ("more", "says"),
    [('supervisor = "nobody"', 'nobody has the id "nobody"'), ('supervisor = "lin"', "supervisors go in a circle: lin -> lin")],
)
def test_a_supervisor_is_somebody_else_of_the_company(more: str, says: str) -> None:
    with pytest.raises(TenantInvalid) as caught:
        company(person("lin", "agent", more=more))
    [fault] = caught.value.faults
    assert fault.key == "staff[0].supervisor"
    assert says in fault.en
    assert fault.line is not None


# Which row takes it


def test_the_special_row_goes_before_the_general_one() -> None:
    pack = routed()
    plain, about_lin = a_case(pack), a_case(pack, against_staff="lin")
    rows = [route_for(case, pack, "received") for case in (plain, about_lin, a_case(pack, against_staff="lin", channel="social"))]
    assert [row.id for row in rows if row is not None] == ["desk", "own_supervisor", "risk"]
    by_mail = a_case(pack, channel="email")
    assert route_for(by_mail, pack, "verified") is None
    assert route_for(by_mail.model_copy(update={"founded": True}), pack, "verified") is not None


def test_a_procedure_without_routes_says_nothing_about_who_takes_it() -> None:
    assert route_for(a_case(home()), home(), "received") is None


# Departments that are asked


def _assessed(damage: str, more: str = ANSWER) -> PureDesk:
    desk = assigned_desk(routed(more))
    for command in (
        c.Respond(message="已登记"),
        c.Verify(founded=True, findings="属实"),
        c.Assess(facts={"damage": damage}, liable="company"),
    ):
        assert desk.does(LIN, command) is None
    return desk


@pytest.mark.clause("LOY-FLW-02", "LOY-FLW-03", "ECO-RSP-01")
def test_nothing_is_proposed_before_the_department_has_given_its_opinion() -> None:
    desk = _assessed("severe")
    asked = [(entry.event.department, entry.clauses) for entry in desk.journal if isinstance(entry.event, j.Consulted)]
    # It is on record in the same moment, by which clauses, and whose turn it is.
    assert asked == [("warehouse", ("HOM-TRN-02", "HOM-TRN-01")), ("finance", ("HOM-TRN-02",))]
    assert waits_for(desk.case) == "department"
    assert "the opinion of warehouse is awaited" in current_details(desk.case, desk.pack)
    refused = desk.does(LIN, c.Propose())
    assert refused is not None
    assert (refused.code, "warehouse" in refused.en, "warehouse" in refused.zh) == ("opinion_outstanding", True, True)
    assert desk.does(LIN, c.GiveOpinion(opinion="x")) is not None
    said = c.GiveOpinion(department="warehouse", opinion="漏检", responsible="三班")
    assert desk.does(WAREHOUSE, said) is None
    assert waits_for(desk.case) == "agent"
    assert desk.does(LIN, c.Propose()) is None
    assert desk.case.consultations[0].responsible == "三班"


def test_a_supervisor_speaks_for_a_department_that_has_nobody_and_it_is_on_record_as_that() -> None:
    desk = _assessed("severe")
    said = c.GiveOpinion(department="warehouse", opinion="漏检")
    senior = Actor(id="ming", roles=(Role.SENIOR_AGENT,))
    assert [code(desk.does(by, said)) for by in (LIN, senior)] == ["wrong_role", "wrong_role"]
    # Nobody of a department makes more of themselves than they are.
    assert code(desk.does(WAREHOUSE, said.model_copy(update={"on_behalf": True}))) == "wrong_role"
    assert desk.does(ZHOU, said) is None
    assert (_opinion(desk).on_behalf, desk.journal[-1].by.id) == (True, "zhou")
    assert desk.does(LIN, c.Propose()) is None


def test_who_leads_and_belongs_to_a_department_says_for_whom_they_speak() -> None:
    leader = Actor(id="sun", roles=(Role.DEPARTMENT, Role.SUPERVISOR))
    for on_behalf in (False, True):
        desk = _assessed("severe")
        assert desk.does(leader, c.GiveOpinion(department="warehouse", opinion="漏检", on_behalf=on_behalf)) is None
        assert _opinion(desk).on_behalf is on_behalf


def _opinion(desk: PureDesk) -> j.OpinionGiven:
    event = desk.journal[-1].event
    assert isinstance(event, j.OpinionGiven)
    return event


@pytest.mark.clause("ECO-RSP-02")
def test_an_opinion_keeps_the_promise_of_the_department_that_was_asked_and_no_other() -> None:
    desk = _assessed("slight")
    desk.plan()
    warehouse, finance = (deadline.key for deadline in desk.case.deadlines if deadline.name == "department_answers")
    assert desk.does(WAREHOUSE, c.GiveOpinion(department="finance", opinion="已知悉")) is None
    assert [d.key for d in desk.case.deadlines if d.name == "department_answers"] == [warehouse]
    assert desk.does(WAREHOUSE, c.GiveOpinion(opinion="漏检", responsible="三班")) is None
    assert [len(of(desk.journal, key, "deadline_met")) for key in (warehouse, finance)] == [1, 1]
    assert code(desk.does(WAREHOUSE, c.GiveOpinion(opinion="再次"))) == "not_consulted"


def test_a_department_that_findings_leave_out_again_is_not_waited_for() -> None:
    desk = _assessed("severe")
    desk.plan()
    assert desk.does(LIN, c.Assess(facts={"damage": "moderate"}, liable="company")) is None
    assert [entry.event.department for entry in desk.journal if isinstance(entry.event, j.OpinionDropped)] == ["warehouse"]
    assert len([each for each in desk.journal if each.event.kind == "deadline_dropped"]) == 1
    assert code(desk.does(WAREHOUSE, c.GiveOpinion(department="warehouse", opinion="x"))) == "not_consulted"
    # Another department was brought in by the same finding, and has to speak first.
    assert code(desk.does(LIN, c.Propose())) == "opinion_outstanding"
    assert desk.does(WAREHOUSE, c.GiveOpinion(department="installation", opinion="同意")) is None
    assert desk.does(LIN, c.Propose()) is None


def test_the_department_asked_last_is_a_fact() -> None:
    row = """
[[notice]]
id = "to_finance"
clause = "HOM-TRN-01"
on = ["consulted"]
when = { department = "finance" }
to = "department"
subject = { zh = "x", en = "x" }
body = { zh = "x", en = "x" }
"""
    pack = routed(row)
    assert pack.notice[-1].when == {"department": "finance"}
    with pytest.raises(PackInvalid, match="department is never 5"):
        routed(row.replace('"finance" }', "5 }"))


def test_a_second_handling_asks_again() -> None:
    desk = _assessed("severe")
    assert desk.does(WAREHOUSE, c.GiveOpinion(department="warehouse", opinion="漏检")) is None
    for by, command in (
        (LIN, c.CloseByDecision(outcome="decided", reason="x")),
        (ZHOU, c.CloseByDecision(outcome="decided", reason="x")),
        (LIN, c.Reopen(reason="x")),
        (LIN, c.Assess(facts={"damage": "severe"}, liable="company")),
    ):
        desk.does(by, command)
    assert desk.case.stage is Stage.PROPOSING
    assert [each.department for each in desk.case.consultations] == ["warehouse", "finance", "warehouse", "finance"]
    assert code(desk.does(LIN, c.Propose())) == "opinion_outstanding"


# What a pack may say


SLIPS = [
    ('to = ["manager", "senior_agent"]', 'to = ["butler"]', "route"),
    ('to = ["manager", "senior_agent"]', 'to = ["agent", "agent"]', "names somebody twice"),
    ('to = ["manager", "senior_agent"]', "", "needs `to`"),
    ('to = ["manager", "senior_agent"]', 'to = ["agent"]\nopinion = true', "belongs to a `department`"),
    ('department = "finance"', 'department = "finance"\noffered = true', "belongs to `to`"),
    ('on = ["assessed"]\nwhen', 'on = ["asessed"]\nwhen', "unknown journal entry 'asessed'"),
    ("acceptance = true", "", "acceptance"),
]


@pytest.mark.parametrize(("old", "new", "says"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_in_these_rows_is_named(old: str, new: str, says: str) -> None:
    text = ROUTES + HANDOVER
    assert text.count(old) == 1
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text.replace(old, new), "routed.toml", home())
    [problem] = caught.value.problems
    assert says in problem.en
    assert 1 < problem.line < 90


def test_the_handbook_tells_who_takes_it_in_both_languages() -> None:
    pack = routed(HANDOVER)
    english, chinese = page(pack, "en"), page(pack, "zh-CN")
    assert "## Who takes it" in english
    assert "## 由谁处理" in chinese
    assert "supervisor of the person concerned, or else supervisor" in english
    assert "直属主管" in chinese
    assert "`warehouse`" in english
    assert "## Who takes it" not in page(home(), "en")
