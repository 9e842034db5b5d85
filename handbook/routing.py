"""Whose complaint it is, as a reader of the procedure sees it: who takes it, who is asked, how it changes hands."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.route_rows import RouteRule
from handbook import names
from handbook.reader import Reader


def routing(r: Reader) -> Iterator[str]:
    """One line a row, in the order of the file; the special one goes before the general one."""
    for row in r.pack.route:
        after = r.entries(row.on) + (f" ({r.when(row.when)})" if row.when else "")
        told = r.say("; ", "；").join(_what(r, row))
        yield r.say(
            f"- After {after}: {told} ({r.clauses(row.clauses)}).", f"- 在{after}后：{told}（{r.clauses(row.clauses)}）。"
        )
    handover = r.pack.handover
    if handover is not None and handover.acceptance:
        clauses = r.clauses(handover.clauses)
        yield r.say(
            f"- Handed over once the other one has taken it; the giver stays responsible until then ({clauses}).",
            f"- 移交须经对方接手；此前仍由移交人负责（{clauses}）。",
        )


def _what(r: Reader, row: RouteRule) -> Iterator[str]:
    if row.to:
        who = r.say(", or else ", "；不在岗则").join(r.named(each, {**names.ROLES, **names.CANDIDATES}) for each in row.to)
        if row.offered:
            yield r.say(f"offered to {who}; the first contact owns it until then", f"提请{who}接手，此前由首问人负责")
        else:
            yield r.say(f"taken by {who}", f"由{who}处理")
    if row.department is not None:
        if row.opinion:
            yield r.say(
                f"`{row.department}` gives its opinion before anything is proposed", f"提出方案前须由 `{row.department}` 反馈意见"
            )
        else:
            yield r.say(f"`{row.department}` is told", f"告知 `{row.department}`")
