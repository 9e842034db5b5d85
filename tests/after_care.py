"""A variant of the home pack for tests: times that are named, a look back, a survey, and money that is chased."""

from __future__ import annotations

from functools import cache

from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from tests.domain.packs import home

TEXT = """\
name = "after-care"
version = "2026-11"
extends = "home@2026-11"
title = { zh = "建材家居：跟踪回访", en = "Home: looking back" }
source = "Nobody's: made for tests."
remove = { clause = ["HOUSE-PROMISED"], deadline = ["named_call", "named_answer", "named_arrival"] }

[[clause]]
id = "AFT-CALL-01"
zh = "答应的时间就是时限"
en = "A promised time is a limit"
by = "software"

[[clause]]
id = "AFT-VISIT-01"
zh = "解决后7至15天回访"
en = "A visit 7 to 15 days after it is solved"
by = "person"

[[clause]]
id = "AFT-ASK-01"
zh = "满意度问卷"
en = "A short survey"
by = "person"

[[clause]]
id = "AFT-PAY-01"
zh = "款项按时到账，未到即催"
en = "Money arrives in time, or is chased"
by = "software"

[[deadline]]
id = "promised_call"
clause = "AFT-CALL-01"
title = { zh = "约定回电", en = "Call at the promised time" }
when = { promised = "callback" }
starts = ["time_promised"]
met_by = ["callback_attempted"]
at = "named"
owner = "agent"
ladder = "hours"

[[deadline]]
id = "promised_word"
clause = "AFT-CALL-01"
title = { zh = "约定答复", en = "Word at the promised time" }
when = { promised = ["answer", "other"] }
starts = ["time_promised"]
met_by = ["offered"]
at = "named"
owner = "agent"
ladder = "hours"

[[deadline]]
id = "named_slot"
clause = "AFT-CALL-01"
title = { zh = "客户约定的时段", en = "The time that the customer named" }
when = { answered = false }
starts = ["callback_attempted"]
met_by = ["callback_attempted", "confirmed"]
at = "named"
owner = "agent"
ladder = "hours"

[[deadline]]
id = "second_handling"
clause = "AFT-VISIT-01"
title = { zh = "二次处理", en = "Second handling" }
when = { satisfied = false }
starts = ["confirmed", "followed_up", "survey_answered"]
met_by = ["proposed"]
by = "T+1"
owner = "agent"
ladder = "days"

[[deadline]]
id = "visit"
clause = "AFT-VISIT-01"
title = { zh = "15天内回访", en = "Looked back at within 15 days" }
starts = ["confirmed"]
met_by = ["followed_up"]
within = "8d"
clock = "calendar"
owner = "agent"
ladder = "hours"

[[deadline]]
id = "money_arrives"
clause = "AFT-PAY-01"
title = { zh = "款项到账", en = "Money arrives" }
scope = "step"
starts = ["step_ordered"]
met_by = ["step_done"]
dropped_by = ["step_settled", "closed", "withdrawn"]
within = "30h"
clock = "calendar"
owner = "agent"
ladder = "chase"

[[ladder]]
id = "chase"
clause = "AFT-PAY-01"

[[ladder.rung]]
id = "due"
to = "supervisor"
do = ["notify", "ask_partner"]

[[follow_up]]
id = "visit"
clause = "AFT-VISIT-01"
title = { zh = "跟踪回访", en = "Look back" }
when = { group = "transport" }
after = "7d"
owner = "agent"
deadline = "visit"

[[notice]]
id = "look_back"
clause = "AFT-VISIT-01"
on = ["follow_up_due"]
to = "owner"
title = { zh = "回访提醒", en = "Time to look back" }
subject = { zh = "投诉 {complaint_id}：请回访（{title}）", en = "Complaint {complaint_id}: {title}" }
body = { zh = "请在 {due_at} 前回访。", en = "Please look back by {due_at}." }

[[notice]]
id = "time_named"
clause = "AFT-CALL-01"
on = ["time_promised"]
to = "customer"
title = { zh = "约定时间", en = "Time named" }
subject = { zh = "投诉 {complaint_id}：约定时间 {due_at}", en = "Complaint {complaint_id}: {due_at}" }
body = { zh = "{message}", en = "{message}" }

[[notice]]
id = "survey"
clause = "AFT-ASK-01"
on = ["carried_out"]
to = "customer"
title = { zh = "满意度问卷", en = "Survey" }
subject = { zh = "投诉 {complaint_id}：请评价", en = "Complaint {complaint_id}: please tell us" }
body = { zh = "{survey}", en = "{survey}" }

[[survey]]
id = "solved"
clause = "AFT-ASK-01"
question = { zh = "问题解决了吗？", en = "Is it solved?" }
choice = [
  { id = "yes", zh = "解决了", en = "Yes" },
  { id = "no", zh = "没有", en = "No", dissatisfied = true },
]

[[survey]]
id = "service"
clause = "AFT-ASK-01"
when = { group = "transport" }
question = { zh = "服务如何？", en = "How was the service?" }
choice = [
  { id = "good", zh = "好", en = "Good" },
  { id = "fair", zh = "一般", en = "Fair" },
  { id = "bad", zh = "差", en = "Bad", dissatisfied = true },
]
"""


@cache
def after_care() -> Pack:
    return parse_pack(TEXT, "after-care/2026-11.toml", home())
