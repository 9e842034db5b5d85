"""A new invoice says in whose name and for what, or it is not ordered."""

from __future__ import annotations

import pytest

from domain.case import StepState
from domain.effect_orders import effect_of
from domain.effects import ShipmentOrder
from domain.invoice import Invoice
from domain.policy.errors import PackInvalid, RemedyRefused
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.remedies import StepChoice, draft
from partners.logistics import Shipment
from tests.domain.packs import ROOT, an_order, changed
from tests.domain.pure_desk import PureDesk, sample_order
from tests.domain.ranked import NOON

STATED = Invoice(title="邻里餐饮有限公司", tax_number="91310000MA1K00000X", content="食品")
FOUND: dict[str, tuple[str, dict[str, bool | int | str]]] = {
    "grocery": ("invoice", {}),
    "loyalty": ("after_sales", {"written_rule": "company_rules", "entitled": True, "service_fault": "invoice"}),
}


def pack(name: str) -> Pack:
    file = ROOT / "policies" / name / "2026-11.toml"
    return parse_pack(file.read_text(encoding="utf-8"), file.name)


@pytest.mark.clause("GRO-INV-02")
@pytest.mark.parametrize("name", sorted(FOUND))
def test_nothing_is_proposed_before_it_is_said_what_stands_on_it(name: str) -> None:
    category, facts = FOUND[name]
    with pytest.raises(RemedyRefused) as refused:
        draft(pack(name), category, facts, an_order(), "CNY")
    assert refused.value.field == "choices.invoice.invoice"
    plan = draft(pack(name), category, facts, an_order(), "CNY", [StepChoice(step="invoice", invoice=STATED)])
    [step] = [step for step in plan.steps if step.kind == "new_invoice"]
    assert step.invoice == STATED


@pytest.mark.clause("GRO-INV-02")
def test_the_partner_is_told_what_has_to_stand_on_it() -> None:
    plan = draft(pack("grocery"), *FOUND["grocery"], an_order(), "CNY", [StepChoice(step="invoice", invoice=STATED)])
    desk = PureDesk(NOON, order=sample_order(received_at=NOON))
    order = effect_of(desk.case, StepState(step=plan.steps[0], cycle=1))
    assert isinstance(order, ShipmentOrder)
    assert (order.kind, order.invoice) == ("invoice", STATED)
    taken = Shipment.model_validate(order.model_dump(mode="json"))
    assert taken.invoice is not None
    assert (taken.invoice.title, taken.invoice.tax_number, taken.invoice.content) == tuple(STATED.model_dump().values())


def test_only_an_invoice_has_a_title_and_a_content() -> None:
    file = ROOT / "policies" / "grocery" / "2026-11.toml"
    text = file.read_text(encoding="utf-8")
    with pytest.raises(PackInvalid, match="new_invoice"):
        parse_pack(changed(text, 'kind = "new_invoice"\n', 'kind = "reship"\n'), file.name)


@pytest.mark.parametrize("title", ["a\nb", "", " ", "x" * 201])
def test_what_stands_on_it_is_a_line(title: str) -> None:
    with pytest.raises(ValueError, match="title"):
        Invoice(title=title, content="食品")
