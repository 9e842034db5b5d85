"""Money from the agreement to the books: at the end ledger, partners and case tell the same, whatever was lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import ScheduleActionStartWorkflow
from temporalio.testing import WorkflowEnvironment

from activities.contract import Reconcile, Reconciled
from domain.case import Stage
from domain.ledger import AFTER
from domain.money import Money
from domain.summary.period import Period
from sealing.codec import scope_of
from storage.ledger import Ledger
from tests import walk
from tests.activities.conftest import run
from tests.alike import tells
from tests.house import Filed, House, build_house
from tests.workflows.test_peers_traps import database_of, take_away
from worker.schedules import ensure_schedules, reconciliation_id
from workflows.reconciliation import Reconciliation, ReconciliationWorkflow

SEVERE = {"damage": "severe"}
TODAY = datetime.now(UTC).date()
PERIOD = Period(from_on=TODAY - timedelta(days=1), to_on=TODAY + timedelta(days=2), zone="Asia/Shanghai")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of these tests alone: its books are compared as a whole."""
    async with build_house(temporal_env, tmp_path_factory.mktemp("money")) as built:
        yield built


@pytest.fixture(autouse=True)
def _well_again(house: House) -> None:
    house.partners.no_faults()
    house.partners.mode(payments="at_once")


async def books_agree(filed: Filed) -> None:
    """Each effect at the partners stands in the ledger as far as it has come, and the money is what the case says."""
    # What the ledger says of news comes with the journal.
    await filed.journal()
    effects = {effect["key"]: effect for effect in walk.effects_of(filed)}
    rows = {row.key: row for row in await Ledger(filed.house.parts.database).of_complaint(filed.opening.tenant, filed.id)}
    assert {key: row.state for key, row in rows.items() if row.state not in ("refused", "cancelled")} == {
        key: AFTER[effect["status"]] for key, effect in effects.items() if effect["status"] != "refused"
    }
    assert {key: row.reference for key, row in rows.items() if key in effects} == {k: e["reference"] for k, e in effects.items()}
    assert all(row.decided_by and row.clause for row in rows.values())
    paid = sum(
        (row.money.amount for row in rows.values() if row.partner == "payments" and row.state == "done" and row.money), Decimal(0)
    )
    case = await filed.house.cases.get(filed.opening.tenant, filed.id)
    assert case is not None
    assert case.paid.amount == paid


async def compared(house: House) -> Reconciled:
    ask = Reconcile(tenant="home-demo", period=PERIOD, key=str(datetime.now(UTC)))
    return await run(house.parts.reconciling.reconcile, ask)


@pytest.mark.parametrize(
    ("category", "facts", "path"),
    [
        ("transport_damage", SEVERE, "/payments"),
        ("transport_damage", {"damage": "slight"}, "/benefits"),
        ("transport_damage", {"damage": "moderate"}, "/logistics"),
    ],
)
async def test_answers_that_are_lost_after_the_effect(house: House, category: str, facts: dict[str, str], path: str) -> None:
    filed = await walk.offered(house, category, facts)
    house.partners.faults(paths=[path], timeout_after_effect=2, timeout_mode="close")
    await walk.accept(filed)
    await filed.until(lambda case: all(step.status in ("ordered", "done") for step in case.steps), seconds=40)
    house.partners.no_faults()
    for effect in walk.effects_of(filed):
        if effect["status"] == "accepted":
            house.partners.advance(
                "logistics", effect["reference"], to="completed" if effect["kind"] == "repair" else "delivered"
            )
            await tells(filed, effect["key"], "done", reference=effect["reference"])
    await walk.ends_satisfied(filed)
    await books_agree(filed)
    assert (await compared(house)).found == 0


async def test_news_of_a_payment_reaches_the_ledger_with_the_journal(house: House) -> None:
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "compensation", "ordered")
    await walk.step(filed, "refund", "ordered")
    for effect in reversed(walk.effects_of(filed)):
        house.partners.advance("payments", effect["reference"])
        for _ in range(2):
            await tells(filed, effect["key"], "done", reference=effect["reference"])
        await tells(filed, effect["key"], "accepted", reference=effect["reference"])
    await walk.ends_satisfied(filed)
    await books_agree(filed)
    assert (await compared(house)).found == 0


async def test_while_the_database_is_away_money_waits_and_moves_once_when_it_is_back(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", SEVERE)
    await filed.journal()
    bring_back = await _take_the_database_away(house)
    try:
        await walk.accept(filed)
        case = await filed.case()
        assert case.stage is Stage.CARRYING_OUT, "commands do not wait"
        await asyncio.sleep(2.5)
        assert walk.effects_of(filed) == [], "nothing leaves that no book knows of"
    finally:
        bring_back()
    await filed.passes(timedelta(minutes=3))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "150.00")]
    assert (await filed.case()).paid == Money.of("1150.00", "CNY")
    await books_agree(filed)


async def _take_the_database_away(house: House) -> Callable[[], None]:
    await house.parts.database.close()
    return take_away(database_of(house))


async def test_a_worker_that_stops_while_partners_answer_leaves_the_books_right(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", SEVERE)
    house.partners.faults(paths=["/payments"], latency_ms=700)
    await walk.accept(filed)
    await asyncio.sleep(0.4)
    await house.stop_worker()
    house.partners.no_faults()
    await house.start_worker()
    await filed.passes(timedelta(minutes=1))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "150.00")]
    await books_agree(filed)


async def test_a_partner_that_is_away_costs_no_history(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    house.partners.faults(paths=["/benefits"], down=True)
    await walk.accept(filed)
    await walk.step(filed, "repair", "ordered")
    await filed.journal()
    await filed.passes(timedelta(minutes=2))
    rows = await Ledger(house.parts.database).of_complaint("home-demo", filed.id)
    waiting = next(row for row in rows if row.partner == "benefits")
    assert waiting.state == "intended"
    assert waiting.attempts > 1
    events = [event async for event in filed.handle.fetch_history_events()]
    asked = [e.activity_task_scheduled_event_attributes.activity_type.name for e in events]
    assert asked.count("place_effect") == 2, "however often it is tried, it stands there once"
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED not in {e.event_type for e in events}
    gates = {gate.partner: gate.state for gate in house.parts.partners.gates() if gate.tenant == "home-demo"}
    assert (gates["logistics"], gates["benefits"] == "closed") == ("closed", False)


async def test_every_tenant_is_reconciled_each_day_and_the_report_of_these_tests_is_empty(house: House) -> None:
    client = house.env.client
    # Two effects of each lie in the books, whichever tests came before.
    for filed in await asyncio.gather(*(walk.agreed(house, "transport_damage", SEVERE) for _ in range(3))):
        await walk.ends_satisfied(filed)
    assert await ensure_schedules(client, house.task_queue, house.parts.tenants)
    described = await client.get_schedule_handle(reconciliation_id("home-demo")).describe()
    assert described.schedule.spec.time_zone_name == "Asia/Shanghai"
    action = described.schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert scope_of(f"{action.id}-2026-11-21T21:00:00Z").tenant == "home-demo", "its operators can open what a run says"
    done = await client.execute_workflow(
        ReconciliationWorkflow.run,
        Reconciliation(tenant="home-demo", zone="Asia/Shanghai", period=PERIOD, asked_by="zhou"),
        id="reconciliation/home-demo/by-hand",
        task_queue=house.task_queue,
    )
    assert (done.found, done.open, done.away) == (0, 0, ())
    assert done.effects >= 6
    assert not [mail for mail in house.mail.mails() if "对账" in mail["subject"]]
