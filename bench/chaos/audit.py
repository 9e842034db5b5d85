"""The audit after the chaos: what was lost, done twice, or told differently by journal, case row and partner."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bench import laws
from bench.chaos.kinds import Kind
from domain.case import Case, Stage
from domain.fold import begin, evolve
from domain.journal import Entry
from domain.ledger import AFTER, LedgerRow
from domain.policy.pack import Pack
from domain.promise_events import DeadlineDropped, DeadlineMet

# Longer than whatever was killed is away.
_OVERTAKEN = timedelta(seconds=30)
Effect = Mapping[str, Any]


@dataclass
class Findings:
    """What is wrong, one sentence each. All lists empty: everything ended right."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    mismatched: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.mismatched)

    @property
    def all(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.mismatched]


def examine(
    findings: Findings,
    name: str,
    kind: Kind,
    pack: Pack,
    case: Case | None,
    journal: Sequence[Entry],
    effects: Sequence[Effect],
    ledger: Sequence[LedgerRow],
) -> None:
    """Examine one complaint that should have ended as its kind does."""
    if case is None:
        findings.lost.append(f"{name} is not in the database")
        return
    if case.stage is not Stage.CLOSED or case.outcome != kind.outcome:
        findings.lost.append(f"{name} stands at {case.stage}, outcome {case.outcome}")
    _examine_journal(findings, name, kind, pack, case, journal)
    _examine_effects(findings, name, kind, case, effects)
    _examine_ledger(findings, name, effects, ledger)


def _examine_journal(findings: Findings, name: str, kind: Kind, pack: Pack, case: Case, journal: Sequence[Entry]) -> None:
    try:
        # Every promise kept or escalated once a rung among them.
        laws.check_all(pack, journal, case)
    except (AssertionError, ValueError, StopIteration) as error:
        findings.mismatched.append(f"{name}: the journal breaks a law: {str(error) or repr(error)}"[:500])
    with contextlib.suppress(ValueError):  # it does not add up, which a law has told already
        _examine_rungs(findings, name, journal)
    kinds = Counter[str](entry.event.kind for entry in journal)
    for entry, times in kind.entries.items():
        if kinds[entry] > times:
            findings.doubled.append(f"{name}: {kinds[entry]} times {entry}, not {times}")
        elif kinds[entry] < times:
            findings.lost.append(f"{name}: {kinds[entry]} times {entry} in the journal, not {times}")
    if kind.course == "late" and not case.breaches:
        findings.lost.append(f"{name}: answered late, and nothing was missed")


def _examine_rungs(findings: Findings, name: str, journal: Sequence[Entry]) -> None:
    """Before a promise ended every rung whose time had come came too, unless somebody had taken it up or it stood still."""
    case = begin(journal[0])
    for entry in journal[1:]:
        if isinstance(entry.event, DeadlineMet | DeadlineDropped):
            promise = case.deadline(entry.event.key)
            # What was due while whoever ends it was being written down may have been overtaken.
            late = entry.at - _OVERTAKEN
            if promise is not None and not promise.acknowledged and not promise.standing_still:
                silent = [number for number, at in enumerate(promise.rungs) if number >= promise.next_rung and at < late]
                findings.lost += [f"{name}: rung {number} of {promise.key} never came" for number in silent]
        case = evolve(case, entry)


def _examine_effects(findings: Findings, name: str, kind: Kind, case: Case, effects: Sequence[Effect]) -> None:
    wanted = {f"{case.tenant}:{case.complaint_id}/{step}": amount for step, amount in kind.effects.items()}
    happened = Counter(str(effect["key"]) for effect in effects)
    for key, times in happened.items():
        if times > 1 or key not in wanted:
            findings.doubled.append(f"{name}: {times} times {key} at the partner")
    findings.lost += [f"{name}: {key} never reached the partner" for key in wanted.keys() - happened.keys()]
    for effect in effects:
        amount = (effect["request"].get("money") or {}).get("amount")
        if effect["key"] in wanted and amount != wanted[effect["key"]]:
            findings.mismatched.append(f"{name}: {effect['key']} moved {amount}, not {wanted[effect['key']]}")
    moved = _money(effects)
    if not case.paid.amount == case.decided.amount == moved:
        findings.mismatched.append(f"{name}: decided {case.decided}, journal says paid {case.paid}, partners moved {moved}")


def _examine_ledger(findings: Findings, name: str, effects: Sequence[Effect], ledger: Sequence[LedgerRow]) -> None:
    """What stands in the ledger is what the partners did: by key, by how far it came, by the partner's number and by amount."""

    def of_partner(effect: Effect) -> tuple[str, str, Decimal | None]:
        amount = (effect["request"].get("money") or {}).get("amount")
        return AFTER[effect["status"]], str(effect["reference"]), Decimal(str(amount)) if amount is not None else None

    theirs = {str(effect["key"]): of_partner(effect) for effect in effects}
    ours = {row.key: (row.state, str(row.reference), row.money.amount if row.money else None) for row in ledger}
    for key in sorted(theirs.keys() | ours.keys()):
        if ours.get(key) != theirs.get(key):
            findings.mismatched.append(f"{name}: the ledger says {ours.get(key)} of {key}, the partner {theirs.get(key)}")


def _money(effects: Iterable[Effect]) -> Decimal:
    paid = (
        effect["request"]["money"]["amount"]
        for effect in effects
        if effect["system"] == "payments" and effect["status"] == "done"
    )
    return sum((Decimal(str(amount)) for amount in paid), Decimal(0))
