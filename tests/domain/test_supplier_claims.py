"""Whoever is liable, the customer gets the same: a supplier's share is claimed from the supplier, and never the customer's."""

from __future__ import annotations

from typing import get_args

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.journal import Proposed
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.policy.vocabulary import Liable
from domain.refusal import Refusal
from domain.remedies import RemedyPlan, StepChoice
from tests.domain.packs import ROOT, changed
from tests.domain.pure_desk import PureDesk, sample_order
from tests.domain.ranked import NOON
from tests.moves import AGENT, PHOTO

FILE = ROOT / "policies" / "marketplace" / "2026-11.toml"

PURCHASING = Actor(id="gou", roles=(Role.DEPARTMENT,))


def proposed(liable: Liable, *choices: StepChoice) -> RemedyPlan | Refusal:
    pack = parse_pack(FILE.read_text(encoding="utf-8"), FILE.name)
    desk = PureDesk(NOON, "product_quality", order=sample_order(received_at=NOON), pack=pack, evidence=(PHOTO,))
    for command in (
        c.Respond(message="马上核实"),
        c.Verify(founded=True, findings="属实"),
        c.Assess(facts={"remedy_wanted": "compensation", "cause": "goods"}, liable=liable, rests_on=(PHOTO.sha256,)),
    ):
        assert desk.does(AGENT, command) is None
    for asked in desk.case.consultations:
        assert desk.does(PURCHASING, c.GiveOpinion(opinion="该批货确有质量问题", department=asked.department)) is None
    if (refusal := desk.does(AGENT, c.Propose(choices=choices))) is not None:
        return refusal
    [plan] = [entry.event.plan for entry in desk.journal if isinstance(entry.event, Proposed)]
    return plan


def for_the_customer(plan: RemedyPlan | Refusal) -> tuple[object, ...]:
    assert isinstance(plan, RemedyPlan)
    return plan.total, plan.cash, *(step for step in plan.steps if step.kind != "supplier_claim")


def test_the_customer_gets_the_same_whoever_is_liable_and_the_supplier_is_asked_for_its_share() -> None:
    company = proposed("company")
    for liable in get_args(Liable):
        plan = proposed(liable)
        assert for_the_customer(plan) == for_the_customer(company), liable
        assert isinstance(plan, RemedyPlan)
        claims = [step.kind for step in plan.steps if step.kind == "supplier_claim"]
        assert claims == (["supplier_claim"] if liable in ("supplier", "merchant") else [])


def test_nothing_is_claimed_from_a_supplier_who_is_not_liable() -> None:
    refusal = proposed("carrier", StepChoice(step="supplier_claim", include=True))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("supplier_not_liable", "choices.supplier_claim")
    assert isinstance(proposed("carrier", StepChoice(step="supplier_claim", include=False)), RemedyPlan)


def test_no_row_of_a_pack_can_ask_who_is_liable() -> None:
    text = changed(
        FILE.read_text(encoding="utf-8"),
        'when = { category = "product_quality", remedy_wanted = "refund" }',
        'when = { category = "product_quality", remedy_wanted = "refund", liable = "company" }',
    )
    with pytest.raises(PackInvalid, match="unknown fact 'liable'"):
        parse_pack(text, FILE.name)


def test_a_claim_is_added_by_itself_and_only_where_it_belongs() -> None:
    text = FILE.read_text(encoding="utf-8").replace('if_chosen = true\ndepartment = "purchasing"', 'department = "purchasing"')
    with pytest.raises(PackInvalid, match="supplier_claim"):
        parse_pack(text, FILE.name)
