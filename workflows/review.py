"""The regular review: what a month or a quarter was like, told to those who can change something.

A schedule starts it when the period is over (`worker/schedules.py`). Started by hand it takes the days that it is given.
Where the pack names a day by which it reaches a supervisor, it is tried until one has it, and the manager hears when that day is
over: the run then shows as late, and goes on.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contract import Summaries, Summarise, SummaryReceipt, TellLate
from domain.policy.registry import pack_for
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import report_of
from domain.summary.period import Period, before, due_at, due_on
from workflows.operator_view import STAGE, TENANT

# The instant a schedule meant, however late it could start: a worker that was down for a day still reviews the right month.
_NOMINAL = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))
# Later than that the next month's review tells more; the failed workflow stands in the operator's list.
_GIVE_UP = timedelta(days=14)
# Nobody's address worked: somebody corrects the company's file. Soon at first, then once a day.
_AGAIN, _DAILY = timedelta(hours=1), timedelta(days=1)


REVIEW_LATE = "review_late"


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
        row = report_of(pack_for(review.pack, review.pack_digest), review.report)
        period = _period(review, row)
        workflow.set_current_details(f"{review.report}, {period}")
        # Asked for when the day is over, it is a second look at it and can no more be late.
        if row.due_day is None or _asked_at() >= due_at(period, row.due_day):
            return await _mailed(review, period)
        return await _in_time(review, period, row.due_day)


async def _in_time(review: Review, period: Period, due_day: int) -> SummaryReceipt:
    due = due_at(period, due_day)
    mailing = asyncio.create_task(_until_supervised(review, period, give_up_at=due + _GIVE_UP))
    late = False
    try:
        await workflow.wait_condition(mailing.done, timeout=max(due - workflow.now(), timedelta(0)), timeout_summary="due day")
        return await mailing
    except TimeoutError:
        late = True
        workflow.set_current_details(f"LATE since {due:%Y-%m-%d %H:%M} UTC: {review.report}, {period} has reached no supervisor")
        await _tell_late(review, period, due_day)
        receipt = await mailing
        workflow.upsert_search_attributes([STAGE.value_unset()])
        workflow.set_current_details(f"{review.report}, {period}: reached a supervisor, late")
        return receipt
    except (ActivityError, ApplicationError):
        if not late:
            await _tell_late(review, period, due_day)
        raise


async def _until_supervised(review: Review, period: Period, give_up_at: datetime) -> SummaryReceipt:
    """Mailed again until a supervisor has it; who has it already is left alone. Raises ApplicationError when it is given up."""
    wait = _AGAIN
    people: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    while True:
        receipt = await _mailed(review, period, have_it=(*people, *departments))
        people, departments = (*people, *receipt.sent_to), (*departments, *receipt.departments)
        if receipt.supervised:
            return receipt.model_copy(update={"sent_to": people, "departments": departments})
        if workflow.now() + wait > give_up_at:
            raise ApplicationError(f"{review.report} of {period} reached no supervisor", type="NobodyReached")
        await workflow.sleep(wait, summary="no supervisor reached: again")
        wait = min(2 * wait, _DAILY)


async def _mailed(review: Review, period: Period, have_it: tuple[str, ...] = ()) -> SummaryReceipt:
    return await workflow.execute_activity_method(
        Summaries.summarise,
        Summarise(
            tenant=review.tenant,
            pack=review.pack,
            pack_digest=review.pack_digest,
            report=review.report,
            period=period,
            key=_key(review, period),
            have_it=have_it,
        ),
        start_to_close_timeout=timedelta(minutes=10),
        schedule_to_close_timeout=_GIVE_UP,
        retry_policy=_RETRY,
        summary=f"{review.report}: {period}",
    )


async def _tell_late(review: Review, period: Period, due_day: int) -> None:
    # Operators list and count it by this, as long as it has reached nobody (`desk/late_reviews.py`).
    workflow.upsert_search_attributes([TENANT.value_set(review.tenant), STAGE.value_set(REVIEW_LATE)])
    await workflow.execute_activity_method(
        Summaries.tell_late,
        TellLate(
            tenant=review.tenant,
            pack=review.pack,
            pack_digest=review.pack_digest,
            report=review.report,
            period=period,
            due_on=due_on(period, due_day),
            key=f"{_key(review, period)}/late",
        ),
        start_to_close_timeout=timedelta(minutes=2),
        schedule_to_close_timeout=_GIVE_UP,
        retry_policy=_RETRY,
        summary=f"late: {review.report}: {period}",
    )


def _key(review: Review, period: Period) -> str:
    """The same for every attempt of this review, another one for a review that somebody asks for again."""
    return f"{workflow.info().workflow_id}/{review.report}/{period.from_on}/{period.to_on}"


def _asked_at() -> datetime:
    return workflow.info().typed_search_attributes.get(_NOMINAL) or workflow.now()


def _period(review: Review, row: ReportRule) -> Period:
    if review.from_on is not None and review.to_on is not None:
        return Period(from_on=review.from_on, to_on=review.to_on, zone=review.zone)
    return before(row.every, _asked_at(), review.zone)
