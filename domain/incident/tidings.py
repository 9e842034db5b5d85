"""What an incident has to tell its complaints, in the order in which it came about. The list only grows."""

from __future__ import annotations

from domain.incident.incident import Incident
from domain.incident.news import IncidentNews
from domain.policy.batch_rows import BatchRule


def tidings(incident: Incident, row: BatchRule) -> tuple[IncidentNews, ...]:
    """Everything in order. Who joins late hears all of it, also of a lot that was stopped and released meanwhile."""
    return tuple(_news(incident, row, number, line) for number, line in enumerate(("joined", *incident.tidings)))


def how_many(incident: Incident) -> int:
    """How many `tidings` there are, without putting them into words."""
    return 1 + len(incident.tidings)


def _news(incident: Incident, row: BatchRule, number: int, line: str) -> IncidentNews:
    what, _, about = line.partition(":")
    base = {"incident": incident.incident_id, "batch": incident.batch, "number": number, "what": what}
    match what:
        case "message":
            said = next(each for each in incident.said if each.number == int(about))
            return IncidentNews.model_validate({**base, "number": said.number, "text": said.text})
        case "lot_suspended" | "lot_released":
            return IncidentNews.model_validate({**base, "lot": about})
        case "extra":
            grant = incident.grant(int(about))
            assert grant is not None
            clause = row.clause_for("extra")
            return IncidentNews.model_validate(
                {**base, "grant": grant.number, "terms": grant.terms, "clause": clause, "decided_by": grant.decided_by}
            )
    return IncidentNews.model_validate(base)
