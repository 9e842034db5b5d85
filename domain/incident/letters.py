"""What people of the house are told of an incident, by the pack's notices on its entries."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import NamedTuple

from domain.actor import Role
from domain.incident import events as e
from domain.incident.events import IncidentEntry
from domain.incident.incident import Incident
from domain.policy.batch_rows import BatchRule
from domain.policy.pack import Pack
from domain.policy.talk_rows import NoticeRule
from domain.policy.wording import Wording

# Where an entry says why, best first.
_WHY = ("reason", "cause", "detail", "code")


class StaffLetter(NamedTuple):
    """`person` where one is known; else everybody of the role, or of the department."""

    rule: NoticeRule
    to: Role
    person: str | None
    department: str | None
    fields: dict[str, str]
    worded: dict[str, Wording]


def letters(incident: Incident, pack: Pack, row: BatchRule, entry: IncidentEntry) -> Iterator[StaffLetter]:
    """A notice that goes to departments without naming one goes to each of the row's team."""
    for rule in pack.notice:
        if entry.event.kind not in rule.on or rule.to == "customer":
            continue
        fields, worded = _words(incident, row, entry, rule)
        match rule.to:
            case "owner" | "escalated_to" | "agent":
                yield StaffLetter(rule, row.lead, incident.lead, None, fields, worded)
            case "approver":
                role = row.extra.approved_by if row.extra else row.lead
                yield StaffLetter(rule, role, None, None, fields, worded)
            case "department":
                for department in (rule.department,) if rule.department else row.team or (None,):
                    yield StaffLetter(rule, Role.DEPARTMENT, None, department, fields, worded)
            case _:
                yield StaffLetter(rule, Role(rule.to), None, None, fields, worded)


def _words(
    incident: Incident, row: BatchRule, entry: IncidentEntry, rule: NoticeRule
) -> tuple[dict[str, str], dict[str, Wording]]:
    """Every field that the rule's text names; what does not apply to an incident is empty."""
    texts = (rule.subject.zh, rule.subject.en, rule.body.zh, rule.body.en)
    wanted = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    about = "; ".join(incident.about.values())
    event = entry.event
    message = getattr(event, "text", None) or row.title
    known = {
        "complaint_id": incident.incident_id,
        "reason": next(filter(None, (str(getattr(event, each, "") or "") for each in _WHY)), ""),
        "tenant": incident.tenant,
        "clause": ", ".join(entry.clauses),
        "assignee": incident.lead or row.lead.value,
        "stage": "open" if incident.open else "closed",
        "amount": str(event.terms.amount or f"{event.terms.percent} %") if isinstance(event, e.ExtraAsked) else "",
        "reference": about,
        "order_number": "-",
    }
    worded = {"title": row.title, "category": row.title, "message": message}
    fields = {name: known.get(name, "") for name in wanted if name not in worded}
    return fields, {name: words for name, words in worded.items() if name in wanted}
