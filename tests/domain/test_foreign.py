"""Words of other systems come through, whatever is in them; what nothing could hold is replaced."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.effects import EffectReport
from domain.foreign import readable
from domain.money import Money
from domain.order import Order, OrderLine

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("已签收\n（前台）\t✓", "已签收\n（前台）\t✓"),
        ("a\x00b", "a\ufffdb"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\ud800", "\ufffd"),
        ("line\r\nBcc: all@example.com", "line\ufffd\nBcc: all@example.com"),
        ("\x85\x9f", "\ufffd\ufffd"),
        ("👩‍👩‍👧 \u202e", "👩‍👩‍👧 \u202e"),
    ],
)
def test_what_can_be_held_stays(said: str, kept: str) -> None:
    report = EffectReport(reference=said, status="done", detail=said, at=NOW)
    assert (report.reference, report.detail) == (kept, kept)
    assert report.model_dump_json().encode()
    assert readable(kept) == kept


def test_an_order_may_hold_anything() -> None:
    nothing = Money.zero("CNY")
    line = OrderLine(sku="\x00", name="=cmd|' /C calc'!A0\x07", quantity=1, price=nothing)
    order = Order(
        number="SO\x00-1", status="delivered", carrier="\ud83d", placed_at=NOW, goods=nothing, freight=nothing, paid=nothing,
        lines=(line,), origin=None,
    )  # fmt: skip
    assert (order.number, order.carrier, order.lines[0].sku) == ("SO\ufffd-1", "\ufffd", "\ufffd")
    assert Order.model_validate_json(order.model_dump_json()) == order
