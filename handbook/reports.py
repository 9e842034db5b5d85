"""The summaries of a procedure: how often, by when, to whom."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.reader import Reader


def reports(reader: Reader) -> Iterator[str]:
    """One line a summary."""
    r = reader
    every = {"month": r.say("every month", "每月"), "quarter": r.say("every quarter", "每季度")}
    for row in r.pack.report:
        said = [r.word(row.title), every[row.every]]
        if row.due_day is not None:
            said.append(
                r.say(
                    f"with a supervisor by day {row.due_day} of the month after, else the manager is told",
                    f"次月{row.due_day}日前送达主管，逾期告知经理",
                )
            )
        if row.trend:
            said.append(r.say("beside the period before", "与上期比较"))
        if row.departments:
            said.append(r.say(f"also to {r.list(row.departments)}", f"并送{r.list(row.departments)}"))
        if row.recurring_at_least is not None:
            told = r.list(row.recurring_to)
            to = r.say(f", told to {told}", f"，报{told}") if told else ""
            said.append(
                r.say(
                    f"{row.recurring_at_least} or more of one product, lot or category recur{to}",
                    f"同一商品、批次或类别达{row.recurring_at_least}起为反复出现{to}",
                )
            )
        yield f"- {r.say(', ', '，').join(said)} ({r.clauses(row.clauses)})"
