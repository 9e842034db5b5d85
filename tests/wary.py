"""A variant of the home pack that is wary of malicious complaints and offers articles; not about any business we know."""

from __future__ import annotations

from functools import cache

from domain.policy import registry
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from tests.domain.packs import home

WARY = """\
name = "wary"
version = "2026-11"
title = { zh = "审慎", en = "Wary" }
source = "Nobody's: made for tests."
extends = "home@2026-11"

[[clause]]
id = "WRY-ABU-01"
zh = "恶意特征"
en = "Signs of malice"
by = "software"

[[clause]]
id = "WRY-ABU-02"
zh = "证据"
en = "Evidence"
by = "person"

[[clause]]
id = "WRY-ABU-04"
zh = "黑名单"
en = "Blacklist"
by = "software"

[[clause]]
id = "WRY-OBJ-01"
zh = "不推诿"
en = "No blame without evidence"
by = "software"

[[clause]]
id = "WRY-USE-01"
zh = "知识库"
en = "Knowledge base"
by = "software"

[[abuse]]
id = "threat_words"
clause = "WRY-ABU-01"
title = { zh = "文字威胁", en = "Threat in writing" }
sign = "threat"
weight = 3
words = ["不赔…曝光", "expose you"]

[[abuse]]
id = "contradicts"
clause = "WRY-ABU-01"
title = { zh = "前后矛盾", en = "Contradiction" }
sign = "contradiction"
weight = 2

[[abuse]]
id = "too_much"
clause = "WRY-ABU-01"
title = { zh = "诉求过度", en = "Excessive demand" }
sign = "excessive_demand"
weight = 2

[[abuse]]
id = "many"
clause = "WRY-ABU-01"
title = { zh = "重复投诉", en = "Repeated complaints" }
sign = "repetition"
weight = 2
at_least = 3
window = "30d"

[malice]
clause = "WRY-ABU-02"
presumed_from = 5
evidence_within = "proof"
refused_by = "manager"

[malice.blacklist]
clause = "WRY-ABU-04"
days_max = 90
decided_by = "supervisor"

[evidence]
clause = "WRY-OBJ-01"
blame = ["customer", "carrier"]
unfounded = true

[[deadline]]
id = "proof"
clause = "WRY-ABU-02"
title = { zh = "提供证据", en = "Evidence from the customer" }
starts = ["evidence_demanded"]
met_by = ["evidence_attached"]
within = "48h"
clock = "calendar"
owner = "customer"
ladder = "LADDER"

[[article]]
id = "unpacking"
clause = "WRY-USE-01"
title = { zh = "如何验收", en = "How to check a delivery" }
when = { group = "transport" }
words = ["怎么…验收", "how to check"]
text = { zh = "当面开箱，拍照留存。", en = "Open it in front of the driver and take photographs." }
link = "https://yanju.example/unpacking.mp4"

[[article]]
id = "transport"
clause = "WRY-USE-01"
title = { zh = "运输说明", en = "About transport" }
when = { group = "transport" }
text = { zh = "全程保价。", en = "All goods are insured." }

[[notice]]
id = "guide"
clause = "WRY-USE-01"
on = ["received"]
to = "customer"
subject = { zh = "使用指南 {complaint_id}", en = "Guide {complaint_id}" }
body = { zh = "{article}", en = "{article}" }

[[notice]]
id = "legal_told"
clause = "WRY-ABU-02"
on = ["referred_to_legal"]
to = "legal"
subject = { zh = "移交法务 {complaint_id}", en = "For legal {complaint_id}" }
body = { zh = "{reason}", en = "{reason}" }
"""


@cache
def wary() -> Pack:
    ladder = home().ladder[0].id
    return parse_pack(WARY.replace("LADDER", ladder), "wary.toml", home())


def installed() -> Pack:
    """The same, on the shelf of this process: complaints may be opened under it."""
    registry.install([wary()])
    return wary()
