"""Summaries: teams and people with lateness, employees, what and who comes back, and the period before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from documents.sections import sections
from documents.web import html
from domain import journal as j
from domain import promise_events as p
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.policy.talk_rows import ReportRule
from domain.policy.vocabulary import StepKind
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from domain.summary.compose import compose, report_of
from domain.summary.figures import Summary
from domain.summary.period import Period, due_at, just_before
from domain.summary.tally import Complained, Happened, Tally
from domain.summary.telling import in_words
from domain.tenant import Tenant
from domain.tenant_file import parse_tenant
from tests.domain.packs import ROOT, changed, home
from tests.domain.summaries import MIDDLE, NOVEMBER, TITLE, met, missed, plan, summary, told

COMPANY = """\
id = "shop"
name = { zh = "小店", en = "Shop" }
pack = "home@2026-11"
zone = "Asia/Shanghai"
currency = "CNY"
holidays = "CN"
service_hours = { mon = ["09:00-18:00"] }
working_week = ["mon"]
departments = [{ id = "night", name = { zh = "夜班", en = "Night shift" } }]
staff = [
  { id = "lin", name = "Lin", roles = ["agent"], supervisor = "zhou" },
  { id = "zhao", name = "Zhao", roles = ["agent"], supervisor = "zhou" },
  { id = "he", name = "He", roles = ["agent"], department = "night", supervisor = "zhou" },
  { id = "wu", name = "Wu", roles = ["agent"] },
  { id = "zhou", name = "周敏", roles = ["supervisor"] },
]
"""
FOUND: dict[str, Any] = {"founded": True, "liable": "company"}


def company() -> Tenant:
    return parse_tenant(COMPANY, "shop.toml")


def row(**more: Any) -> ReportRule:
    return report_of(home(), "transport_summary").model_copy(update=more)


def made(
    *entries: Happened,
    complaints: tuple[Complained, ...] = (),
    about: dict[str, str] | None = None,
    before: tuple[Period, dict[str, int]] | None = None,
    **of_row: Any,
) -> Summary:
    tally = Tally(home(), NOVEMBER)
    for complaint in complaints:
        tally.complaint(complaint)
    for complaint_id, staff in (about or {}).items():
        tally.about(complaint_id, staff)
    for entry in entries:
        tally.entry(entry)
    return compose(tally, row(**of_row), "shop", company(), before)


def late_by(hours: int, person: str, complaint: str) -> tuple[Happened, ...]:
    """A promise of this person, missed at noon and kept so many hours later."""
    begun = told(j.Assigned(assignee=person, why="least_loaded"), missed("verification"), complaint=complaint)
    return (*begun, Happened(complaint, MIDDLE + timedelta(hours=hours), met("verification", in_time=False)))


@pytest.mark.clause("FOO-RSP-04", "ECO-STA-01")
def test_timeliness_is_told_of_each_person_and_added_up_for_each_team() -> None:
    figures = made(
        *late_by(3, "lin", "c1"),
        *late_by(2, "zhao", "c2"),
        *late_by(1, "he", "c3"),
        *told(j.Assigned(assignee="wu", why="least_loaded"), met("verification"), complaint="c4"),
    )
    assert {each.person: (each.kept, each.missed, each.late) for each in figures.people} == {
        "lin": (0, 1, timedelta(hours=3)),
        "zhao": (0, 1, timedelta(hours=2)),
        "he": (0, 1, timedelta(hours=1)),
        "wu": (1, 0, timedelta(0)),
    }
    # Of a department first, else of who leads them; who has neither is told as a person.
    assert [(each.team, each.title.zh, each.missed, each.late) for each in figures.teams] == [
        ("zhou", "周敏的团队", 2, timedelta(hours=5)),
        ("night", "夜班", 1, timedelta(hours=1)),
    ]
    chinese, english = in_words(figures, "zh-CN"), in_words(figures, "en")
    assert "- 周敏的团队：按时 0，错过 2，共迟 5:00" in chinese
    assert "- Night shift: kept 0, missed 1, late by 1:00 in all" in english
    assert "- wu: kept 1, missed 0\n" in english


def test_what_is_done_late_after_a_hand_over_is_the_lateness_of_who_missed_it() -> None:
    handed = j.HandedOver(assignee="zhao", reason="shift")
    begun = told(j.Assigned(assignee="lin", why="least_loaded"), missed("verification"), handed)
    figures = made(*begun, Happened("c1", MIDDLE + timedelta(hours=4), met("verification", in_time=False)))
    assert [(each.person, each.missed, each.late) for each in figures.people] == [("lin", 1, timedelta(hours=4))]


@pytest.mark.clause("FOO-RSP-04", "ECO-STA-01")
def test_a_departments_promises_are_kept_by_whoever_spoke_for_it_and_missed_by_the_department_that_was_asked() -> None:
    file = ROOT / "policies" / "food" / "2026-11.toml"
    tally = Tally(parse_pack(file.read_text(encoding="utf-8"), file.name), NOVEMBER)
    asked = [j.Consulted(department="night", route="expert"), j.Consulted(department="warehouse", route="sample_tested")]
    for seq, event in enumerate(asked, start=4):
        tally.entry(Happened("c1", MIDDLE, event, seq))
    hour = timedelta(hours=1)
    tally.entry(Happened("c1", MIDDLE + hour, p.DeadlineMissed(key="expert/4", due_at=MIDDLE + hour / 2), 6))
    tally.entry(Happened("c1", MIDDLE + hour, p.DeadlineMet(key="expert/4", in_time=False, by="he"), 7))
    tally.entry(Happened("c1", MIDDLE + hour, p.DeadlineMet(key="test_result/5", in_time=True, by="he"), 8))
    tally.entry(Happened("c1", MIDDLE + hour, p.DeadlineMissed(key="approval/5", due_at=MIDDLE), 9))
    figures = compose(tally, tally.pack.report[0], "shop", company())
    assert [(each.person, each.kept, each.missed) for each in figures.people] == [("he", 1, 0)]
    assert [(each.team, each.title.en, each.kept, each.missed, each.late) for each in figures.teams] == [
        ("supervisor", "supervisor", 0, 1, timedelta(0)),
        ("night", "Night shift", 1, 1, hour / 2),
    ]


def test_what_the_customer_or_the_approver_does_late_is_no_agents_lateness() -> None:
    begun = told(j.Assigned(assignee="lin", why="least_loaded"), missed("approval"), missed("customer_reply"))
    after = tuple(
        Happened("c1", MIDDLE + timedelta(hours=1), met(name, in_time=False)) for name in ("approval", "customer_reply")
    )
    assert made(*begun, *after).people == ()


@pytest.mark.clause("LOY-II-04")
def test_what_was_found_true_of_an_employee_counts_in_their_month_with_record_and_coaching() -> None:
    agreed = j.Proposed(number=1, plan=coached()), j.Accepted(number=1)
    done = j.StepDone(step="record"), j.StepDone(step="coach")
    october = told(*agreed, complaint="c1", at=MIDDLE - timedelta(days=40))
    figures = made(
        *october,
        *told(*done, complaint="c1"),
        *told(*agreed, done[0], complaint="c2"),
        complaints=(
            Complained("transport_loss", "II", against_staff="lin", **FOUND),
            Complained("transport_loss", "II", against_staff="lin", founded=False),
        ),
        about={"c1": "lin", "c2": "zhao"},
    )
    assert [(each.person, each.found_true, each.recorded, each.coached) for each in figures.staff] == [
        ("lin", 1, 1, 1),
        ("zhao", 0, 1, 0),
    ]
    assert "- lin：属实 1，计入考核 1，辅导 1" in in_words(figures, "zh-CN")


@pytest.mark.clause("LOY-II-04")
@pytest.mark.parametrize(
    ("pack", "category", "fact"),
    [("loyalty", "agent_attitude", "found_true"), ("marketplace", "service_attitude", "staff_at_fault")],
)
def test_what_is_valid_and_was_not_found_to_be_the_employees_doing_does_not_count_in_their_month(
    pack: str, category: str, fact: str
) -> None:
    file = ROOT / "policies" / pack / "2026-11.toml"
    tally = Tally(parse_pack(file.read_text(encoding="utf-8"), file.name), NOVEMBER)
    about_lin = Complained(category, "II", against_staff="lin", **FOUND)
    for facts in ({fact: False}, {}, {fact: True}):
        tally.complaint(about_lin._replace(facts=facts))
    # Another kind of complaint that names them, in which nobody asks whose doing it was.
    tally.complaint(about_lin._replace(category="points_expired", facts={"written_rule": "company_rules"}))
    assert dict(tally.staff_found_true) == {"lin": 1}


def test_only_what_is_so_or_not_can_be_an_employees_doing() -> None:
    file = ROOT / "policies" / "loyalty" / "2026-11.toml"
    text = changed(
        file.read_text(encoding="utf-8"), 'name = "found_true"\ntype = "boolean"', 'name = "found_true"\ntype = "integer"'
    )
    with pytest.raises(PackInvalid, match="of_staff"):
        parse_pack(text, file.name)


@pytest.mark.clause("FOO-FBK-06", "ECO-STA-01", "food:HOUSE-RECURS", "marketplace:HOUSE-RECURS")
def test_a_product_or_lot_is_called_recurring_from_as_many_as_the_row_says_and_improvement_is_proposed() -> None:
    cup = Complained("transport_damage", "normal", product="保温杯 500ml", lot="L1", **FOUND)
    complaints = (
        cup,
        cup._replace(product=" 保温杯  500ml", lot="L2"),
        cup._replace(category="transport_delay", lot="L1"),
        # One that is not true speaks against no product.
        cup._replace(product="电饭煲", founded=False),
        cup._replace(product="电饭煲", lot=None, category="transport_loss"),
    )
    again = {"zh": "请采购部更换供应商", "en": "Purchasing looks for another supplier"}
    figures = made(complaints=complaints, recurring_at_least=2, proposal=Wording(**again))
    assert [(each.kind, each.name.en, each.count) for each in figures.recurring] == [
        ("lot", "L1", 2), ("product", "保温杯 500ml", 3), ("category", "Goods damaged in transport", 2),
    ]  # fmt: skip
    proposed = [each.text.zh for each in figures.improvements if each.kind == "recurring"]
    assert proposed[1] == "商品“保温杯 500ml”反复被投诉：3 起。请采购部更换供应商"
    assert not made(complaints=complaints).recurring


@pytest.mark.clause("ECO-STA-01")
def test_departments_get_no_names_of_customers_and_nothing_about_single_employees() -> None:
    complaints = tuple(
        Complained("transport_loss", "normal", customer_id=each, against_staff="lin", **FOUND) for each in ("c-7", "c-7", "c-8")
    )
    figures = made(*late_by(2, "zhao", "c1"), complaints=complaints)
    assert (figures.repeat_complainants, figures.repeating[0].customer_id, figures.repeating[0].complaints) == (1, "c-7", 2)
    for_them = figures.for_departments()
    assert for_them.repeat_complainants == 1
    for locale in ("zh-CN", "en"):
        whole, theirs = (in_words(each, locale) + html(each, locale) for each in (figures, for_them))
        for name in ("c-7", "lin", "zhao", "周敏"):
            assert name in whole
            assert name not in theirs


@pytest.mark.clause("ECO-STA-01")
def test_the_period_before_stands_beside_this_one() -> None:
    october = just_before(NOVEMBER)
    assert (october.from_on, october.to_on) == (date(2026, 10, 1), date(2026, 11, 1))
    complaints = (Complained("transport_loss", "normal"), Complained("transport_delay", "normal"))
    figures = made(complaints=complaints, before=(october, {"transport_loss": 3, "transport_delay": 1}))
    text = in_words(figures, "en")
    assert "- Received 2; before (2026-10-01 – 2026-10-31) 4" in text
    assert "- Goods lost: 3 → 1" in text
    table = next(each for each in sections(figures, "en") if each.title == "Against the period before")
    assert table.rows == (("Received", 2, 4), ("Goods lost", 1, 3))


def test_days_that_are_no_months_are_compared_with_as_many_days() -> None:
    week = Period(from_on=date(2026, 11, 9), to_on=date(2026, 11, 16), zone="Asia/Shanghai")
    assert (just_before(week).from_on, just_before(week).to_on) == (date(2026, 11, 2), date(2026, 11, 9))
    winter = Period(from_on=date(2026, 1, 1), to_on=date(2026, 4, 1), zone="Asia/Shanghai")
    assert (just_before(winter).from_on, just_before(winter).to_on) == (date(2025, 10, 1), date(2026, 1, 1))


@pytest.mark.clause("ECO-MON-01")
def test_the_6th_ends_at_midnight_of_the_companys_zone() -> None:
    assert due_at(NOVEMBER, 6).isoformat() == "2026-12-06T16:00:00+00:00"


def test_incidents_severity_and_departments_are_counted_where_there_are_any() -> None:
    one = Complained("transport_loss", "normal", severity="severe", departments=("night", "night"), incidents=("i1",))
    figures = made(complaints=(one, one._replace(incidents=("i1", "i2")), Complained("transport_loss", "normal")))
    assert figures.incidents is not None
    assert (figures.incidents.incidents, figures.incidents.complaints) == (2, 2)
    assert [(each.id, each.count) for each in figures.by_severity] == [("severe", 2)]
    assert [(each.title.zh, each.count) for each in figures.by_department] == [("夜班", 2)]


def test_where_there_is_nothing_of_it_a_summary_is_what_it_was() -> None:
    figures = summary(complaints=(Complained("transport_loss", "normal"),), entries=told(met("verification")))
    stored = figures.model_dump(mode="json")
    new = {
        "by_severity",
        "by_department",
        "teams",
        "staff",
        "repeat_complainants",
        "repeating",
        "recurring",
        "incidents",
        "trend",
    }
    assert not new & set(stored)
    assert Summary.model_validate(stored) == figures


def coached() -> RemedyPlan:
    def step(id: str, kind: StepKind) -> PlannedStep:
        return PlannedStep(id=id, kind=kind, clause="LOY-II-04", title=TITLE, by="person", executor="person")

    return plan("1.00").model_copy(update={"steps": (step("record", "staff_record"), step("coach", "coaching"))})


def test_a_promise_missed_before_the_period_and_kept_within_it_is_late_in_it() -> None:
    earlier = MIDDLE - timedelta(days=20)
    begun = told(
        j.Assigned(assignee="lin", why="least_loaded"), p.DeadlineMissed(key="verification/3", due_at=earlier), at=earlier
    )
    figures = made(*begun, Happened("c1", MIDDLE, met("verification", in_time=False)))
    assert [(each.person, each.kept, each.missed, each.late) for each in figures.people] == [("lin", 0, 0, timedelta(days=20))]
