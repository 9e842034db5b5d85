"""Summaries: what is counted, what is flagged, and how it is told in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.journal import Event
from domain.money import Money
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from domain.summary.compose import compose, report_of
from domain.summary.figures import Summary
from domain.summary.period import Period, before, running
from domain.summary.tally import COUNTED, Complained, Happened, Tally
from domain.summary.telling import heading, in_words
from tests.domain.packs import home

NOVEMBER = Period(from_on=date(2026, 11, 1), to_on=date(2026, 12, 1), zone="Asia/Shanghai")
MIDDLE = datetime(2026, 11, 15, 4, tzinfo=UTC)
LATE = Complained("transport_delay", "normal", origin="浙江", destination="广东", carrier="顺丰")
TITLE = Wording(zh="退款", en="Refund")


def summary(
    report: str = "transport_summary", complaints: tuple[Complained, ...] = (), entries: tuple[Happened, ...] = ()
) -> Summary:
    pack = home()
    tally = Tally(pack, NOVEMBER)
    for complaint in complaints:
        tally.complaint(complaint)
    for entry in entries:
        tally.entry(entry)
    return compose(tally, report_of(pack, report), "shop")


def told(*events: Event, complaint: str = "c1", at: datetime = MIDDLE) -> tuple[Happened, ...]:
    return tuple(Happened(complaint, at + timedelta(seconds=n), event) for n, event in enumerate(events))


def met(name: str, in_time: bool = True) -> p.DeadlineMet:
    return p.DeadlineMet(key=f"{name}/3", in_time=in_time)


def missed(name: str) -> p.DeadlineMissed:
    return p.DeadlineMissed(key=f"{name}/3", due_at=MIDDLE)


def plan(amount: str, step: str = "refund") -> RemedyPlan:
    money = Money.of(amount, "CNY")
    one = PlannedStep(id=step, kind="refund", clause="HOM-LOS-01", title=TITLE, by="software", executor="payments", money=money)
    return RemedyPlan(row_id="lost", clause="HOM-LOS-01", title=TITLE, steps=(one,), total=money, cash=money)


@pytest.mark.clause("HOM-SUM-01", "HOM-INS-10")
def test_complaints_are_counted_by_kind_finding_and_cause() -> None:
    found: dict[str, Any] = {"founded": True, "liable": "carrier"}
    made = summary(
        complaints=(
            Complained("transport_damage", "normal", facts={"damage": "severe"}, **found),
            Complained("transport_damage", "normal", facts={"damage": "slight"}, founded=True, liable="company"),
            Complained("transport_delay", "urgent", facts={"delay_days": 4, "delay": "longer"}, **found),
            Complained("transport_loss", "normal", founded=False),
            Complained("transport_loss", "normal"),
        )
    )
    assert (made.received, made.assessed, made.unfounded) == (5, 3, 1)
    assert [(each.id, each.count) for each in made.by_category] == [
        ("transport_damage", 2), ("transport_loss", 2), ("transport_delay", 1),
    ]  # fmt: skip
    assert [(each.id, each.count) for each in made.by_level] == [("normal", 4), ("urgent", 1)]
    assert [(each.fact, each.id, each.count) for each in made.by_finding] == [
        ("damage", "slight", 1), ("damage", "severe", 1), ("delay", "longer", 1),
    ]  # fmt: skip
    assert [(each.id, each.count) for each in made.by_cause] == [("carrier", 2), ("company", 1)]


@pytest.mark.clause("HOM-SUM-01")
def test_a_promise_counts_once_when_it_is_kept_in_time_or_missed() -> None:
    made = summary(
        entries=(
            *told(met("first_response"), missed("verification"), met("verification", in_time=False)),
            *told(missed("first_response"), missed("verification"), complaint="c2"),
        )
    )
    figures = [(each.name, each.kept, each.missed) for each in made.promises]
    assert figures == [("verification", 0, 2), ("first_response", 1, 1)]
    assert made.promises[0].clause == "HOUSE-VERIFY"
    assert made.promises[0].owner == "agent"


@pytest.mark.clause("HOM-SUM-01")
def test_a_missed_promise_is_of_the_person_who_was_in_charge_then() -> None:
    up = p.Escalated(key="verification/3", rung=2, to=Role.MANAGER, person="qian", actions=("notify", "hand_over"))
    made = summary(
        entries=told(
            j.Assigned(assignee="lin", why="least_loaded"),
            missed("first_response"),
            j.HandedOver(assignee="zhao", reason="shift"),
            met("verification"),
            up,
            missed("verification"),
            missed("approval"),
        )
    )
    people = {each.person: (each.kept, each.missed) for each in made.people}
    # The approval is the approver's promise, whoever is in charge of the complaint.
    assert people == {"lin": (0, 1), "zhao": (1, 0), "qian": (0, 1)}


def test_what_happened_before_the_period_says_only_who_was_in_charge_and_what_was_agreed() -> None:
    october = MIDDLE - timedelta(days=30)
    accepted = (j.Proposed(number=1, plan=plan("100.00")), j.Accepted(number=1))
    made = summary(
        entries=(
            *told(j.Assigned(assignee="lin", why="only_one"), missed("first_response"), *accepted, at=october),
            *told(missed("verification"), j.StepDone(step="refund", paid=Money.of("100.00", "CNY"))),
        )
    )
    assert [(each.name, each.missed) for each in made.promises] == [("verification", 1)]
    assert [(each.person, each.missed) for each in made.people] == [("lin", 1)]
    (money,) = made.money
    assert (money.agreed, money.paid) == (Money.zero("CNY"), Money.of("100.00", "CNY"))


@pytest.mark.clause("HOM-SUM-01")
def test_money_is_counted_when_it_is_agreed_given_up_and_paid() -> None:
    dropped = j.StepSettled(step="refund", action="drop", reason="the customer has no account")
    made = summary(
        entries=(
            *told(j.Proposed(number=1, plan=plan("80.00")), j.Proposed(number=2, plan=plan("90.50")), j.Accepted(number=2)),
            *told(j.StepDone(step="refund", paid=Money.of("90.50", "CNY"))),
            *told(j.Proposed(number=1, plan=plan("10.00")), j.Accepted(number=1), dropped, complaint="c2"),
        )
    )
    (money,) = made.money
    assert str(money.agreed) == "100.50 CNY"
    assert str(money.given_up) == "10.00 CNY"
    assert str(money.paid) == "90.50 CNY"


def test_a_complaint_that_is_reopened_has_not_ended() -> None:
    again = (j.Closed(outcome="decided"), j.Reopened(reason="new evidence"))
    made = summary(
        entries=(
            *told(*again, j.Closed(outcome="satisfied")),
            *told(*again, complaint="c2"),
            *told(j.Closed(outcome="unfounded"), complaint="c3"),
        )
    )
    assert [(each.id, each.count) for each in made.by_outcome] == [("satisfied", 1), ("unfounded", 1)]
    assert (made.closed, made.satisfaction.reopened) == (2, 2)


@pytest.mark.clause("HOM-SUM-01")
def test_satisfaction_counts_answers_ratings_and_second_handlings() -> None:
    made = summary(
        entries=told(
            j.Confirmed(satisfied=False, rating=2), j.Confirmed(satisfied=True, rating=5), j.Confirmed(satisfied=True, rating=4)
        )
    ).satisfaction
    assert (made.satisfied, made.dissatisfied, made.handled_again) == (2, 1, 1)
    assert (made.rated, str(made.rating)) == (3, "3.7")


@pytest.mark.clause("HOM-SUM-02")
def test_a_route_is_flagged_from_the_third_delay_on_whoever_drove() -> None:
    other = LATE._replace(carrier="德邦")
    twice = LATE._replace(destination="四川")
    made = summary("late_routes", (LATE, other, LATE._replace(origin=" 浙江 "), twice, twice))
    assert [(each.origin, each.destination, each.late, each.flagged) for each in made.routes] == [
        ("浙江", "广东", 3, True), ("浙江", "四川", 2, False),
    ]  # fmt: skip
    assert [(each.carrier, each.late) for each in made.routes[0].carriers] == [("顺丰", 2), ("德邦", 1)]
    (proposal,) = made.improvements
    assert proposal.clauses == ("HOM-SUM-02", "HOUSE-ROUTE")
    assert proposal.text.zh == "线路 浙江 → 广东 延迟 3 起（顺丰 2，德邦 1）：考虑更换承运商或调整路线"
    assert proposal.text.en == "浙江 → 广东 was late 3 times (顺丰 2, 德邦 1). Consider another carrier or another route"


@pytest.mark.clause("HOM-SUM-02")
def test_what_was_not_late_puts_no_route_in_doubt() -> None:
    untrue = LATE._replace(founded=False)
    damaged = LATE._replace(category="transport_damage")
    nowhere = LATE._replace(origin=None)
    made = summary("late_routes", (LATE, LATE, untrue, damaged, nowhere))
    assert [(each.late, each.flagged) for each in made.routes] == [(2, False)]
    assert made.late_elsewhere == 1
    assert made.improvements == ()


@pytest.mark.clause("HOM-SUM-01")
def test_the_weakest_promise_and_the_most_frequent_cause_are_to_be_improved() -> None:
    carrier = LATE._replace(founded=True, liable="carrier", facts={"delay": "long"})
    nobody = LATE._replace(founded=True, liable="nobody")
    made = summary(
        complaints=(carrier, carrier, nobody, nobody, nobody),
        entries=told(missed("verification"), met("verification"), met("first_response")),
    )
    promise, cause = made.improvements
    assert promise.clauses == ("HOUSE-VERIFY", "HOM-SUM-01")
    assert "“核实”：2 次中错过 1 次" in promise.text.zh
    assert "“Verification” was missed most often: 1 of 2" in promise.text.en
    assert cause.clauses == ("HOM-SUM-01",)
    assert "承运商：已认定的 5 起中占 2 起，多为“延迟程度：长时间”" in cause.text.zh
    assert "The carrier was liable most often: 2 of 5 assessed complaints, mostly “Class of delay: Long”" in cause.text.en


@pytest.mark.clause("HOM-SUM-01", "HOM-INS-10")
def test_a_summary_is_told_in_both_languages() -> None:
    found: dict[str, Any] = {"founded": True, "liable": "installer", "facts": {"workmanship": "minor"}}
    made = summary(
        "installation_summary",
        (Complained("installation_workmanship", "normal", **found),),
        (
            *told(j.Assigned(assignee="lin", why="only_one"), missed("first_contact"), j.Confirmed(satisfied=False, rating=2)),
            *told(j.Proposed(number=1, plan=plan("9.90")), j.Accepted(number=1), j.Closed(outcome="decided")),
        ),
    )
    assert heading(made, "zh-CN") == "安装投诉总结：2026-11-01 – 2026-11-30"
    zh, en = in_words(made, "zh-CN"), in_words(made, "en")
    for line in (
        "# 安装投诉总结：2026-11-01 – 2026-11-30", "条款：HOM-INS-10",
        "收到投诉 1 起，其中已认定 1 起，不成立 0 起，尚未认定 0 起。",
        "- 安装不规范：1", "- 安装人员：1", "- 与客户联系（客服）：按时 0，错过 1 [HOM-INS-02]", "- lin：按时 0，错过 1",
        "- 商定 9.90 CNY，已付 0.00 CNY", "- 满意 0 起，不满意 1 起", "- 二次处理 1 起（其中重新开启 0 起）",
        "- 不规范程度 / 小问题：螺钉松动、接缝偏宽：1", "## 结案 1 起", "## 改进建议",
    ):  # fmt: skip
        assert line in zh.splitlines(), line
    for line in (
        "# Summary of installation complaints, 2026-11-01 – 2026-11-30", "Clauses: HOM-INS-10",
        "Received: 1. Of these assessed: 1, found untrue: 0, not decided yet: 0.", "- Bad workmanship: 1", "- The installer: 1",
        "- First contact (agent): kept 0, missed 1 [HOM-INS-02]", "- lin: kept 0, missed 1", "- Agreed 9.90 CNY, paid 0.00 CNY",
        "- Satisfied 0, dissatisfied 1", "- Handled again: 1 (reopened: 0)", "## Ended: 1", "## Proposed improvements",
    ):  # fmt: skip
        assert line in en.splitlines(), line
    # Both tell the same, section by section and line by line.
    assert [_form(line) for line in zh.splitlines()] == [_form(line) for line in en.splitlines()]


def _form(line: str) -> str:
    """A title, a section, an item, a sentence or nothing."""
    return line.split()[0] if line.startswith(("#", "-")) else "sentence" if line else ""


@pytest.mark.clause("HOM-SUM-02")
def test_routes_are_told_with_their_flag() -> None:
    made = summary("late_routes", (LATE, LATE, LATE._replace(carrier=None), LATE._replace(origin=None)))
    zh, en = in_words(made, "zh-CN"), in_words(made, "en")
    assert "- 浙江 → 广东：3 起（顺丰 2；承运商不详 1）【经常延迟】" in zh
    assert "- 浙江 → 广东: 3 (顺丰 2; carrier not known 1) [often late]" in en
    assert "- 线路不详：1 起" in zh
    assert "- Route not known: 1" in en
    assert "考虑更换承运商或调整路线。 [HOM-SUM-02, HOUSE-ROUTE]" in zh
    assert "Consider another carrier or another route. [HOM-SUM-02, HOUSE-ROUTE]" in en


@pytest.mark.parametrize("report", ["transport_summary", "late_routes", "installation_summary"])
@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02", "HOM-INS-10")
def test_a_month_without_complaints_has_a_summary_that_says_so(report: str) -> None:
    made = summary(report)
    assert made.received == made.closed == 0
    assert in_words(made, "zh-CN").splitlines()[4:] == [
        "本期没有收到投诉。",
        "",
        "## 改进建议",
        "",
        "本期数据未提示需要改进之处。",
    ]
    assert in_words(made, "en").splitlines()[4:] == [
        "No complaint was received.", "", "## Proposed improvements", "", "The figures ask for none.",
    ]  # fmt: skip


def test_rows_of_an_older_version_are_called_by_their_ids() -> None:
    made = summary(complaints=(Complained("transport_flood", "normal"),), entries=told(missed("old_promise")))
    assert (made.by_category[0].title.en, made.promises[0].title.zh) == ("transport_flood", "old_promise")
    assert "old_promise" in in_words(made, "en")


def test_only_entries_that_are_read_can_be_counted() -> None:
    kinds = {each.model_fields["kind"].default for each in (p.DeadlineMet, p.DeadlineMissed, p.Escalated)}
    kinds |= {
        each.model_fields["kind"].default
        for each in (
            j.Assigned, j.HandedOver, j.EscalatedByHand, j.Proposed, j.Accepted, j.StepSettled, j.StepDone, j.Confirmed,
            j.Reopened, j.Closed,
        )
    }  # fmt: skip
    assert kinds == set(COUNTED)


@pytest.mark.parametrize(
    ("every", "at", "running_one", "one_before"),
    [
        ("month", "2026-12-01T06:00+08:00", ("2026-12-01", "2027-01-01"), ("2026-11-01", "2026-12-01")),
        ("month", "2027-01-01T00:00+08:00", ("2027-01-01", "2027-02-01"), ("2026-12-01", "2027-01-01")),
        # In Shanghai it is the first of December already.
        ("month", "2026-11-30T22:00+00:00", ("2026-12-01", "2027-01-01"), ("2026-11-01", "2026-12-01")),
        ("quarter", "2027-01-01T06:00+08:00", ("2027-01-01", "2027-04-01"), ("2026-10-01", "2027-01-01")),
        ("quarter", "2026-11-21T06:00+08:00", ("2026-10-01", "2027-01-01"), ("2026-07-01", "2026-10-01")),
    ],
)
def test_a_period_is_the_calendar_month_or_quarter_of_the_tenants_zone(
    every: Any, at: str, running_one: tuple[str, str], one_before: tuple[str, str]
) -> None:
    instant = datetime.fromisoformat(at)
    for period, expected in (
        (running(every, instant, "Asia/Shanghai"), running_one),
        (before(every, instant, "Asia/Shanghai"), one_before),
    ):
        assert (str(period.from_on), str(period.to_on)) == expected


def test_a_period_begins_and_ends_at_local_midnight() -> None:
    assert NOVEMBER.from_at == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert NOVEMBER.to_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert NOVEMBER.holds(NOVEMBER.from_at)
    assert not NOVEMBER.holds(NOVEMBER.to_at)
    with pytest.raises(ValueError, match="at least one day"):
        Period(from_on=date(2026, 11, 1), to_on=date(2026, 11, 1), zone="Asia/Shanghai")
