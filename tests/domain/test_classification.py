"""How grave and how urgent a complaint is: what the rows make of it, when it is said anew, and what becomes of its promises."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from domain import commands as c
from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.case import Stage
from domain.case_facts import found_facts
from domain.classification import is_news
from domain.customer_view import case_for_customer, entry_for_customer
from domain.fold import replay
from domain.policy.classifying import classify
from domain.policy.conditions import When
from domain.policy.errors import PackInvalid
from domain.policy.matching import asked_facts, known_facts
from domain.policy.parse import parse_pack
from domain.story.tell import tell
from tests.domain.packs import changed, home
from tests.domain.pure_desk import PureDesk
from tests.domain.ranked import HOUR, NOON, RANKED, a_complaint, events, ranked, reclassified, running
from tests.moves import AGENT, CUSTOMER, MANAGER, SUPERVISOR
from workflows.arguments import Start
from workflows.case_file import CaseFile

# What the rows make of a complaint


@pytest.mark.parametrize(
    ("category", "facts", "level", "urgent", "priority"),
    [
        ("wrong_fee", {}, "I", False, 4),
        ("rude_clerk", {}, "II", False, 3),
        ("stolen_card", {}, "III", False, 2),
        ("wrong_fee", {"escalated": True}, "III", False, 2),
        ("wrong_fee", {"member_tier": "platinum"}, "III", False, 2),
        ("wrong_fee", {"member_tier": "silver"}, "I", False, 4),
        ("wrong_fee", {"public_harm": True}, "I", True, 1),
        ("stolen_card", {"superior_asks": True, "public_harm": True}, "III", True, 1),
    ],
)
def test_all_rows_count_the_gravest_level_any_urgency_and_the_smallest_priority(
    category: str, facts: dict[str, Any], level: str, urgent: bool, priority: int
) -> None:
    made = classify(ranked(), category, facts)
    assert (made.level, made.urgent, made.priority) == (level, urgent, priority)


def test_urgent_goes_before_normal_and_the_graver_before_the_less_grave() -> None:
    everything = [
        classify(ranked(), category, {"public_harm": urgent})
        for category, urgent in itertools.product(("wrong_fee", "rude_clerk", "stolen_card"), (False, True))
    ]
    in_turn = sorted(everything, key=lambda made: made.priority)
    assert all(made.urgent for made in in_turn[:3])
    assert [made.level for made in in_turn[3:]] == ["III", "II", "I"]


def test_what_no_row_says_is_as_the_category_has_it() -> None:
    assert classify(ranked(), "rude_clerk", {}) == ("II", None, False, 3, ())
    assert classify(home(), "transport_damage", {"public_harm": True, "escalated": True}).urgent is False


def test_a_row_asks_for_the_category_s_own_level_and_not_for_what_the_rows_say() -> None:
    text = changed(
        RANKED, 'when = { escalated = true }\nlevel = "III"', 'when = { escalated = true, level = "I" }\nlevel = "III"'
    )
    pack = parse_pack(text, "ranked.toml")
    assert classify(pack, "wrong_fee", {"escalated": True, "level": "III"}).level == "III"
    assert "late_again" not in classify(pack, "rude_clerk", {"escalated": True, "level": "I"}).rows


# It follows by itself


def test_it_stands_right_behind_receipt_with_the_clauses_of_its_rows() -> None:
    desk = a_complaint(urgent_causes=("public_harm",), member_tier="gold")
    first, second = desk.journal[:2]
    assert (first.event.kind, second.event.kind) == ("received", "classified")
    assert second.event == j.Classified(
        category="wrong_fee", group="fees", level="III", urgent=True, priority=1, rows=("patron", "press")
    )
    assert second.clauses == ("LIB-LVL-01", "LIB-URG-01")
    assert (desk.case.level, desk.case.urgent, desk.case.priority) == ("III", True, 1)


def test_a_procedure_without_rows_says_nothing_of_it() -> None:
    desk = PureDesk(NOON, "transport_damage", urgent_causes=("public_harm",))
    desk.does(AGENT, c.Escalate(reason="客户要求"))
    assert events(desk, j.Classified) == []
    assert desk.case.priority == 2, "an escalation raises, as it always did"


def test_promises_of_receipt_are_those_of_what_it_was_classified_as() -> None:
    assert "call_soon" in running(a_complaint())
    assert "call_now" in running(a_complaint(member_tier="gold"))
    assert "call_soon" not in running(a_complaint(member_tier="gold"))


def test_a_promise_of_ours_that_is_missed_makes_it_grave_and_its_limits_short() -> None:
    desk = a_complaint()
    desk.until(NOON + 1.5 * HOUR)
    assert desk.case.breaches == 1, "the answer was due after an hour"
    again = events(desk, j.Classified)[-1]
    assert (again.level, again.rows) == ("III", ("late_again",))
    # The short limit counts from receipt; the one for slighter complaints is no more.
    now = next(d for d in events(desk, p.DeadlineSet) if d.name == "call_now")
    assert (now.start_at, now.due_at) == (NOON, NOON + 2 * HOUR)
    assert "call_soon" not in running(desk)
    # What counts from the classification itself does.
    look = next(d for d in events(desk, p.DeadlineSet) if d.name == "another_look")
    assert look.start_at == NOON + HOUR


def test_a_dissatisfied_customer_makes_it_grave() -> None:
    desk = a_complaint("rude_clerk")
    for by, command in (
        (AGENT, c.Respond(message="抱歉")),
        (AGENT, c.Verify(founded=True, findings="属实")),
        (AGENT, c.Assess(facts={}, liable="company")),
        (AGENT, c.Propose()),
        (CUSTOMER, c.Accept(number=1)),
    ):
        assert desk.does(by, command) is None
    desk.carry_out(lambda state: "done")
    assert desk.does(AGENT, c.CompleteStep(step="sorry", note="已致歉")) is None
    assert desk.case.stage is Stage.CONFIRMING
    assert desk.does(CUSTOMER, c.Confirm(satisfied=False, rating=1)) is None
    assert (desk.case.level, desk.case.cycle) == ("III", 2)
    # The same finding now needs a manager, for the complaint is of another level than its category.
    assert desk.does(AGENT, c.Assess(facts={}, liable="company")) is None
    assert desk.does(AGENT, c.Propose()) is None
    assert desk.case.proposal is not None
    assert desk.case.proposal.approver_role is Role.MANAGER
    assert replay(desk.journal) == desk.case


def test_a_finding_says_how_severe_it_is_and_so_what_is_done() -> None:
    for harm, severity, kind, priority in (("big", "severe", "account_freeze", 2), ("small", "slight", "explain", 5)):
        desk = a_complaint("stolen_card")
        desk.does(AGENT, c.Respond(message="抱歉"))
        desk.does(AGENT, c.Verify(founded=True, findings="属实"))
        assert desk.does(AGENT, c.Assess(facts={"harm": harm}, liable="company")) is None
        assert (desk.case.severity, desk.case.priority) == (severity, priority)
        assert desk.does(AGENT, c.Propose()) is None
        assert desk.case.proposal is not None
        assert [step.kind for step in desk.case.proposal.plan.steps] == [kind]


def test_what_escalations_raised_stays_raised() -> None:
    desk = a_complaint("rude_clerk")
    assert desk.case.priority == 3
    desk.does(SUPERVISOR, c.Escalate(reason="客户要求"))
    # By hand it became level III (2), and one step up it stays.
    assert (desk.case.level, desk.case.priority, desk.case.ranked) == ("III", 1, 2)


def test_what_it_was_classified_as_before_is_news_no_more() -> None:
    desk = a_complaint("stolen_card")
    grave: When = {"level": "III"}
    [first] = events(desk, j.Classified)
    assert is_news(grave, known_facts(ranked(), "stolen_card", found_facts(desk.case)), first)
    desk.until(NOON + 1.5 * HOUR)
    late = events(desk, j.Classified)[-1]
    facts = known_facts(ranked(), "stolen_card", found_facts(desk.case))
    assert late.before == {"escalated": False}
    assert not is_news(grave, facts, late), "of level III it was before it ran late"
    assert is_news({"escalated": True}, facts, late)


def test_a_complaint_that_goes_on_in_another_run_is_counted_anew_as_before() -> None:
    for remembered in (True, False):
        desk = a_complaint("rude_clerk")
        desk.does(AGENT, c.Respond(message="抱歉"))
        desk.until(NOON + HOUR / 2)
        desk.does(AGENT, c.Verify(founded=True, findings="属实"))
        first = Start(carried=desk.case, milestones=desk.file.milestones if remembered else {})
        start = Start.model_validate_json(first.model_dump_json())
        assert start.carried is not None
        desk.file = CaseFile(desk.pack, start.carried, lambda: NOON + HOUR)
        desk.file.milestones = start.milestones
        assert reclassified(desk, urgent_causes=("public_harm",)) is None
        found = [deadline.start_at for deadline in desk.case.deadlines if deadline.name == "finding"]
        assert found == ([NOON + HOUR / 2] if remembered else [])


# What people read and see


def test_it_is_told_in_both_languages() -> None:
    desk = a_complaint(urgent_causes=("public_harm",))
    reclassified(desk, category="stolen_card", urgent_causes=("superior_asks",), answer_by_at=NOON + 5 * HOUR)
    chinese = [tell(entry, desk.case, ranked(), "zh-CN") for entry in desk.journal]
    english = [tell(entry, desk.case, ranked(), "en") for entry in desk.journal]
    assert any("投诉定级：I级、紧急；处理优先级 1。" in line for line in chinese)
    assert any("It is classified as level I, urgent; priority 1." in line for line in english)
    assert any("由“罚款有误”改列为“借书证被盗用”" in line and "上级部门限时要求" in line for line in chinese)
    changed = "It is classified as level III, urgent (before: level I, urgent); priority 1; what changed: "
    assert any(changed in line for line in english)
    assert any("as “Stolen card” and not “Wrong fee”" in line and "An answer is wanted by" in line for line in english)


def test_a_customer_sees_none_of_it() -> None:
    desk = a_complaint(urgent_causes=("special_identity",), member_tier="gold", against_staff="lin")
    reclassified(desk, urgent_causes=("superior_asks",), answer_by_at=NOON + 5 * HOUR)
    desk.does(MANAGER, c.Escalate(reason="督办"))
    shown = case_for_customer(desk.case).model_dump_json()
    for word in ("special_identity", "superior_asks", "gold", '"lin"', "taken_up", '"ranked"'):
        assert word not in shown, word
    seen = [entry_for_customer(entry, desk.case) for entry in desk.journal]
    assert not any(entry and entry.event.kind in ("classified", "reclassified") for entry in seen)
    assert not any("special_identity" in entry.model_dump_json() for entry in seen if entry)


# What a pack may say


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('level = "III"\n\n[[classification]]\nid = "patron"', '\n[[classification]]\nid = "patron"', "needs level"),
        ('when = { public_harm = true }\nurgent = true', 'when = { public_harm = true }\nurgent = false', "`urgent` is true"),
        ('when = { public_harm = true }', 'when = { public_harm = "yes" }', "public_harm is never 'yes'"),
        ('["gold", "platinum"]', '["gold", 3]', "member_tier is never 3; it is a word"),
        ('severity = "severe"\n\n', 'severity = "grave"\n\n', "must be 'severe', 'general' or 'slight'"),
        ('priority = 5', 'priority = 6', "must be ≤ 5"),
        ('version = "2027-01"', 'version = "2027-01"\nchannels = ["fax"]', "must be 'hotline', 'email'"),
        ('severity = "slight" }', 'severity = "general" }', "gap: no remedy for stolen_card with harm = small, severity ="),
    ],
)  # fmt: skip
def test_a_slip_in_a_pack_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(PackInvalid) as wrong:
        parse_pack(changed(RANKED, old, new), "ranked.toml")
    said = [problem.en for problem in wrong.value.problems]
    assert any(words in each for each in said), said


def test_a_variant_keeps_the_channels_of_its_base_unless_it_names_its_own() -> None:
    base = parse_pack(changed(RANKED, 'version = "2027-01"', 'version = "2027-01"\nchannels = ["hotline", "email"]'), "base.toml")
    head = (
        'name = "branch"\nversion = "2027-01"\ntitle = { zh = "分馆", en = "Branch" }\nsource = "x"\nextends = "ranked@2027-01"\n'
    )
    assert parse_pack(head, "branch.toml", base).channels == ("hotline", "email")
    assert parse_pack(f'{head}channels = ["app"]\n', "branch.toml", base).channels == ("app",)
    assert parse_pack(head, "branch.toml", base).classification == base.classification


def test_what_is_asked_may_hang_on_how_urgent_it_is() -> None:
    text = changed(RANKED, 'when = { category = "stolen_card" }\n\n', 'when = { category = "stolen_card", urgent = true }\n\n')
    text = changed(text, 'severity = "severe" }', "urgent = true }")
    text = changed(text, 'severity = "slight" }', "urgent = false }")
    pack = parse_pack(text, "ranked.toml")
    assert asked_facts(pack, "stolen_card", {"urgent": False}) == ()
    assert [fact.name for fact in asked_facts(pack, "stolen_card", {"urgent": True})] == ["harm"]
