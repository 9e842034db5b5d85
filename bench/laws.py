"""The laws of a journal: what must hold of every complaint, whatever people, partners and clocks did.

Each law reads a whole journal and fails with the entry that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.case import Case
from domain.fold import begin, evolve, replay
from domain.journal import Entry, Event
from domain.policy.pack import Pack
from domain.policy.vocabulary import CASH_KINDS, GIVES_BACK

# What may still be entered once a complaint is closed.
_TOLD_AFTERWARDS = (
    p.DeadlineDropped,
    p.DeadlineMet,
    p.DeadlineMissed,
    p.NoticeSent,
    p.NoticeFailed,
    j.CommandRefused,
    j.Reopened,
)


def check_all(pack: Pack, entries: Sequence[Entry], case: Case) -> None:
    """Every law; `case` is the case that the journal is said to add up to."""
    the_journal_tells_the_whole_story(entries, case)
    the_right_people_agreed_before_anything_was_carried_out(entries)
    money_stays_within_what_was_decided_and_the_cap(pack, entries)
    every_promise_is_kept_or_escalated_once(pack, entries)
    it_closed_only_as_the_procedure_says(pack, entries)


def the_journal_tells_the_whole_story(entries: Sequence[Entry], case: Case) -> None:
    """No entry is missing or twice, time does not run back, and the entries add up to the case."""
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert all(before.at <= after.at for before, after in pairwise(entries))
    assert case.revision == len(entries)
    assert replay(entries) == case


def the_right_people_agreed_before_anything_was_carried_out(entries: Sequence[Entry]) -> None:
    """A plan is offered approved or needing no approval, carried out accepted, and nobody approves their own."""
    proposed_by: dict[int, str] = {}
    waits_for: dict[int, Role] = {}
    plans: dict[int, frozenset[str]] = {}
    offered: int | None = None
    agreed: set[str] = set()
    for entry, _before, case in _folded(entries):
        event = entry.event
        match event:
            case j.Proposed():
                offered = None
                proposed_by[event.number] = entry.by.id
                plans[event.number] = frozenset(step.id for step in event.plan.steps)
            case j.ApprovalAsked():
                waits_for[event.number] = event.role
            case j.Approved() | j.SentBack() | j.Refused():
                assert entry.by.has(waits_for[event.number]), f"{entry.by} decided on what waits for {waits_for[event.number]}"
                assert proposed_by[event.number] not in (entry.by.id, entry.by.acting_for), f"{entry.by} decided on their own"
                if isinstance(event, j.Approved):
                    del waits_for[event.number]
            case j.Offered():
                assert event.number not in waits_for, f"entry {entry.seq}: offered before it was approved"
                offered = event.number
            case j.Accepted():
                assert event.number == offered, f"entry {entry.seq}: accepted {event.number}, offered was {offered}"
                assert entry.by.has(Role.CUSTOMER, Role.AGENT)
                agreed |= plans[event.number]
            case j.Declined() | j.Appealed():
                assert event.number == offered
                offered = None
            case j.StepOrdered() | j.StepDone() | j.StepFailed() if not event.step.startswith("inspection-"):
                assert event.step in agreed, f"entry {entry.seq}: {event.step} before the customer agreed"
            case j.Reopened() | j.Confirmed(satisfied=False):
                # Only what goes on behind the scenes is still agreed: a claim against the carrier.
                agreed = {state.step.id for state in case.steps}
            case _:
                pass


def money_stays_within_what_was_decided_and_the_cap(pack: Pack, entries: Sequence[Entry]) -> None:
    """After each entry paid <= decided <= cap, over all cycles; refunds <= the order; each step of a cycle is paid once."""
    paid: set[tuple[int, str]] = set()
    for entry, before, case in _folded(entries):
        event = entry.event
        assert case.paid <= case.decided, f"entry {entry.seq}: paid {case.paid} of {case.decided}"
        if isinstance(event, j.StepDone) and event.paid is not None:
            state = before.step(event.step)
            assert state is not None
            assert event.paid == state.step.money
            assert (state.cycle, event.step) not in paid, f"entry {entry.seq}: {event.step} paid twice"
            paid.add((state.cycle, event.step))
        if isinstance(event, j.Accepted):
            steps = [s for s in (*case.earlier_steps, *case.steps) if s.status != "dropped" and s.step.money is not None]
            given_back = sum((s.step.money.amount for s in steps if s.step.kind in GIVES_BACK and s.step.money), Decimal(0))
            on_top = sum((s.step.money.amount for s in steps if s.step.kind not in GIVES_BACK and s.step.money), Decimal(0))
            cash = sum((s.step.money.amount for s in steps if s.step.kind in CASH_KINDS and s.step.money), Decimal(0))
            assert cash == case.decided.amount, f"entry {entry.seq}: the steps add up to {cash}, decided is {case.decided}"
            if case.order is not None:
                assert given_back <= case.order.paid.amount, f"entry {entry.seq}: {given_back} given back of {case.order.paid}"
                assert on_top <= case.order.paid.amount * pack.cap.extra_percent / 100, f"entry {entry.seq}: {on_top} on top"


def every_promise_is_kept_or_escalated_once(pack: Pack, entries: Sequence[Entry]) -> None:
    """A promise is set once, ends once, is missed once and not early; a rung comes once, in order, never afterwards."""
    running: set[str] = set()
    over: set[str] = set()
    missed: set[str] = set()
    acknowledged: set[str] = set()
    for entry, before, _case in _folded(entries):
        event = entry.event
        key = getattr(event, "key", "")
        match event:
            case p.DeadlineSet():
                assert key not in running | over, f"entry {entry.seq}: {key} is set twice"
                running.add(key)
            case p.DeadlineMoved():
                assert key in running
            case p.DeadlineMissed():
                assert key in running
                assert key not in missed, f"entry {entry.seq}: {key} missed twice"
                assert entry.at >= event.due_at, f"entry {entry.seq}: {key} missed before it was due"
                missed.add(key)
            case p.DeadlineMet():
                assert key in running
                assert event.in_time == (key not in missed)
                running.remove(key)
                over.add(key)
            case p.DeadlineDropped():
                assert key in running
                running.remove(key)
                over.add(key)
            case p.Escalated():
                deadline = before.deadline(key)
                assert deadline is not None, f"entry {entry.seq}: {key} escalated, which does not run"
                assert key not in acknowledged, f"entry {entry.seq}: {key} escalated after it was acknowledged"
                assert event.rung == deadline.next_rung, f"entry {entry.seq}: rung {event.rung} after {deadline.next_rung - 1}"
                assert entry.at >= deadline.rungs[event.rung], f"entry {entry.seq}: rung {event.rung} of {key} came early"
                row = pack.deadline_of(deadline.name)
                rung = pack.ladder_of(row.ladder).rung[event.rung]
                assert (event.to, event.actions) == (rung.role(row.owner), rung.do)
            case p.Acknowledged():
                assert key in running
                acknowledged.add(key)
            case _:
                pass
    final = replay(entries)
    ours = {key for key in missed if pack.deadline_of(key.split("/")[0]).owner is not Role.CUSTOMER}
    assert final.breaches == len(ours), "what the customer owes is no breach of the business"
    assert {deadline.key for deadline in final.deadlines} == running
    if not final.open:
        assert not running, f"still running at the end: {running}"


def nothing_is_overdue_unseen(case: Case, now: datetime) -> None:
    """No promise is past its due instant without being missed, no rung is past its instant without having come."""
    for deadline in case.deadlines:
        if deadline.standing_still:
            assert case.paused, f"{deadline.key} stands still though nothing is paused"
            continue
        assert deadline.due_at is not None, f"{deadline.key} runs without an instant"
        assert deadline.missed or deadline.due_at >= now, f"{deadline.key} was due at {deadline.due_at}; it is {now}"
        if not deadline.acknowledged:
            assert all(at >= now for at in deadline.rungs[deadline.next_rung :]), f"a rung of {deadline.key} did not come"


def it_closed_only_as_the_procedure_says(pack: Pack, entries: Sequence[Entry]) -> None:
    """Satisfied means the customer said so and every step is finished; all else is for the reason its outcome names."""
    for entry, before, _case in _folded(entries):
        event, last = entry.event, entries[entry.seq - 2].event
        if not before.open:
            assert isinstance(event, _TOLD_AFTERWARDS) or _of_the_inspection(event), (
                f"entry {entry.seq}: {event.kind} after the end"
            )
        if not isinstance(event, j.Closed):
            continue
        assert event.outcome in pack.closing.outcomes
        match event.outcome:
            case "satisfied":
                assert before.satisfied is True
                assert all(step.status in ("done", "dropped") for step in before.steps)
            case "unfounded":
                assert before.founded is False or before.order_check in ("not_found", "not_theirs")
            case "withdrawn":
                assert any(isinstance(each.event, j.Withdrawn) for each in entries[max(0, entry.seq - 6) : entry.seq])
            case _:
                assert entry.by.has(pack.closing.decided_by), f"entry {entry.seq}: {entry.by} closed by decision"
                assert event.reason
                assert last.kind != "withdrawn"


def _of_the_inspection(event: Event) -> bool:
    """A visit may have been on its way to the partner when the complaint was withdrawn; the journal says what became of it."""
    return isinstance(event, j.StepOrdered | j.StepFailed | j.StepSettled) and event.step.startswith("inspection-")


def _folded(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Case, Case]]:
    """Each entry after the first, with the case before and after it."""
    case = begin(entries[0])
    for entry in entries[1:]:
        before, case = case, evolve(case, entry)
        yield entry, before, case
