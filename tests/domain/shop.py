"""A small shop's procedure for tests: what came wrong may be kept for money, and each offer is higher than the one before."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from domain.money import Money
from domain.order import Order, OrderLine
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack

SHOP = """\
name = "shop"
version = "2027-01"
title = { zh = "小店", en = "Small shop" }
source = "Nobody's: made for tests."

[[clause]]
id = "SHP-WRG-01"
zh = "错发：留下商品并补偿，逐步提高，不超过商品价值的 30%"
en = "Wrong item: keep it for money, rising step by step, never above 30 % of its value"
by = "software"

[[clause]]
id = "SHP-PRE-01"
zh = "作废运单须主管签字"
en = "A voided waybill needs the supervisor's signature"
by = "person"

[[category]]
id = "wrong_item"
group = "goods"
clause = "SHP-WRG-01"
title = { zh = "错发", en = "Wrong item" }

[[category]]
id = "before_dispatch"
group = "orders"
clause = "SHP-PRE-01"
title = { zh = "未发货订单", en = "Before dispatch" }

[[deadline]]
id = "approval"
clause = "SHP-PRE-01"
title = { zh = "审批", en = "Approval" }
starts = ["approval_asked"]
met_by = ["approved", "sent_back", "refused"]
within = "1d"
clock = "calendar"
owner = "supervisor"
ladder = "up"

[[ladder]]
id = "up"
clause = "SHP-PRE-01"

[[ladder.rung]]
id = "late"
after = "0m"
to = "supervisor"
do = ["notify"]

[[remedy]]
id = "keep"
clause = "SHP-WRG-01"
title = { zh = "留下商品并补偿", en = "Keep it for money" }
when = { category = "wrong_item" }

[[remedy.step]]
id = "keep_it"
kind = "extra_payment"
title = { zh = "补偿", en = "Amends" }
percent = { min = 0, max = 30, default = 10, hard = true }
of = "items"
items = "chosen"
progressive = true
offers = [10, 20, 30]
by = "software"

[[remedy.step]]
id = "coupon"
kind = "coupon"
title = { zh = "优惠券", en = "Coupon" }
amount = { CNY = { min = 1, max = 200, default = 10 } }
optional = true
by = "software"

[[remedy]]
id = "stop_parcel"
clause = "SHP-PRE-01"
title = { zh = "作废运单", en = "Waybill voided" }
when = { category = "before_dispatch" }

[[remedy.step]]
id = "void"
kind = "void_waybill"
title = { zh = "作废运单并归档", en = "Waybill voided and filed" }
by = "person"

[[approval]]
id = "void_waybill"
clause = "SHP-PRE-01"
role = "supervisor"
kinds = ["void_waybill"]
deadline = "approval"

[[notice]]
id = "approval_wanted"
clause = "SHP-PRE-01"
on = ["approval_asked"]
to = "approver"
subject = { zh = "请审批 {complaint_id}", en = "Approval wanted for {complaint_id}" }
body = { zh = "方案：{plan}\\n审批：{decision_link}\\n", en = "Plan: {plan}\\nDecide: {decision_link}\\n" }

[confirm]
clause = "SHP-WRG-01"
satisfied_from = 3
attempts = 1

[appeal]
clause = "SHP-WRG-01"
heard_by = ["supervisor"]

[closing]
clause = "SHP-WRG-01"
outcomes = ["satisfied", "decided"]
decided_by = "supervisor"

[cap]
clause = "SHP-WRG-01"
extra_percent = 50
"""


@cache
def shop() -> Pack:
    return parse_pack(SHOP, "shop.toml")


def shop_order(*prices: str, freight: str = "0") -> Order:
    """An order of two pieces each: of SKU-1 at the first price, of SKU-2 at the second, ..."""
    lines = tuple(
        OrderLine(sku=f"SKU-{number}", name="杯子", quantity=2, price=Money.of(price, "CNY"))
        for number, price in enumerate(prices, start=1)
    )
    goods = Money.of(sum(line.price.amount * line.quantity for line in lines), "CNY")
    return Order(
        number="HM-2026-0001", status="delivered", customer_id="cust-0001", placed_at=datetime(2026, 11, 1, tzinfo=UTC),
        goods=goods, freight=Money.of(freight, "CNY"), paid=goods + Money.of(freight, "CNY"), lines=lines,
    )  # fmt: skip
