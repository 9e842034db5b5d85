"""What a person is told to say and do now: the pack's advice for what led to the present stage, and the remedy's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.case import Case, Stage
from domain.case_facts import facts_of, found_facts
from domain.fold import begin, evolve
from domain.journal import Entry
from domain.policy.matching import advice_for, remedies_for
from domain.policy.pack import Pack
from domain.policy.wording import Wording

# From the finding on until the plan is carried out, its remedy says how to go about it.
_OF_THE_REMEDY = frozenset({Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED, Stage.CARRYING_OUT})


class Advised(NamedTuple):
    """One piece of advice: the row of the pack it comes from and the clauses behind it."""

    row: str
    clauses: tuple[str, ...]
    text: Wording


def advice_now(entries: Iterable[Entry], pack: Pack) -> tuple[Advised, ...]:
    """Advice that applies after this whole journal, in the order in which it came to apply; nothing before the first entry.

    An entry's advice applies until the complaint leaves the stage that the entry led to or was written in.
    """
    case: Case | None = None
    found: dict[str, Advised] = {}
    for entry in entries:
        before, case = case, begin(entry) if case is None else evolve(case, entry)
        if before is None or before.stage is not case.stage:
            found = {}
        for row in advice_for(pack, entry.event.kind, facts_of(case, pack, entry.event)):
            found[row.id] = Advised(row.id, row.clauses, row.text)
    if case is None:
        return ()
    return (*found.values(), *_of_the_remedy(case, pack))


def _of_the_remedy(case: Case, pack: Pack) -> Iterable[Advised]:
    if case.founded and case.stage in _OF_THE_REMEDY:
        for row in remedies_for(pack, case.category, found_facts(case)):
            if row.advice is not None:
                yield Advised(row.id, row.clauses, row.advice)
