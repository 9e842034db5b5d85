"""What a command does to an incident: entries, or a refusal in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from domain.actor import Actor, Role
from domain.commands.command import name_of
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.commands import IncidentCommand
from domain.incident.events import Happening
from domain.incident.extra import terms_of
from domain.incident.incident import Grant, Incident
from domain.policy.batch_rows import BatchRule
from domain.policy.wording import Wording
from domain.refusal import Refusal
from domain.steps import LEDGER_CONFLICT, may_have_happened

# Who may be named a lead or do team work at all; who of them it is depends on the incident.
_TEAM = frozenset({Role.AGENT, Role.DEPARTMENT, Role.RISK_CONTROL, Role.LEGAL})
_LEADERS = frozenset({Role.SUPERVISOR})

ALLOWED: dict[str, frozenset[Role]] = {
    "name_team": _LEADERS,
    "record_finding": _TEAM,
    "suspend_lot": _TEAM,
    "release_lot": _TEAM,
    "recall": _TEAM,
    "publish_statement": _TEAM,
    "tell_members": _TEAM,
    "grant_extra": _TEAM,
    "approve_extra": _LEADERS,
    "refuse_extra": _LEADERS,
    "settle": _TEAM,
    "close": _TEAM,
}


def perform(incident: Incident, row: BatchRule, by: Actor, command: IncidentCommand) -> Sequence[Happening]:
    """The entries of a command; raises Refusal when the procedure, the person's part or a figure does not allow it."""
    name = name_of(type(command))
    if not by.has(*ALLOWED[name]):
        roles = "、".join(by.roles)
        raise Refusal("wrong_role", zh=f"您的角色（{roles}）不能执行此操作", en=f"your role ({roles}) does not allow this")
    if not incident.open:
        raise Refusal("incident_closed", zh="批量事件已结束", en="the incident is closed")
    match command:
        case c.NameTeam():
            _check_role(by, row.lead)
            return [e.TeamNamed(lead=command.lead, members=command.members, note=command.note)]
        case c.RecordFinding():
            _check_team(incident, row, by)
            return [e.FindingRecorded(cause=command.cause, lots=command.lots, final=command.final)]
        case c.ApproveExtra() | c.RefuseExtra():
            return _decide(incident, row, by, command)
        case c.Settle():
            return _settle(incident, row, by, command)
    _check_lead(incident, row, by)
    match command:
        case c.SuspendLot() | c.ReleaseLot() | c.Recall():
            return _lot(incident, row, command)
        case c.PublishStatement():
            _clause(row, "statement")
            text = Wording(zh=command.text.zh, en=command.text.en)
            return [e.StatementPublished(number=len(incident.said) + 1, text=text, expected_at=command.expected_at)]
        case c.TellMembers():
            text = Wording(zh=command.text.zh, en=command.text.en)
            return [e.MembersTold(number=len(incident.said) + 1, text=text)]
        case c.GrantExtra():
            if row.extra is None:
                raise _not_in_the_procedure("额外补偿", "extra compensation")
            given = (grant.terms for grant in incident.grants if grant.state != "refused")
            terms = terms_of(row.extra, command, incident.currency, given)
            return [e.ExtraAsked(number=len(incident.grants) + 1, terms=terms, reason=command.reason)]
        case c.Close():
            return _close(incident, command)
    raise AssertionError(f"no rule for {name}")


def clauses_behind(incident: Incident, row: BatchRule, event: Happening) -> tuple[str, ...]:
    """The clauses that an entry rests on."""
    clause: str | None = None
    match event:
        case e.LotDecided():
            clause = row.clause_for("recall" if event.action == "recall" else "suspension")
        case e.StatementPublished():
            clause = row.clause_for("statement")
        case e.ExtraAsked() | e.ExtraApproved() | e.ExtraRefused() | e.ExtraPassedOn() | e.ExtraOwed():
            clause = row.clause_for("extra")
        case e.EffectOrdered() | e.EffectDone() | e.EffectFailed() | e.EffectSettled():
            state = incident.effect(event.effect)
            clause = state.clause if state else None
        case e.NewsPassedOn() | e.MembersTold():
            clause = row.clause_for("statement")
        case e.IncidentOpened() | e.ComplaintsJoined() | e.TeamNamed() | e.FindingRecorded():
            return row.clauses
    return (clause,) if clause else ()


def _check_role(by: Actor, role: Role) -> None:
    if not by.has(role):
        raise Refusal("wrong_role", zh=f"须由{role}或更高层级执行", en=f"only a {role} or higher may do this")


def _check_lead(incident: Incident, row: BatchRule, by: Actor) -> None:
    if by.id != incident.lead and not by.has(row.lead):
        lead = incident.lead or row.lead
        raise Refusal("not_the_lead", zh=f"须由牵头人（{lead}）决定", en=f"the lead ({lead}) decides this")


def _check_team(incident: Incident, row: BatchRule, by: Actor) -> None:
    known = by.id in (incident.lead, *incident.team) or by.has(row.lead)
    # A department is named as such; whoever of it reports belongs to the team.
    department = by.has(Role.DEPARTMENT) and bool(set(incident.team) & set(row.team))
    if not known and not department:
        raise Refusal("not_of_the_team", zh="您不在调查组中", en="you are not of the team")


def _lot(incident: Incident, row: BatchRule, command: c.SuspendLot | c.ReleaseLot | c.Recall) -> Sequence[Happening]:
    number = sum(each.what != "extra" for each in incident.effects) + 1
    match command:
        case c.SuspendLot():
            _clause(row, "suspension")
            if command.lot in incident.suspended:
                raise Refusal("lot_suspended_already", field="lot", zh="该批次已暂停销售", en="this lot is stopped already")
            return [
                e.LotDecided(
                    effect=f"suspend-{number}", action="suspend", lot=command.lot, product=command.product, reason=command.reason
                )
            ]
        case c.ReleaseLot():
            _clause(row, "suspension")
            if command.lot not in incident.suspended:
                raise Refusal("lot_not_suspended", field="lot", zh="该批次没有暂停销售", en="this lot is not stopped")
            if command.lot in incident.recalled:
                raise Refusal("lot_recalled", field="lot", zh="该批次已召回，不得恢复销售", en="a recalled lot is not sold again")
            return [e.LotDecided(effect=f"release-{number}", action="release", lot=command.lot, reason=command.reason)]
    _clause(row, "recall")
    if command.lot in incident.recalled:
        raise Refusal("lot_recalled_already", field="lot", zh="该批次已召回", en="this lot is recalled already")
    text = Wording(zh=command.announcement.zh, en=command.announcement.en)
    return [
        e.LotDecided(effect=f"recall-{number}", action="recall", lot=command.lot, product=command.product, reason=command.reason),
        e.StatementPublished(number=len(incident.said) + 1, text=text),
    ]


def _clause(row: BatchRule, what: Literal["suspension", "recall", "statement"]) -> None:
    words = {
        "suspension": ("暂停批次销售", "stopping a lot"),
        "recall": ("召回", "a recall"),
        "statement": ("公开说明", "a statement"),
    }
    if row.clause_for(what) is None:
        raise _not_in_the_procedure(*words[what])


def _not_in_the_procedure(zh: str, en: str) -> Refusal:
    return Refusal("not_in_the_procedure", zh=f"本规程没有规定{zh}", en=f"the procedure has no rule for {en}")


def _decide(incident: Incident, row: BatchRule, by: Actor, command: c.ApproveExtra | c.RefuseExtra) -> Sequence[Happening]:
    grant = _open_grant(incident, command.number)
    assert row.extra is not None
    own = grant.asked_by in (by.id, by.acting_for)
    if own and isinstance(command, c.RefuseExtra):
        # Whoever asked may take it back.
        return [e.ExtraRefused(number=grant.number, reason=command.reason)]
    _check_role(by, row.extra.approved_by)
    if own:
        raise Refusal("own_proposal", zh="不得审批本人提出的补偿", en="nobody decides on their own request")
    if isinstance(command, c.ApproveExtra):
        return [e.ExtraApproved(number=grant.number, note=command.note)]
    return [e.ExtraRefused(number=grant.number, reason=command.reason)]


def _open_grant(incident: Incident, number: int) -> Grant:
    grant = incident.grant(number)
    if grant is None or grant.state != "asked":
        waiting = [str(each.number) for each in incident.grants if each.state == "asked"]
        raise Refusal(
            "no_such_request",
            field="number",
            zh=f"没有待审批的此项补偿，待审批：{'、'.join(waiting) or '无'}",
            en=f"no such request waits; there are: {', '.join(waiting) or 'none'}",
        )
    return grant


def _settle(incident: Incident, row: BatchRule, by: Actor, command: c.Settle) -> Sequence[Happening]:
    state = incident.effect(command.effect)
    if state is not None and state.what == "extra" and command.action == "retry":
        # It asks for the money under another key: whoever decides that it is paid decides that it is asked for once more.
        assert row.extra is not None
        _check_role(by, row.extra.approved_by)
    else:
        _check_lead(incident, row, by)
    if state is None or state.status != "failed":
        failed = [each.id for each in incident.effects if each.status == "failed"]
        raise Refusal(
            "effect_not_failed",
            field="effect",
            zh=f"该项没有失败，可处置：{'、'.join(failed) or '无'}",
            en=f"this has not failed; there are: {', '.join(failed) or 'none'}",
        )
    if state.failure == LEDGER_CONFLICT and command.action == "retry":
        raise may_have_happened()
    return [e.EffectSettled(effect=command.effect, action=command.action, reason=command.reason)]


def _close(incident: Incident, command: c.Close) -> Sequence[Happening]:
    if any(grant.state == "asked" for grant in incident.grants):
        raise Refusal("request_waits", zh="尚有补偿待审批", en="extra compensation waits for approval; decide it first")
    under_way = [each.id for each in incident.effects if each.status in ("planned", "ordered", "failed")]
    if under_way:
        raise Refusal(
            "effect_under_way",
            zh=f"{'、'.join(under_way)} 尚未完成，请待其完成或先处置",
            en=f"{', '.join(under_way)} is not over; wait for it, or settle it first",
        )
    return [e.IncidentClosed(reason=command.reason)]
