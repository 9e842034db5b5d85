"""What an operator sees in the Temporal UI: search attributes, and current details in Markdown. No personal data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey

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
        due_at = due.due_at if due else None
        wanted: list[tuple[SearchAttributeKey[Any], object]] = [
            (TENANT, case.tenant),
            (CATEGORY, case.category),
            (STAGE, _stage(case)),
            (LEVEL, case.level),
            (BREACHES, case.breaches),
            (ASSIGNEE, case.assignee or self._shown.get(ASSIGNEE.name)),
            (NEXT_DUE, due_at),
        ]
        changed = [(key, value) for key, value in wanted if self._shown.get(key.name) != value]
        # A next instant that only moved later is shown with the next change: it would cost an Action each time.
        if any(key is not NEXT_DUE for key, _ in changed) or self._earlier(due_at):
            workflow.upsert_search_attributes(
                [key.value_unset() if value is None else key.value_set(value) for key, value in changed]
            )
            self._shown.update({key.name: value for key, value in changed})

    def _earlier(self, due_at: datetime | None) -> bool:
        shown = self._shown.get(NEXT_DUE.name)
        return due_at is not None and (not isinstance(shown, datetime) or due_at < shown)
