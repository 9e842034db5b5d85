"""Packs for tests: the released home pack, and a tiny one that is not about any business we know."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from domain.money import Money
from domain.order import Order
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack

ROOT = Path(__file__).parents[2]
HOME_FILE = ROOT / "policies" / "home" / "2026-11.toml"

TINY = """\
name = "library"
version = "2027-01"
title = { zh = "图书馆", en = "Library" }
source = "Nobody's: made for tests."

[[clause]]
id = "LIB-RSP-01"
zh = "一小时内回应"
en = "An answer within an hour"
by = "person"

[[clause]]
id = "LIB-FEE-01"
zh = "罚款有误则退还"
en = "A wrong fee is given back"
by = "software"

[[category]]
id = "wrong_fee"
group = "fees"
clause = "LIB-FEE-01"
title = { zh = "罚款有误", en = "Wrong fee" }

[[fact]]
name = "weeks"
type = "integer"
min = 0
clause = "LIB-FEE-01"
title = { zh = "几周前", en = "Weeks ago" }

[[deadline]]
id = "answer"
clause = "LIB-RSP-01"
title = { zh = "回应", en = "Answer" }
starts = ["received"]
met_by = ["responded"]
within = "1h"
clock = "business"
owner = "agent"
ladder = "up"

[[deadline]]
id = "approval"
clause = "LIB-RSP-01"
title = { zh = "审批", en = "Approval" }
starts = ["approval_asked"]
met_by = ["approved", "sent_back", "refused"]
by = "same_day"
owner = "supervisor"
ladder = "up"

[[ladder]]
id = "up"
clause = "LIB-RSP-01"

[[ladder.rung]]
id = "late"
after = "0m"
to = "supervisor"
do = ["notify"]

[[remedy]]
id = "fresh"
clause = "LIB-FEE-01"
title = { zh = "退还", en = "Given back" }
when = { category = "wrong_fee", weeks = { under = 10 } }

[[remedy.step]]
id = "back"
kind = "refund"
title = { zh = "退款", en = "Refund" }
amount = { EUR = { min = 1, max = 5, default = 2.5 } }
by = "software"

[[remedy.step]]
id = "points"
kind = "points"
title = { zh = "积分", en = "Points" }
points = { min = 10, max = 50, default = 20, hard = true }
optional = true
by = "software"

[[remedy]]
id = "stale"
clause = "LIB-FEE-01"
title = { zh = "说明", en = "Explanation" }
when = { category = "wrong_fee", weeks = { min = 10 } }

[[remedy.step]]
id = "keep_it"
kind = "extra_payment"
title = { zh = "补偿", en = "Amends" }
percent = { min = 5, max = 30, default = 10, hard = true }
of = "goods"
by = "software"

[[approval]]
id = "any_refund"
clause = "LIB-FEE-01"
role = "supervisor"
kinds = ["refund"]
over = { EUR = 3 }
deadline = "approval"

[confirm]
clause = "LIB-FEE-01"
satisfied_from = 3
attempts = 1

[appeal]
clause = "LIB-FEE-01"
heard_by = ["supervisor"]

[closing]
clause = "LIB-FEE-01"
outcomes = ["satisfied", "decided"]
decided_by = "supervisor"

[cap]
clause = "LIB-FEE-01"
extra_percent = 40
"""


@cache
def home() -> Pack:
    return parse_pack(HOME_FILE.read_text(encoding="utf-8"), "home/2026-11.toml")


@cache
def tiny() -> Pack:
    return parse_pack(TINY, "tiny.toml")


def changed(text: str, old: str, new: str) -> str:
    """The text with one thing replaced; fails when it does not stand there exactly once."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    """Line (from 1) of the only place where the part stands."""
    found = [number for number, line in enumerate(text.splitlines(), start=1) if re.search(re.escape(part), line)]
    assert len(found) == 1, f"{part!r} stands in lines {found}"
    return found[0]


def an_order(paid: str = "1000.00", currency: str = "CNY", goods: str | None = None) -> Order:
    """An order; freight is what was paid beyond the goods."""
    price = goods if goods is not None else paid
    return Order(
        number="SO-1",
        status="delivered",
        placed_at=datetime(2026, 11, 1, tzinfo=UTC),
        goods=Money.of(price, currency),
        freight=Money.of(max(Decimal(0), Decimal(paid) - Decimal(price)), currency),
        paid=Money.of(paid, currency),
    )
