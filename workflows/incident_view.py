"""What an operator sees of an incident in the Temporal UI: search attributes, and current details. No personal data."""

from __future__ import annotations

from temporalio import workflow

from domain.incident.details import details
from workflows.incident_file import IncidentFile
from workflows.operator_view import ASSIGNEE, CATEGORY, STAGE, TENANT


class IncidentView:
    """An upsert is one Action, so it is made only on a change."""

    def __init__(self, file: IncidentFile) -> None:
        self._file = file
        self._seen = 0
        known = workflow.info().typed_search_attributes
        self._shown: tuple[str | None, str | None] = (known.get(STAGE), known.get(ASSIGNEE))

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._file.incident.revision != self._seen)
            incident = self._file.incident
            self._seen = incident.revision
            workflow.set_current_details(details(incident, self._file.row))
            stage, lead = ("incident" if incident.open else "incident_closed"), incident.lead
            if (stage, lead) != self._shown:
                updates = [
                    TENANT.value_set(incident.tenant),
                    CATEGORY.value_set(incident.batch),
                    STAGE.value_set(stage),
                    *([ASSIGNEE.value_set(lead)] if lead else []),
                ]
                workflow.upsert_search_attributes(updates)
                self._shown = (stage, lead)
