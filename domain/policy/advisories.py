"""What a pack may do and should not: nothing that makes it wrong, so older versions go on, but its author is told."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.conditions import matches
from domain.policy.pack import Pack
from domain.policy.vocabulary import BUILT_IN_FACTS
from domain.policy.wording import Wording


def advisories(pack: Pack) -> Iterator[Wording]:
    """One sentence in each language for everything that its author should look at."""
    named = [row for row in pack.deadline if row.at is not None and "time_promised" in row.starts]
    asked = [{name: condition for name, condition in row.when.items() if name == "promised"} for row in named]
    forgotten = [about for about in BUILT_IN_FACTS["promised"] if not any(matches(when, {"promised": about}) for when in asked)]
    if forgotten:
        yield Wording(
            en=f"a customer may be promised a time (promise_time) for {', '.join(forgotten)}, and no promise keeps it; "
            'add a [[deadline]] with starts = ["time_promised"], at = "named"',
            zh=f"可向客户承诺时间（promise_time：{'、'.join(forgotten)}），却没有时限督促兑现；"
            '请增加 [[deadline]]：starts = ["time_promised"]、at = "named"',
        )
