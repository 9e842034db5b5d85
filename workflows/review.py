"""The regular review: what a month or a quarter was like, told to those who can change something.

A schedule starts it when the period is over (`worker/schedules.py`). Started by hand it takes the days that it is given.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey

from activities.contract import Summaries, Summarise, SummaryReceipt
from domain.policy.registry import pack_for
from domain.summary.compose import report_of
from domain.summary.period import Period, before

# The instant a schedule meant, however late it could start: a worker that was down for a day still reviews the right month.
_NOMINAL = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))
# Later than that the next month's review tells more; the failed workflow stands in the operator's list.
_GIVE_UP = timedelta(days=14)


class Review(BaseModel):
    """Which report of whom. Without days of its own it is about the period before it was due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str
    report: str
    pack: str
    pack_digest: str
    zone: str = Field(description="IANA time zone of the tenant's days.")
    from_on: date | None = Field(default=None, description="First day, for a review out of turn.")
    to_on: date | None = Field(default=None, description="First day that no longer counts.")


@workflow.defn
class ReviewWorkflow:
    """One report over one period, mailed."""

    @workflow.run
    async def run(self, review: Review) -> SummaryReceipt:
        period = _period(review)
        workflow.set_current_details(f"{review.report}, {period}")
        return await workflow.execute_activity_method(
            Summaries.summarise,
            Summarise(
                tenant=review.tenant,
                pack=review.pack,
                pack_digest=review.pack_digest,
                report=review.report,
                period=period,
                # The same for every attempt of this review, another one for a review that somebody asks for again.
                key=f"{workflow.info().workflow_id}/{review.report}/{period.from_on}/{period.to_on}",
            ),
            start_to_close_timeout=timedelta(minutes=10),
            schedule_to_close_timeout=_GIVE_UP,
            retry_policy=_RETRY,
            summary=f"{review.report}: {period}",
        )


def _period(review: Review) -> Period:
    if review.from_on is not None and review.to_on is not None:
        return Period(from_on=review.from_on, to_on=review.to_on, zone=review.zone)
    every = report_of(pack_for(review.pack, review.pack_digest), review.report).every
    nominal_at: datetime = workflow.info().typed_search_attributes.get(_NOMINAL) or workflow.now()
    return before(every, nominal_at, review.zone)
