"""Schedules: for each tenant the daily reconciliation, and the review of each report when its month or quarter is over."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.policy import registry
from domain.policy.errors import PackMissing
from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.tenant import Tenant
from domain.tenant_file import TenantInvalid
from settings.language import text
from storage.tenants import TenantShelf
from workflows.reconciliation import Reconciliation, ReconciliationWorkflow
from workflows.review import Review, ReviewWorkflow

_log = structlog.get_logger("redress.schedules")
# The first morning after, before anybody is at work, and by the day when the last journals have long been written.
_HOUR = ScheduleRange(6)
_FIRST = ScheduleRange(1)
_MONTHS = {"month": (ScheduleRange(1, 12),), "quarter": (ScheduleRange(1, 12, 3),)}
# Before the reviews, so that what they tell of money has been compared.
_RECONCILING_HOUR = ScheduleRange(5)
_KINDS = ("review", "reconciliation")
_PATIENCE = timedelta(seconds=10)
_AGAIN = timedelta(minutes=1)


def schedule_id(tenant: str, report: str) -> str:
    return f"review/{tenant}/{report}"


def reconciliation_id(tenant: str) -> str:
    return f"reconciliation/{tenant}"


async def keep_trying(client: Client, task_queue: str, tenants: TenantShelf) -> None:
    """Until every schedule stands. Complaints do not wait for it."""
    while not await ensure_schedules(client, task_queue, tenants):  # noqa: ASYNC110 - nothing will say when Temporal is well again
        await asyncio.sleep(_AGAIN.total_seconds())


async def ensure_schedules(client: Client, task_queue: str, tenants: TenantShelf) -> bool:
    """Make every schedule that is missing, change those whose row has changed, delete those whose row or company is gone.

    What fails is told, and the answer is False.
    """
    try:
        known = tenants.all().values()
    except TenantInvalid as error:
        _log.warning(text(f"Nothing is scheduled: {error}", f"未能设定定时任务：{error}"))
        return False
    whole = True
    schedules = dict(_wanted(task_queue, known))
    for id, wanted in schedules.items():
        try:
            await _ensure(client, id, wanted)
        except (RPCError, TimeoutError) as error:
            _log.warning(text(f"Schedule {id} could not be set: {error}", f"定时任务 {id} 未能设定：{error}"))
            whole = False
    try:
        await _delete_all_but(set(schedules), client, task_queue, {tenant.id for tenant in known if not _has_pack(tenant)})
    except (RPCError, TimeoutError) as error:
        _log.warning(text(f"Schedules of the past could not be deleted: {error}", f"已失效的定时任务未能删除：{error}"))
        whole = False
    return whole


async def _delete_all_but(wanted: set[str], client: Client, task_queue: str, undecided: set[str]) -> None:
    """Schedules that nobody wants any more. Those of other queues are not ours; a company without its pack may get it back."""
    if not wanted:
        return  # a folder without companies is more likely the wrong folder
    async for listed in await client.list_schedules(rpc_timeout=_PATIENCE):
        kind, _, of = listed.id.partition("/")
        if kind not in _KINDS or listed.id in wanted or of.partition("/")[0] in undecided:
            continue
        handle = client.get_schedule_handle(listed.id)
        try:
            action = (await handle.describe(rpc_timeout=_PATIENCE)).schedule.action
            if isinstance(action, ScheduleActionStartWorkflow) and action.task_queue == task_queue:
                await handle.delete(rpc_timeout=_PATIENCE)
                _log.info(
                    text(f"Schedule {listed.id} is deleted: nothing asks for it.", f"定时任务 {listed.id} 已失效，已删除。")
                )
        except RPCError as error:
            # Deleted by somebody else: lists follow a moment later.
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def _wanted(task_queue: str, tenants: Collection[Tenant]) -> Iterator[tuple[str, Schedule]]:
    for tenant in tenants:
        yield (id := reconciliation_id(tenant.id)), _reconciliation(id, task_queue, tenant)
    for tenant, pack, report in _reports(tenants):
        yield (id := schedule_id(tenant.id, report.id)), _schedule(id, task_queue, tenant, pack, report)


def _reconciliation(id: str, task_queue: str, tenant: Tenant) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ReconciliationWorkflow.run,
            Reconciliation(tenant=tenant.id, zone=tenant.zone),
            # Temporal adds the instant to the end of it: the company stands before that, so that its operators can open what
            # the run says (`sealing/codec.py`).
            id=f"{id}/daily",
            task_queue=task_queue,
            static_summary=f"daily reconciliation of {tenant.id}",
        ),
        spec=ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=(_RECONCILING_HOUR,))], time_zone_name=tenant.zone),
        # A day that was missed is compared too: each has books of its own.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL, catchup_window=timedelta(days=7)),
    )


def _has_pack(tenant: Tenant) -> bool:
    try:
        registry.released(tenant.pack)
    except PackMissing:
        return False
    return True


def _reports(tenants: Iterable[Tenant]) -> Iterator[tuple[Tenant, Pack, ReportRule]]:
    for tenant in tenants:
        try:
            pack = registry.released(tenant.pack)
        except PackMissing as error:
            _log.warning(text(f"No reviews for {tenant.id}: {error}", f"{tenant.id} 无法定期总结：{error}"))
            continue
        for report in pack.report:
            yield tenant, pack, report


def _schedule(id: str, task_queue: str, tenant: Tenant, pack: Pack, report: ReportRule) -> Schedule:
    review = Review(tenant=tenant.id, report=report.id, pack=pack.ref, pack_digest=pack.digest, zone=tenant.zone)
    first = ScheduleCalendarSpec(month=_MONTHS[report.every], day_of_month=(_FIRST,), hour=(_HOUR,))
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ReviewWorkflow.run,
            review,
            id=id,
            task_queue=task_queue,
            static_summary=f"{report.title.zh} / {report.title.en} · {tenant.id}",
        ),
        spec=ScheduleSpec(calendars=[first], time_zone_name=tenant.zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=timedelta(days=7)),
    )


async def _ensure(client: Client, id: str, wanted: Schedule) -> None:
    try:
        await client.create_schedule(id, wanted, rpc_timeout=_PATIENCE)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(id).update(lambda found: _change(found, wanted, client), rpc_timeout=_PATIENCE)


async def _change(found: ScheduleUpdateInput, wanted: Schedule, client: Client) -> ScheduleUpdate | None:
    """The wanted schedule, paused where an operator has paused it; None when it is there already."""
    there = found.description.schedule
    if await _same(there, wanted, client):
        return None
    wanted.state = there.state
    return ScheduleUpdate(wanted)


async def _same(there: Schedule, wanted: Schedule, client: Client) -> bool:
    old, new = there.action, wanted.action
    if not isinstance(old, ScheduleActionStartWorkflow) or not isinstance(new, ScheduleActionStartWorkflow):
        return False
    converter = client.data_converter
    # What is sealed differs each time: compared is what is inside.
    there_now = await converter.payload_codec.decode(old.args) if converter.payload_codec else old.args
    arguments = converter.payload_converter.to_payloads(new.args)
    return (
        [payload.data for payload in there_now] == [payload.data for payload in arguments]
        and (old.workflow, old.id, old.task_queue) == (new.workflow, new.id, new.task_queue)
        and there.spec == wanted.spec
        and there.policy == wanted.policy
    )
