"""Summaries: what is counted and what is flagged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.money import Money
from domain.summary.tally import COUNTED, Complained
from tests.domain.summaries import LATE, MIDDLE, met, missed, plan, summary, told


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


def test_what_the_customer_owes_is_no_promise_of_the_business() -> None:
    made = summary(entries=told(j.Assigned(assignee="lin", why="least_loaded"), missed("customer_reply"), met("verification")))
    assert [each.name for each in made.promises] == ["verification"]
    assert [(each.person, each.kept, each.missed) for each in made.people] == [("lin", 1, 0)]


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


def test_only_entries_that_are_read_can_be_counted() -> None:
    kinds = {each.model_fields["kind"].default for each in (p.DeadlineMet, p.DeadlineMissed, p.Escalated)}
    kinds |= {
        each.model_fields["kind"].default
        for each in (
            j.Assigned, j.HandedOver, j.EscalatedByHand, j.Proposed, j.Accepted, j.StepSettled, j.StepDone, j.Confirmed,
            j.Reopened, j.Closed, j.FollowedUp, j.SurveyAnswered, j.Consulted,
        )
    }  # fmt: skip
    assert kinds == set(COUNTED)
