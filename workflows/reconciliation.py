"""Reconciling, once a day: what the ledger says was done, what the partners say, and what the cases say was paid.

A schedule starts it for the local day before (`worker/schedules.py`). Asked for by a person it takes the days that it is given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError

from activities.contract import Reconcile, Reconciled, Reconciling
from domain.reconciliation import day_before
from domain.summary.period import Period

# The instant a schedule meant, however late it could start: a worker that was down for a day still takes the right day.
_NOMINAL = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))
# So long a partner may be away before people are told of what is known without it.
_WAIT_FOR_PARTNERS = timedelta(hours=6)
_GIVE_UP = timedelta(days=7)
_ONE_TRY = timedelta(hours=1)


class Reconciliation(BaseModel):
    """Whose books. Without days of its own it is about the day before it was due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str
    zone: str = Field(description="IANA time zone of the tenant's days.")
    period: Period | None = Field(default=None, description="Which days, when a person asks.")
    asked_by: str = "redress"


@workflow.defn
class ReconciliationWorkflow:
    """One comparison of ledger, partners and cases."""

    @workflow.run
    async def run(self, reconciliation: Reconciliation) -> Reconciled:
        period = reconciliation.period or day_before(self._nominal_at(), reconciliation.zone)
        workflow.set_current_details(str(period))
        ask = Reconcile(
            tenant=reconciliation.tenant,
            period=period,
            asked_by=reconciliation.asked_by,
            # The same for every attempt of this one, another for one that somebody asks for again.
            key=f"{workflow.info().workflow_id}/{workflow.info().first_execution_run_id}",
        )
        try:
            return await self._compare(ask, _WAIT_FOR_PARTNERS)
        except ActivityError:
            return await self._compare(ask.model_copy(update={"without_the_away": True}), _GIVE_UP)

    async def _compare(self, ask: Reconcile, patience: timedelta) -> Reconciled:
        return await workflow.execute_activity_method(
            Reconciling.reconcile,
            ask,
            start_to_close_timeout=_ONE_TRY,
            schedule_to_close_timeout=patience,
            retry_policy=_RETRY,
            summary=f"{ask.period}{', without partners that are away' if ask.without_the_away else ''}",
        )

    def _nominal_at(self) -> datetime:
        return workflow.info().typed_search_attributes.get(_NOMINAL) or workflow.now()
