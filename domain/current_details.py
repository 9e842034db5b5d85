"""The case as Markdown for the Temporal UI: where it stands, what is promised, what is paid. No personal data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.case import Case, StepState
from domain.hand_overs import waiting_offer
from domain.opinions import outstanding
from domain.policy.pack import Pack


def current_details(case: Case, pack: Pack) -> str:
    """Headline, running promises and remedy steps, in both languages; instants in the tenant's zone."""
    title = pack.category_of(case.category).title
    lines = [f"### {title.zh} / {title.en}", "", _standing(case)]
    if (offer := waiting_offer(case)) is not None:
        lines += ["", f"offered to {offer.to}, who has not taken it over"]
    if waiting := outstanding(case):
        lines += ["", f"the opinion of {', '.join(each.department for each in waiting)} is awaited"]
    if case.deadlines:
        lines += ["", "| promise | clause | due | |", "|---|---|---|---|", *_promises(case, pack)]
    if case.steps:
        lines += ["", "| remedy | clause | amount | |", "|---|---|---|---|", *_steps(case.steps)]
    if case.extras:
        lines += ["", "| extra | clause | amount | |", "|---|---|---|---|", *_steps(case.extras)]
    if case.incidents:
        lines += ["", *(f"incident `{each.incident}` ({each.batch})" for each in case.incidents)]
    lines += ["", f"breaches {case.breaches} · escalations {case.escalations} · decided {case.decided} · paid {case.paid}"]
    return "\n".join(lines)


def _standing(case: Case) -> str:
    said = f"**{case.stage}** · cycle {case.cycle} · priority {case.priority} · assignee {case.assignee or '-'} · {case.pack}"
    if case.paused:
        said += f" · ⏸ paused until {_local(case.resume_at, case.zone)}"
    return f"{said} · closed: **{case.outcome}**" if case.outcome else said


def _promises(case: Case, pack: Pack) -> list[str]:
    rows = []
    for deadline in case.deadlines:
        title = pack.deadline_of(deadline.name).title
        due = "⏸" if deadline.standing_still else _local(deadline.due_at, case.zone)
        state = f"missed, rung {deadline.next_rung}" if deadline.missed else ""
        rows.append(f"| {title.zh} / {title.en} | {deadline.clause} | {due} | {state}{' ✓' if deadline.acknowledged else ''} |")
    return rows


def _steps(steps: Iterable[StepState]) -> list[str]:
    return [
        f"| {state.step.title.zh} / {state.step.title.en} | {state.step.clause} | {state.step.money or ''} | {state.status} |"
        for state in steps
    ]


def _local(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") if at else "-"
