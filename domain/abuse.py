"""Complaints that may not be honest: signs add up to a score, and people ask for evidence, presume and refuse, in that order.

Nothing is refused by itself, whatever the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import commands as c
from domain import journal as j
from domain.actor import Actor
from domain.case import Case
from domain.journal import Event
from domain.policy.abuse_rows import MaliceRule
from domain.policy.pack import Pack
from domain.refusal import Refusal

AbuseCommand = c.NoteSign | c.DemandEvidence | c.PresumeMalice | c.ReferToLegal


def perform(case: Case, pack: Pack, command: AbuseCommand, now: datetime) -> Sequence[Event]:
    """The events of a command of this part. Raises Refusal."""
    match command:
        case c.NoteSign():
            return [_note(pack, command)]
        case c.DemandEvidence():
            _rule(pack)
            return [j.EvidenceDemanded(what=command.what)]
        case c.PresumeMalice():
            return [_presume(case, _rule(pack), command, now)]
        case c.ReferToLegal():
            if case.with_legal:
                raise Refusal("with_legal", zh="投诉已移交法务", en="legal has this complaint already")
            return [j.ReferredToLegal(to=_rule(pack).legal, reason=command.reason)]


def score(case: Case) -> int:
    """Sum of the weights of the signs on record, each row of the pack once."""
    return sum(sign.weight for sign in case.signs)


def unanswered(case: Case, rule: MaliceRule, now: datetime) -> bool:
    """Demanded evidence has not come in its time. The promise stays open until it comes, so nothing else needs to be kept."""
    asked = [each for each in case.deadlines if each.name == rule.evidence_within and not each.standing_still]
    return any(each.missed or (each.due_at is not None and each.due_at < now) for each in asked)


def check_refusal(case: Case, pack: Pack, by: Actor) -> None:
    """Whether this person may refuse the complaint as malicious; a pack without [malice] asks no more than for any decision."""
    rule = pack.malice
    if rule is None:
        return
    if not case.presumed:
        raise Refusal(
            "not_presumed",
            field="outcome",
            zh="尚未推定恶意：请先以 presume_malice 说明理由作出推定",
            en="malice has not been presumed: presume it first, with a reason (presume_malice)",
        )
    if not by.has(rule.refused_by):
        role = rule.refused_by
        raise Refusal("wrong_role", zh=f"须由{role}或更高层级决定拒绝", en=f"only a {role} or higher may refuse as malicious")


def clauses(pack: Pack, event: Event) -> tuple[str, ...]:
    """The clauses behind an entry of this part."""
    if isinstance(event, j.SignNoted):
        return next((row.clauses for row in pack.abuse if row.id == event.row), ())
    return pack.malice.clauses if pack.malice is not None else ()


def _rule(pack: Pack) -> MaliceRule:
    if pack.malice is None:
        raise Refusal(
            "no_malice_rule", zh="本规程没有恶意投诉的处理规定", en="this procedure has no rule for malicious complaints"
        )
    return pack.malice


def _note(pack: Pack, command: c.NoteSign) -> j.SignNoted:
    for row in pack.abuse:
        if row.sign == command.sign:
            return j.SignNoted(row=row.id, sign=row.sign, weight=row.weight, note=command.note)
    known = ", ".join(dict.fromkeys(row.sign for row in pack.abuse)) or "-"
    raise Refusal(
        "no_such_sign",
        field="sign",
        zh=f"本规程没有“{command.sign}”这一恶意特征，可选：{known}",
        en=f"this procedure has no sign {command.sign!r}; there are {known}",
    )


def _presume(case: Case, rule: MaliceRule, command: c.PresumeMalice, now: datetime) -> j.MalicePresumed:
    if case.presumed:
        raise Refusal("already_presumed", zh="已推定为恶意投诉", en="malice has been presumed already")
    reached, late = score(case), unanswered(case, rule, now)
    if reached < rule.presumed_from and not late:
        raise Refusal(
            "too_few_signs",
            zh=f"恶意特征得分为 {reached}，未达 {rule.presumed_from}，且没有逾期未提供的证据，不能推定恶意",
            en=f"its signs score {reached} of {rule.presumed_from} and no demanded evidence is overdue: "
            "malice cannot be presumed",
        )
    return j.MalicePresumed(reason=command.reason, score=reached, unanswered=late)
