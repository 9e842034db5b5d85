"""What a complaint's new entries mean in figures. Called once an entry: when it is in the database for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.case import Case
from domain.journal import Accepted, Entry, SignNoted, StepDone
from domain.promise_events import DeadlineDropped, DeadlineMet, DeadlineMissed, Escalated, NoticeSent
from telemetry import metrics


def count_written(entries: Sequence[Entry], case: Case, at: datetime) -> None:
    """Count entries that were written at an instant; `case` is the one that they lead to."""
    for entry in entries:
        metrics.entries.labels(entry.event.kind).inc()
        # That a notice was sent waits for the next entry, on purpose (`workflows/projector.py`).
        if not isinstance(entry.event, NoticeSent):
            metrics.journal_lag.observe(max(0.0, (at - entry.at).total_seconds()))
        _count(entry, case)


def _count(entry: Entry, case: Case) -> None:
    match entry.event:
        case DeadlineMet(key=key, in_time=in_time):
            _ended(case, key, "kept" if in_time else "kept_late")
        case DeadlineDropped(key=key):
            _ended(case, key, "dropped")
        case DeadlineMissed(key=key, due_at=due_at):
            _ended(case, key, "missed")
            metrics.lateness.observe(max(0.0, (entry.at - due_at).total_seconds()))
        case SignNoted(sign=sign):
            metrics.signs.labels(case.tenant, sign).inc()
        case Escalated(to=to):
            metrics.escalations.labels(case.tenant, to.value).inc()
        case Accepted(number=number) if case.proposal is not None and case.proposal.number == number:
            cash = case.proposal.plan.cash
            metrics.decided.labels(case.tenant, cash.currency).inc(float(cash.amount))
        case StepDone(paid=money) if money is not None:
            metrics.paid.labels(case.tenant, money.currency).inc(float(money.amount))


def _ended(case: Case, key: str, result: str) -> None:
    metrics.promises.labels(case.tenant, key.partition("/")[0], result).inc()
