"""Effects at the real partner program: each once, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.contract import CancelEffect, FindOrder, Partners, PlaceEffect
from activities.partners import PartnersActivities
from activities.systems import Directory
from adapters.errors import PartnerRefused
from adapters.payments import Payments
from domain.effects import Benefit, EffectReport, Payment, ShipmentOrder, VisitOrder
from domain.money import Money
from storage.database import Database
from storage.ledger import Ledger
from tests.activities.conftest import Shelf, person, run
from tests.doubles import PartnerService, free_port


@pytest_asyncio.fixture(loop_scope="session")
async def partners(shelf: Shelf, partner_service: PartnerService, database: Database) -> AsyncIterator[PartnersActivities]:
    shelf.write(person("ann", "agent"))
    directory = Directory(partner_service.url)
    yield PartnersActivities(shelf.tenants, directory, Ledger(database))
    await directory.close()


def _effect(key: str, order_number: str, kind: str = "payment") -> PlaceEffect:
    fifty = Money.of("50.00", "CNY")
    effects: dict[str, dict[str, object]] = {
        "payment": {"payment": Payment(kind="refund", order_number=order_number, money=fifty, reason="HOM-DMG-03")},
        "benefit": {"benefit": Benefit(kind="coupon", order_number=order_number, money=fifty)},
        "shipment": {"shipment": ShipmentOrder(kind="reship", order_number=order_number)},
        "visit": {"visit": VisitOrder(kind="repair", order_number=order_number)},
    }
    return PlaceEffect.model_validate({"tenant": "shop", "key": key, **effects[kind]})


async def test_an_order_is_found_or_there_is_none(partners: PartnersActivities, order_number: str) -> None:
    found = (await run(partners.find_order, FindOrder(tenant="shop", number=order_number))).order
    assert found is not None
    assert found.paid == Money.of("1000.00", "CNY")
    assert (await run(partners.find_order, FindOrder(tenant="shop", number=f"{order_number}/x"))).order is None


async def test_an_order_system_that_is_away_is_asked_again(
    partners: PartnersActivities, order_number: str, partner_service: PartnerService
) -> None:
    partner_service.faults(down=True, retry_after_seconds=7)
    with pytest.raises(ApplicationError) as told:
        await run(partners.find_order, FindOrder(tenant="shop", number=order_number))
    assert (told.value.type, told.value.non_retryable) == ("PartnerUnavailable", False)
    assert told.value.next_retry_delay == timedelta(seconds=7)


@pytest.mark.clause("HOM-DMG-03")
@pytest.mark.parametrize("kind", ["payment", "benefit", "shipment", "visit"])
async def test_an_effect_is_placed_once_however_often_it_is_tried(
    partners: PartnersActivities, order_number: str, key: str, partner_service: PartnerService, kind: str
) -> None:
    effect = _effect(key, order_number, kind)
    first = await run(partners.place_effect, effect)
    for attempt in (1, 2, 9):
        assert (await run(partners.place_effect, effect, attempt)).reference == first.reference
    assert (await run(partners.ask_effect, effect)).reference == first.reference
    assert len(partner_service.effects(key)) == 1


async def test_a_later_attempt_asks_before_it_places(
    partners: PartnersActivities, order_number: str, key: str, partner_service: PartnerService
) -> None:
    effect = _effect(key, order_number)
    partner_service.faults(timeout_after_effect=1, timeout_mode="close")
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, effect)
    assert (told.value.type, told.value.non_retryable) == ("OutcomeUnknown", False)
    # Had it placed again, this answer would have been lost too.
    partner_service.faults(timeout_after_effect=1, timeout_mode="close")
    known = await run(partners.place_effect, effect, attempt=2)
    assert [known.reference] == [each["reference"] for each in partner_service.effects(key)]


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
async def test_a_question_that_is_turned_away_leaves_the_effect_open_and_pays_once(
    partners: PartnersActivities, order_number: str, key: str, partner_service: PartnerService, status: int
) -> None:
    effect = _effect(key, order_number)
    partner_service.faults(timeout_after_effect=1, timeout_mode="close")
    with pytest.raises(ApplicationError) as lost:
        await run(partners.place_effect, effect)
    partner_service.faults(error_next=1, error_status=status)
    with pytest.raises(ApplicationError) as turned_away:
        await run(partners.place_effect, effect, attempt=2)
    assert (lost.value.type, turned_away.value.type) == ("OutcomeUnknown", "PartnerUnavailable")
    assert not turned_away.value.non_retryable
    paid = await run(partners.place_effect, effect, attempt=3)
    assert [(paid.reference, key)] == [(each["reference"], each["key"]) for each in partner_service.effects(key)]


class _WillNotTell(Payments):
    """A payment system that refuses the question."""

    async def place(self, key: str, payment: Payment) -> EffectReport:
        raise AssertionError("placed without an answer to the question")

    async def ask(self, key: str) -> EffectReport | None:
        raise PartnerRefused("payments", "unknown_order", "")

    async def cancel(self, key: str) -> EffectReport:
        raise AssertionError("called back without an answer to the question")


async def test_a_refused_question_never_ends_a_later_attempt(
    partners: PartnersActivities, order_number: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PartnersActivities, "_systems", lambda *_: SimpleNamespace(payments=_WillNotTell()))
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, _effect(key, order_number), attempt=2)
    assert (told.value.type, told.value.non_retryable) == ("OutcomeUnknown", False)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
async def test_an_order_system_that_turns_the_question_away_is_asked_again(
    partners: PartnersActivities, order_number: str, partner_service: PartnerService, status: int
) -> None:
    partner_service.faults(error_next=1, error_status=status)
    with pytest.raises(ApplicationError) as told:
        await run(partners.find_order, FindOrder(tenant="shop", number=order_number))
    assert (told.value.type, told.value.non_retryable) == ("PartnerUnavailable", False)
    assert (await run(partners.find_order, FindOrder(tenant="shop", number=order_number))).order is not None


async def test_a_later_attempt_places_what_the_partner_never_heard_of(
    partners: PartnersActivities, order_number: str, key: str, partner_service: PartnerService
) -> None:
    effect = _effect(key, order_number)
    partner_service.faults(error_next=1)
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, effect)
    assert told.value.type == "PartnerUnavailable"
    await run(partners.place_effect, effect, attempt=2)
    assert len(partner_service.effects(key)) == 1


async def test_a_refusal_is_final_and_carries_its_code(partners: PartnersActivities, order_number: str, key: str) -> None:
    too_much = Payment(kind="refund", order_number=order_number, money=Money.of("1000.01", "CNY"))
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, PlaceEffect(tenant="shop", key=key, payment=too_much))
    assert (told.value.type, told.value.non_retryable) == ("PartnerRefused", True)
    assert told.value.details[0] == "over_paid"
    assert len(told.value.details) == 2


async def test_an_effect_that_was_never_placed_is_unknown(partners: PartnersActivities, order_number: str, key: str) -> None:
    for kind in ("payment", "benefit", "shipment", "visit"):
        with pytest.raises(ApplicationError, match=key) as told:
            await run(partners.ask_effect, _effect(key, order_number, kind))
        assert (told.value.type, told.value.non_retryable) == ("EffectUnknown", True)


async def test_what_is_on_its_way_can_be_called_back_and_what_was_never_sent_cannot(
    partners: PartnersActivities, order_number: str, key: str
) -> None:
    await run(partners.place_effect, _effect(key, order_number, "shipment"))
    cancelled = await run(partners.cancel_effect, CancelEffect(tenant="shop", key=key, partner="logistics"))
    assert cancelled.status == "refused"
    with pytest.raises(ApplicationError) as told:
        await run(partners.cancel_effect, CancelEffect(tenant="shop", key=key, partner="benefits"))
    assert (told.value.type, told.value.details[0]) == ("PartnerRefused", "unknown_key")


async def test_an_order_for_nothing_is_a_mistake_that_is_not_repeated(partners: PartnersActivities, key: str) -> None:
    nothing = PlaceEffect(tenant="shop", key=key)
    for ask in (partners.place_effect, partners.ask_effect):
        with pytest.raises(ApplicationError) as told:
            await run(ask, nothing)
        assert (told.value.type, told.value.non_retryable) == ("BadEffect", True)


async def test_each_tenant_has_the_partners_of_its_own_file(
    shelf: Shelf, partner_service: PartnerService, order_number: str, database: Database
) -> None:
    shelf.write(f'[partners]\norders = "{partner_service.url}"\n\n', person("ann", "agent"))
    directory = Directory(f"http://127.0.0.1:{free_port()}")
    activities = PartnersActivities(shelf.tenants, directory, Ledger(database))
    try:
        assert (await run(activities.find_order, FindOrder(tenant="shop", number=order_number))).order is not None
        with pytest.raises(ApplicationError) as told:
            await run(activities.place_effect, _effect("cmp_1/1/s", order_number))
        assert told.value.type == "PartnerUnavailable"
        with pytest.raises(ApplicationError) as told:
            await run(activities.find_order, FindOrder(tenant="nobody", number=order_number))
        assert told.value.type == "TenantMissing"
    finally:
        await directory.close()


@workflow.defn
class PlaceOne:
    @workflow.run
    async def run(self, effect: PlaceEffect) -> EffectReport:
        return await workflow.execute_activity_method(
            Partners.place_effect,
            effect,
            start_to_close_timeout=timedelta(seconds=20),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=50)),
        )


async def test_workflows_reach_the_activity_by_the_contract_and_a_lost_answer_pays_once(
    temporal_env: WorkflowEnvironment,
    partners: PartnersActivities,
    partner_service: PartnerService,
    order_number: str,
    key: str,
) -> None:
    partner_service.faults(timeout_after_effect=2, timeout_mode="close", error_next=1)
    worker = Worker(
        temporal_env.client,
        task_queue=key,
        workflows=[PlaceOne],
        activities=[partners.place_effect],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        report = await temporal_env.client.execute_workflow(PlaceOne.run, _effect(key, order_number), id=key, task_queue=key)
    (paid,) = partner_service.effects(key)
    assert (report.reference, report.status) == (paid["reference"], "done")
