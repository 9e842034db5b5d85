"""Saying anew, on evidence, what a complaint is: what becomes of its promises, its plan and its urgency."""

from __future__ import annotations

from typing import Any

import pytest

from domain import commands as c
from domain import journal as j
from domain import promise_events as p
from domain.case import Stage
from domain.fold import replay
from domain.policy.parse import parse_pack
from tests.domain.packs import TINY, changed
from tests.domain.pure_desk import PureDesk
from tests.domain.ranked import HOUR, NOON, RANKED, a_complaint, events, reclassified, running
from tests.moves import AGENT, CUSTOMER, MANAGER, SUPERVISOR


def test_another_category_drops_what_no_longer_holds_and_counts_what_holds_from_receipt() -> None:
    desk = a_complaint()
    desk.until(NOON + HOUR / 2)
    soon = next(d for d in desk.case.deadlines if d.name == "call_soon")
    assert reclassified(desk, category="stolen_card") is None
    said = events(desk, j.Reclassified)[-1]
    assert (said.before, said.category, said.group) == ("wrong_fee", "stolen_card", "cards")
    assert [d.key for d in events(desk, p.DeadlineDropped)] == [soon.key]
    [now] = [d for d in desk.case.deadlines if d.name == "call_now"]
    assert (now.start_at, now.due_at) == (NOON, NOON + 2 * HOUR)
    assert "answer" in running(desk), "what does not ask for the level goes on"
    assert desk.case.category == "stolen_card"
    assert replay(desk.journal) == desk.case


def test_what_was_kept_before_is_not_promised_again() -> None:
    desk = a_complaint()
    desk.does(AGENT, c.Respond(message="马上为您查"))
    assert reclassified(desk, category="stolen_card") is None
    assert "call_now" not in running(desk)


def test_a_limit_that_would_have_passed_is_missed_at_once() -> None:
    desk = a_complaint("rude_clerk")
    desk.now = NOON + 3 * HOUR
    assert reclassified(desk, category="stolen_card") is None
    desk.until(NOON + 3 * HOUR)
    assert [d.name for d in events(desk, p.DeadlineSet) if d.due_at == NOON + 2 * HOUR] == ["call_now"]
    assert [d.missed for d in desk.case.deadlines if d.name == "call_now"] == [True]


def test_urgency_counts_from_where_its_promise_would_have_counted() -> None:
    desk = a_complaint("rude_clerk")
    desk.does(AGENT, c.Respond(message="抱歉"))
    desk.until(NOON + HOUR / 2)
    desk.does(AGENT, c.Verify(founded=True, findings="属实"))
    desk.until(NOON + HOUR)
    assert "finding" not in running(desk)
    assert reclassified(desk, urgent_causes=("public_harm",)) is None
    finding = next(d for d in desk.case.deadlines if d.name == "finding")
    assert (finding.start_at, finding.due_at) == (NOON + HOUR / 2, NOON + HOUR / 2 + 3 * HOUR)
    # No cause any more: the promise goes, and stays gone once it has been kept.
    assert reclassified(desk, urgent_causes=()) is None
    assert "finding" not in running(desk)
    assert desk.case.urgent is False


def test_a_superior_s_time_is_a_promise_and_another_one_takes_its_place() -> None:
    desk = a_complaint(urgent_causes=("superior_asks",), answer_by_at=NOON + 20 * HOUR)
    assert [d.due_at for d in desk.case.deadlines if d.name == "superior"] == [NOON + 20 * HOUR]
    assert reclassified(desk, answer_by_at=NOON + 8 * HOUR) is None
    assert [d.due_at for d in desk.case.deadlines if d.name == "superior"] == [NOON + 8 * HOUR]
    # Another cause beside it leaves the time as it is.
    assert reclassified(desk, urgent_causes=("superior_asks", "passed_down")) is None
    assert [d.due_at for d in desk.case.deadlines if d.name == "superior"] == [NOON + 8 * HOUR]
    assert reclassified(desk, urgent_causes=("passed_down",)) is None
    assert "superior" not in running(desk)
    assert desk.case.answer_by_at is None


def test_a_superior_s_time_that_has_passed_is_not_missed_again_with_another_category() -> None:
    desk = a_complaint(urgent_causes=("superior_asks",), answer_by_at=NOON + 2 * HOUR)
    desk.until(NOON + 3 * HOUR)
    before = [d for d in desk.case.deadlines if d.name == "superior"]
    assert [d.missed for d in before] == [True]
    assert reclassified(desk, category="stolen_card") is None
    desk.until(NOON + 4 * HOUR)
    assert [d.key for d in desk.case.deadlines if d.name == "superior"] == [d.key for d in before]
    assert [d.key for d in events(desk, p.DeadlineMissed)].count(before[0].key) == 1
    assert [d.key for d in events(desk, p.DeadlineDropped) if d.key == before[0].key] == []


def test_a_superior_s_time_that_was_kept_is_not_promised_again_with_another_cause() -> None:
    desk = a_complaint("rude_clerk", urgent_causes=("superior_asks",), answer_by_at=NOON + 20 * HOUR)
    for command in (c.Respond(message="抱歉"), c.Verify(founded=True, findings="属实"), c.Assess(facts={}, liable="company")):
        assert desk.does(AGENT, command) is None
    desk.does(AGENT, c.Propose())
    if desk.case.stage is Stage.APPROVING:
        assert desk.does(MANAGER, c.Approve(number=1)) is None
    assert desk.does(CUSTOMER, c.Accept(number=1)) is None
    desk.carry_out(lambda state: "done")
    for state in desk.case.steps:
        if state.step.executor == "person":
            assert desk.does(AGENT, c.CompleteStep(step=state.step.id, note="已致歉")) is None
    assert desk.does(CUSTOMER, c.Confirm(satisfied=False)) is None
    assert "superior" not in running(desk)
    assert reclassified(desk, urgent_causes=("superior_asks", "passed_down")) is None
    assert "superior" not in running(desk)
    assert reclassified(desk, answer_by_at=NOON + 30 * HOUR) is None
    assert "superior" in running(desk)


def test_what_the_end_of_the_complaint_dropped_is_not_begun_again_with_another_category() -> None:
    kept_by_answers_only = 'within = "2h"\ndropped_by = ["withdrawn"]'
    desk = PureDesk(NOON, "rude_clerk", pack=parse_pack(changed(RANKED, 'within = "2h"', kept_by_answers_only), "library.toml"))
    assert desk.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="无法联系")) is None
    desk.until(NOON + 100 * HOUR)
    assert desk.does(CUSTOMER, c.Reopen(reason="还是要处理")) is None
    assert reclassified(desk, category="stolen_card") is None
    desk.until(NOON + 101 * HOUR)
    assert desk.case.level == "III"
    assert "call_now" not in running(desk)
    assert [d.key for d in events(desk, p.DeadlineMissed)] == []


def test_another_category_is_assessed_again_and_its_plan_is_gone() -> None:
    desk = a_complaint("rude_clerk", member_tier="gold")
    desk.does(AGENT, c.Respond(message="抱歉"))
    desk.does(AGENT, c.Verify(founded=True, findings="属实"))
    desk.does(AGENT, c.Assess(facts={}, liable="company"))
    desk.does(AGENT, c.Propose())
    desk.plan()
    assert desk.case.stage is Stage.APPROVING
    assert "approval" in running(desk)
    assert reclassified(desk, category="stolen_card") is None
    assert (desk.case.stage, desk.case.proposal, desk.case.facts, desk.case.liable) == (Stage.ASSESSING, None, {}, None)
    assert "approval" not in running(desk)
    assert desk.does(AGENT, c.Assess(facts={"harm": "big"}, liable="company")) is None


def test_once_the_customer_has_agreed_the_category_stands_but_urgency_may_come() -> None:
    desk = a_complaint("rude_clerk")
    desk.does(AGENT, c.Respond(message="抱歉"))
    desk.does(AGENT, c.Verify(founded=True, findings="属实"))
    desk.does(AGENT, c.Assess(facts={}, liable="company"))
    desk.does(AGENT, c.Propose())
    desk.does(CUSTOMER, c.Accept(number=1))
    refusal = reclassified(desk, category="stolen_card")
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("agreed_already", "category")
    assert reclassified(desk, urgent_causes=("passed_down", "public_harm")) is None
    assert desk.case.stage is Stage.CARRYING_OUT
    assert (desk.case.urgent, desk.case.urgent_causes) == (True, ("passed_down", "public_harm"))


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({}, "nothing_changed", "category"),
        ({"category": "wrong_fee", "urgent_causes": ()}, "nothing_changed", "category"),
        ({"category": "no_such"}, "not_allowed_by_policy", "category"),
        ({"answer_by_at": NOON + HOUR}, "not_with_these_causes", "answer_by_at"),
        ({"urgent_causes": ("superior_asks",), "answer_by_at": NOON}, "not_in_the_future", "answer_by_at"),
    ],
)
def test_what_cannot_be_said_is_refused_in_both_languages(asked: dict[str, Any], code: str, field: str) -> None:
    refusal = reclassified(a_complaint(), **asked)
    assert refusal is not None
    assert (refusal.code, refusal.field) == (code, field)
    assert refusal.zh
    assert refusal.en


def test_without_rows_another_category_brings_its_own_level_and_promises() -> None:
    text = changed(TINY, 'id = "wrong_fee"\ngroup = "fees"', 'id = "wrong_fee"\ngroup = "fees"\nlevel = "urgent"')
    text += RANKED[RANKED.index('[[clause]]\nid = "LIB-LVL-01"') : RANKED.index('[[clause]]\nid = "LIB-LVL-02"')]
    text += RANKED[RANKED.index('[[category]]\nid = "rude_clerk"') : RANKED.index('[[category]]\nid = "stolen_card"')]
    text += RANKED[RANKED.index('[[remedy]]\nid = "sorry"') : RANKED.index('[[remedy]]\nid = "severe_theft"')]
    text = text.replace('level = "II"\n', "")
    pack = parse_pack(text, "library.toml")
    desk = PureDesk(NOON, "rude_clerk", pack=pack)
    assert (desk.case.level, desk.case.priority) == ("normal", 3)
    assert desk.does(AGENT, c.Reclassify(category="wrong_fee", reason="实为罚款")) is None
    assert (desk.case.level, desk.case.urgent, desk.case.priority) == ("urgent", True, 2)
    assert replay(desk.journal) == desk.case
