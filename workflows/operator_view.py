"""What an operator sees in the Temporal UI: search attributes, and current details in Markdown. No personal data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.case import Case, Stage
from domain.current_details import current_details
from domain.opinions import outstanding
from workflows.case_file import CaseFile

TENANT = SearchAttributeKey.for_keyword("RedressTenant")
STAGE = SearchAttributeKey.for_keyword("RedressStage")
LEVEL = SearchAttributeKey.for_keyword("RedressLevel")
CATEGORY = SearchAttributeKey.for_keyword("RedressCategory")
ASSIGNEE = SearchAttributeKey.for_keyword("RedressAssignee")
NEXT_DUE = SearchAttributeKey.for_datetime("RedressNextDue")
BREACHES = SearchAttributeKey.for_int("RedressBreaches")
_ALL: tuple[SearchAttributeKey[Any], ...] = (TENANT, STAGE, LEVEL, CATEGORY, ASSIGNEE, NEXT_DUE, BREACHES)
# As long as it lies with the agent it is one stage to an operator: who has to act does not change. The details tell it exactly.
# A department whose opinion holds up the proposal is somebody else.
_WITH_THE_AGENT = (Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING)


def _stage(case: Case) -> str:
    if case.stage is Stage.PROPOSING and outstanding(case):
        return "opinion"
    return "handling" if case.stage in _WITH_THE_AGENT else case.stage.value


class OperatorView:
    """Keeps the UI in step with the case; an upsert is one Action, so it is made once for a burst, and only on a change.

    A start names none, which would make intake a sixth slower: all of them come with the first task. Before it a complaint is
    found by its id, which begins with its tenant.
    """

    def __init__(self, file: CaseFile, settled: Callable[[], bool]) -> None:
        self._file = file
        self._settled = settled
        self._seen = 0
        known = workflow.info().typed_search_attributes
        self._shown: dict[str, object] = {key.name: known.get(key) for key in _ALL}

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._file.case.revision != self._seen and self._settled())
            self._seen = self._file.case.revision
            self._show(self._file.case)

    def _show(self, case: Case) -> None:
        workflow.set_current_details(current_details(case, self._file.pack))
        due = case.next_due
        stage = _stage(case)
        wanted: list[tuple[SearchAttributeUpdate[Any], str, object]] = [
            (TENANT.value_set(case.tenant), TENANT.name, case.tenant),
            (CATEGORY.value_set(case.category), CATEGORY.name, case.category),
            (STAGE.value_set(stage), STAGE.name, stage),
            (LEVEL.value_set(case.level), LEVEL.name, case.level),
            (BREACHES.value_set(case.breaches), BREACHES.name, case.breaches),
        ]
        if case.assignee:
            wanted.append((ASSIGNEE.value_set(case.assignee), ASSIGNEE.name, case.assignee))
        due_at = due.due_at if due else None
        if due_at is not None:
            wanted.append((NEXT_DUE.value_set(due_at), NEXT_DUE.name, due_at))
        elif self._shown.get(NEXT_DUE.name) is not None:
            wanted.append((NEXT_DUE.value_unset(), NEXT_DUE.name, None))
        changed = [(update, name, value) for update, name, value in wanted if self._shown.get(name) != value]
        # A next instant that only moved later is shown with the next change: it would cost an Action each time.
        if any(name != NEXT_DUE.name for _, name, _ in changed) or self._earlier(due_at):
            workflow.upsert_search_attributes([update for update, _, _ in changed])
            self._shown.update({name: value for _, name, value in changed})

    def _earlier(self, due_at: datetime | None) -> bool:
        shown = self._shown.get(NEXT_DUE.name)
        return due_at is not None and (not isinstance(shown, datetime) or due_at < shown)
