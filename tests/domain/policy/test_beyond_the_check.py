"""A pack that tells more apart than can be checked for gaps is no pack: nothing passes unchecked."""

from __future__ import annotations

import pytest

from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from tests.domain.ranked import RANKED

SEVENTEEN_FACTS = "".join(
    f"""
[[fact]]
name = "f{place}"
type = "boolean"
clause = "LIB-LVL-01"
title = {{ zh = "事实{place}", en = "Fact {place}" }}
when = {{ category = "rude_clerk" }}
"""
    for place in range(17)
)
SOUNDS = ", ".join(f'"w{place}"' for place in range(5_001))
TIERS = f"""
[[fact]]
name = "tier"
type = "boolean"
clause = "LIB-LVL-01"
title = {{ zh = "等级", en = "Tier" }}
when = {{ member_tier = [{SOUNDS}] }}
"""


@pytest.mark.parametrize(
    ("rows", "said"),
    [(SEVENTEEN_FACTS, "rude_clerk allows 131,072 findings"), (TIERS, "rows tell 40,032 circumstances apart")],
)
def test_what_cannot_be_checked_is_refused(rows: str, said: str) -> None:
    with pytest.raises(PackInvalid, match=said):
        parse_pack(RANKED + rows, "library.toml")
