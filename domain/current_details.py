"""The case as Markdown for the Temporal UI: where it stands, what is promised, what is paid. No personal data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.actor import Role
from domain.case import Case, Stage, StepState
from domain.hand_overs import waiting_offer
from domain.opinions import outstanding
from domain.policy.pack import Pack
from domain.policy.wording import Wording

# The Temporal UI puts the columns of a table side by side without any room between them.
_GAP = "\u00a0\u00a0"


def current_details(case: Case, pack: Pack) -> str:
    """Headline, running promises and remedy steps, in both languages; instants in the tenant's zone."""
    title = pack.category_of(case.category).title
    lines = [f"### {_in_both(title)}", "", _standing(case)]
    for waiting in _waiting(case):
        lines += ["", waiting]
    if case.deadlines:
        lines += ["", "| promise | clause | due | |", "|---|---|---|---|", *_promises(case, pack)]
    if case.steps:
        lines += ["", "| remedy | clause | amount | |", "|---|---|---|---|", *_steps(case.steps)]
    if case.extras:
        lines += ["", "| extra | clause | amount | |", "|---|---|---|---|", *_steps(case.extras)]
    if case.incidents:
        lines += ["", *(f"incident `{each.incident}`: {_in_both(pack.batch_of(each.batch).title)}" for each in case.incidents)]
    lines += ["", f"breaches {case.breaches} · escalations {case.escalations} · decided {case.decided} · paid {case.paid}"]
    return "\n".join(lines)


def _standing(case: Case) -> str:
    rank = [f"level {case.level}", *([case.severity] if case.severity else []), f"priority {case.priority}"]
    if case.urgent:
        rank.append(f"urgent ({', '.join(case.urgent_causes)})" if case.urgent_causes else "urgent")
    said = f"**{case.stage}** · cycle {case.cycle} · {' · '.join(rank)} · assignee {case.assignee or '-'} · {case.pack}"
    if case.paused:
        said += f" · ⏸ paused until {_local(case.resume_at, case.zone)}"
    return f"{said} · closed: **{case.outcome}**" if case.outcome else said


def _waiting(case: Case) -> Iterator[str]:
    """What somebody is waited for, and what was said of the customer; each a line."""
    if (offer := waiting_offer(case)) is not None:
        yield f"offered to {offer.to}, who has not taken it over"
    if waiting := outstanding(case):
        yield f"the opinion of {', '.join(each.department for each in waiting)} is awaited"
    if case.stage is Stage.APPROVING and case.proposal is not None:
        approver = case.proposal.approver_role or Role.SUPERVISOR
        yield f"proposal {case.proposal.number} waits for the decision of the {approver.value}"
    if case.stage is Stage.OFFERED and case.proposal is not None:
        yield f"proposal {case.proposal.number} waits for the customer"
    if case.stage is Stage.FOLLOWING_UP and case.follow_up is not None:
        calls = f", {case.follow_up.attempts} calls unanswered" if case.follow_up.attempts else ""
        yield f"look back from {_local(case.follow_up.from_at, case.zone)} on, by the {case.follow_up.owner.value}{calls}"
    if case.signs:
        yield f"signs noted: {', '.join(each.sign for each in case.signs)} (weight {sum(each.weight for each in case.signs)})"
    if case.presumed:
        yield "presumed to be malicious" + (", referred to legal" if case.with_legal else "")
    if case.suspended_lots:
        yield f"lots of which nothing may be sent: {len(case.suspended_lots)}"


def _promises(case: Case, pack: Pack) -> list[str]:
    rows = []
    for deadline in case.deadlines:
        title = pack.deadline_of(deadline.name).title
        due = "⏸" if deadline.standing_still else _local(deadline.due_at, case.zone)
        state = f"missed, rung {deadline.next_rung}" if deadline.missed else ""
        cells = (_in_both(title), deadline.clause, due, f"{state}{' ✓' if deadline.acknowledged else ''}")
        rows.append(f"| {f'{_GAP} | '.join(cells)} |")
    return rows


def _steps(steps: Iterable[StepState]) -> list[str]:
    return [
        f"| {_in_both(state.step.title)}{_GAP} | {state.step.clause}{_GAP} | {state.step.money or ''}{_GAP} | {state.status} |"
        for state in steps
    ]


def _in_both(title: Wording) -> str:
    return f"{title.zh} / {title.en}"


def _local(at: datetime | None, zone: str) -> str:
    # Not `strftime`, which imports a module at every call: within a workflow's sandbox that takes longer than all the rest here.
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ", "seconds") if at else "-"
