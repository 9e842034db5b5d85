"""After the remedy, as a reader of the procedure sees it: the look back at the customer, and the survey."""

from __future__ import annotations

from collections.abc import Iterator

from handbook import names
from handbook.reader import Reader


def looking_back(r: Reader) -> Iterator[str]:
    """One line a look back; one a question of the survey, and below it its choices."""
    for row in r.pack.follow_up:
        where = f" ({r.when(row.when)})" if row.when else ""
        promise = r.word(r.pack.deadline_of(row.deadline).title)
        after, owner = r.length(row.after), r.named(row.owner, names.ROLES)
        yield r.say(
            f"- **{r.word(row.title)}**{where}: {after} after the customer's word that they are satisfied; {owner}; "
            f"promise: {promise} ({r.clauses(row.clauses)}).",
            f"- **{r.word(row.title)}**{where}：客户确认满意后{after}；{owner}；时限：{promise}（{r.clauses(row.clauses)}）。",
        )
    for question in r.pack.survey:
        where = f" ({r.when(question.when)})" if question.when else ""
        yield f"- {r.word(question.question)}{where} ({r.clauses(question.clauses)})"
        for choice in question.choice:
            again = r.say(": not satisfied, handled again", "：视为不满意，重新处理") if choice.dissatisfied else ""
            yield f"  - {r.say(choice.en, choice.zh)}{again}"
