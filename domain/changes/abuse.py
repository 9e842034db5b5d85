"""What signs and what follows from them change. A reopened complaint keeps its signs, and is presumed of nothing."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, CaseSign
from domain.changes.rule import Changes, changes_of
from domain.journal import Entry


@changes_of.register
def _(event: j.SignNoted, case: Case, entry: Entry) -> Changes:
    if any(sign.row == event.row for sign in case.signs):
        return {}
    return {"signs": (*case.signs, CaseSign(row=event.row, sign=event.sign, weight=event.weight))}


@changes_of.register
def _(event: j.MalicePresumed, case: Case, entry: Entry) -> Changes:
    return {"presumed": True}


@changes_of.register
def _(event: j.ReferredToLegal, case: Case, entry: Entry) -> Changes:
    return {"with_legal": True}
