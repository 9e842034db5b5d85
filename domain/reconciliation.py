"""Reconciling: the ledger, the partners' statements and the paid amounts of the cases have to tell the same. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.effects import EffectReport, EffectStatus
from domain.ledger import OPEN, LedgerRow, LedgerState, Partner, name_of_effect
from domain.money import Money, round_money
from domain.summary.period import Period

FindingKind = Literal[
    "not_in_ledger", "unknown_to_partner", "amounts_differ", "twice", "ended_differently", "stuck", "case_differs"
]
# How long an effect may be open here without anybody worrying: until then its partner is asked again by itself.
PATIENCE = timedelta(days=1)


class StatementLine(BaseModel):
    """One effect on a partner's statement of a stretch of time: what moved within it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    reference: str
    kind: str
    status: EffectStatus
    money: Money | None = None
    quantity: int | None = None
    at: AwareDatetime


class Finding(BaseModel):
    """One thing that does not fit. Found again it has the same id, unless a figure or a state of it has changed."""

    model_config = ConfigDict(frozen=True)

    kind: FindingKind = Field(
        description="not_in_ledger: at the partner and not here; unknown_to_partner: here and not at the partner; "
        "amounts_differ; twice: one step, two effects; ended_differently: done on one side only; "
        "stuck: unknown for more than a day; case_differs: the case or incident says another sum was paid."
    )
    complaint_id: str
    key: str | None = Field(default=None, description="Effect key; null where the whole complaint does not fit.")
    partner: Partner | None = Field(default=None, description="Which partner; null where the whole complaint does not fit.")
    reference: str | None = Field(default=None, description="The partner's own number.")
    our_state: LedgerState | None = Field(default=None, description="State in the ledger; null where it has none.")
    our_money: Money | None = Field(default=None, description="Amount in the ledger.")
    our_quantity: int | None = Field(default=None, description="Points in the ledger.")
    their_state: EffectStatus | None = Field(default=None, description="What the partner says; null where it knows of none.")
    their_money: Money | None = Field(default=None, description="Amount at the partner, or the paid amount of the case.")
    their_quantity: int | None = Field(default=None, description="Points at the partner.")

    def id(self, tenant: str) -> str:
        said = f"{tenant}\n{self.model_dump_json()}"
        return "rcf_" + hashlib.sha256(said.encode()).hexdigest()[:32]


def day_before(at: datetime, zone: str) -> Period:
    """The whole local day before the one that an instant lies in."""
    today: date = at.astimezone(ZoneInfo(zone)).date()
    return Period(from_on=today - timedelta(days=1), to_on=today, zone=zone)


def compare(
    partner: Partner,
    tenant: str,
    rows: Iterable[LedgerRow],
    lines: Iterable[StatementLine],
    asked: Mapping[str, EffectReport | None],
    at: datetime,
) -> Iterator[Finding]:
    """What does not fit between the ledger's rows of one partner and its statement.

    `rows` are those begun in the period, those that are open, and those that the statement names. `asked` holds what the partner
    answered about rows that its statement does not name; a row neither named nor asked about is not judged.
    """
    known = {row.key: row for row in rows}
    named: dict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        name = name_of_effect(line.key)
        # Whoever else pays from the same account is another's business.
        if name is not None and name.tenant == tenant:
            named[line.key].append(line)
    for key in sorted(known.keys() | named.keys()):
        yield from _of_key(partner, key, known.get(key), named.get(key, []), asked, at)
    yield from _twice(partner, known, named)


def _of_key(
    partner: Partner,
    key: str,
    row: LedgerRow | None,
    lines: Sequence[StatementLine],
    asked: Mapping[str, EffectReport | None],
    at: datetime,
) -> Iterator[Finding]:
    line = _best(lines)
    if row is None:
        if line is not None and line.status != "refused":
            yield _finding("not_in_ledger", partner, key, None, line)
        return
    if line is None and key in asked:
        answer = asked[key]
        if answer is None:
            if row.state in ("placed", "done"):
                yield _finding("unknown_to_partner", partner, key, row, None)
        else:
            line = _as_line(row, answer)
    if line is not None and line.status != "refused" and (line.money, line.quantity) != (row.money, row.quantity):
        yield _finding("amounts_differ", partner, key, row, line)
    if line is not None and _contradict(row.state, line.status):
        yield _finding("ended_differently", partner, key, row, line)
    # Placed is known: a shipment takes its days. What its partner ended long ago is not, and unknown is not either.
    silent_since = line.at if line is not None and line.status != "accepted" else row.first_at
    open_here = row.state in ("intended", "unknown") or (line is not None and line.status != "accepted" and row.state in OPEN)
    if open_here and at - silent_since > PATIENCE:
        yield _finding("stuck", partner, key, row, line)


def _twice(partner: Partner, known: Mapping[str, LedgerRow], named: Mapping[str, Sequence[StatementLine]]) -> Iterator[Finding]:
    """One step of one handling happened more than once: under one key, or under the key of a second attempt besides the first."""
    happened: dict[tuple[str, int, str], list[StatementLine]] = defaultdict(list)
    for key, lines in named.items():
        name = name_of_effect(key)
        if name is not None:
            step = name.step.partition("/r")[0]
            standing = {line.reference: line for line in lines if line.status != "refused"}
            happened[name.complaint_id, name.cycle, step] += standing.values()
    for lines_of_step in happened.values():
        for line in sorted(lines_of_step, key=lambda each: (each.at, each.reference))[1:]:
            yield _finding("twice", partner, line.key, known.get(line.key), line)


def compare_cases(
    paid: Mapping[str, Decimal], told: Mapping[str, tuple[Decimal, str]], complaints: Iterable[str]
) -> Iterator[Finding]:
    """Complaints and incidents whose rows say that another sum was paid than their effects in the ledger come to."""
    for complaint in sorted(set(complaints)):
        if complaint not in told:
            continue  # its first entry waits for the database
        said, currency = told[complaint]
        sum_of_effects = paid.get(complaint, Decimal(0))
        if sum_of_effects != said:
            ours, theirs = round_money(sum_of_effects, currency), round_money(said, currency)
            yield Finding(kind="case_differs", complaint_id=complaint, our_money=ours, their_money=theirs)


def _best(lines: Sequence[StatementLine]) -> StatementLine | None:
    """The line that stands for its key: what happened before what did not, the latest first."""
    return max(lines, key=lambda line: (line.status != "refused", line.at), default=None)


def _as_line(row: LedgerRow, answer: EffectReport) -> StatementLine:
    return StatementLine(
        key=row.key, reference=answer.reference, kind=row.kind, status=answer.status, money=row.money, quantity=row.quantity,
        at=answer.at,
    )  # fmt: skip


def _contradict(ours: LedgerState, theirs: EffectStatus) -> bool:
    return (ours == "done" and theirs == "refused") or (ours in ("refused", "cancelled") and theirs != "refused")


def _finding(kind: FindingKind, partner: Partner, key: str, row: LedgerRow | None, line: StatementLine | None) -> Finding:
    name = name_of_effect(key)
    return Finding(
        kind=kind,
        complaint_id=name.complaint_id if name else "",
        key=key,
        partner=partner,
        reference=line.reference if line else row.reference if row else None,
        our_state=row.state if row else None,
        our_money=row.money if row else None,
        our_quantity=row.quantity if row else None,
        their_state=line.status if line else None,
        their_money=round_money(line.money.amount, line.money.currency) if line and line.money else None,
        their_quantity=line.quantity if line else None,
    )
