"""A library's procedure for tests that tells grave complaints from slight ones, and urgent ones from all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from domain import commands as c
from domain import journal as j
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.refusal import Refusal
from tests.domain.packs import TINY, changed
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT

NOON = datetime(2026, 9, 28, 4, tzinfo=UTC)  # a Monday; 12:00 in Shanghai
HOUR = timedelta(hours=1)

_ROWS = """
[[clause]]
id = "LIB-LVL-01"
zh = "投诉分为 I、II、III 级"
en = "Complaints are of level I, II or III"
by = "software"

[[clause]]
id = "LIB-LVL-02"
zh = "超时或客户不满意的投诉为 III 级"
en = "What ran late or left the customer dissatisfied is of level III"
by = "software"

[[clause]]
id = "LIB-URG-01"
zh = "媒体关注或上级要求的投诉为紧急"
en = "Press or a superior's wish make it urgent"
by = "software"

[[category]]
id = "rude_clerk"
group = "people"
clause = "LIB-LVL-01"
title = { zh = "态度恶劣", en = "Rude clerk" }
level = "II"

[[category]]
id = "stolen_card"
group = "cards"
clause = "LIB-LVL-01"
title = { zh = "借书证被盗用", en = "Stolen card" }
level = "III"

[[fact]]
name = "harm"
type = "choice"
clause = "LIB-LVL-01"
title = { zh = "损失", en = "Harm" }
values = [{ id = "big", zh = "大", en = "big" }, { id = "small", zh = "小", en = "small" }]
when = { category = "stolen_card" }

[[classification]]
id = "late_again"
clause = "LIB-LVL-02"
when = { escalated = true }
level = "III"

[[classification]]
id = "patron"
clause = "LIB-LVL-01"
when = { member_tier = ["gold", "platinum"] }
level = "III"

[[classification]]
id = "press"
clause = "LIB-URG-01"
when = { public_harm = true }
urgent = true

[[classification]]
id = "asked"
clause = "LIB-URG-01"
also = ["LIB-LVL-01"]
when = { superior_asks = true }
urgent = true

[[classification]]
id = "big_harm"
clause = "LIB-LVL-01"
when = { harm = "big" }
severity = "severe"

[[classification]]
id = "small_harm"
clause = "LIB-LVL-01"
when = { harm = "small" }
severity = "slight"
priority = 5

[[deadline]]
id = "call_soon"
clause = "LIB-LVL-01"
title = { zh = "次日回电", en = "Call on the next day" }
when = { level = ["I", "II"] }
starts = ["received"]
met_by = ["responded"]
within = "24h"
clock = "calendar"
owner = "agent"
ladder = "up"

[[deadline]]
id = "call_now"
clause = "LIB-LVL-02"
title = { zh = "两小时回电", en = "Call within two hours" }
when = { level = "III" }
starts = ["received"]
met_by = ["responded"]
within = "2h"
clock = "calendar"
owner = "agent"
ladder = "up"

[[deadline]]
id = "finding"
clause = "LIB-URG-01"
title = { zh = "紧急认定", en = "Urgent finding" }
when = { urgent = true }
starts = ["verified"]
met_by = ["assessed"]
within = "3h"
clock = "calendar"
owner = "agent"
ladder = "up"

[[deadline]]
id = "another_look"
clause = "LIB-LVL-02"
title = { zh = "再次核查", en = "Another look" }
when = { escalated = true }
starts = ["classified"]
met_by = ["assessed"]
within = "6h"
clock = "calendar"
owner = "supervisor"
ladder = "up"

[[deadline]]
id = "superior"
clause = "LIB-URG-01"
title = { zh = "上级时限", en = "The superior's time" }
when = { superior_asks = true }
starts = ["received", "reclassified"]
met_by = ["confirmed"]
at = "named"
owner = "agent"
ladder = "up"

[[remedy]]
id = "sorry"
clause = "LIB-LVL-01"
title = { zh = "致歉", en = "Apology" }
when = { category = "rude_clerk" }

[[remedy.step]]
id = "sorry"
kind = "apology"
title = { zh = "致歉", en = "Apology" }
by = "person"

[[remedy]]
id = "severe_theft"
clause = "LIB-LVL-01"
title = { zh = "严重盗用", en = "Severe theft" }
when = { category = "stolen_card", severity = "severe" }

[[remedy.step]]
id = "freeze"
kind = "account_freeze"
title = { zh = "冻结", en = "Freeze" }
by = "partner"

[[remedy]]
id = "slight_theft"
clause = "LIB-LVL-01"
title = { zh = "轻微盗用", en = "Slight theft" }
when = { category = "stolen_card", severity = "slight" }

[[remedy.step]]
id = "say_so"
kind = "explain"
title = { zh = "说明", en = "Explanation" }
by = "person"

[[approval]]
id = "grave_apologies"
clause = "LIB-LVL-01"
role = "manager"
when = { level = "III" }
kinds = ["apology"]
deadline = "approval"
"""

_FEE = """id = "wrong_fee"
group = "fees"
clause = "LIB-FEE-01"
"""

_WEEKS = 'name = "weeks"\ntype = "integer"\n'
_OURS = changed(changed(TINY, _FEE, f'{_FEE}level = "I"\n'), _WEEKS, f'{_WEEKS}when = {{ category = "wrong_fee" }}\n')
RANKED = _OURS.replace('name = "library"', 'name = "ranked"', 1) + _ROWS


@cache
def ranked() -> Pack:
    return parse_pack(RANKED, "ranked.toml")


def a_complaint(category: str = "wrong_fee", **intake: Any) -> PureDesk:
    desk = PureDesk(NOON, category, pack=ranked(), order_number=None, **intake)
    desk.file.say(j.OrderChecked(result="not_needed"))
    desk.plan()
    return desk


def reclassified(desk: PureDesk, **changes: Any) -> Refusal | None:
    refusal = desk.does(AGENT, c.Reclassify(**{"reason": "复核证据", **changes}))
    desk.plan()
    return refusal


def events(desk: PureDesk, kind: type[Any]) -> list[Any]:
    return [entry.event for entry in desk.journal if isinstance(entry.event, kind)]


def running(desk: PureDesk) -> set[str]:
    return {deadline.name for deadline in desk.case.deadlines}
