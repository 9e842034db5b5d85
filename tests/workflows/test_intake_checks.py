"""Filing, and what the workflow finds of the order: recorded, missing, another customer's, unclear; with no worker too."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from desk.ids import complaint_id
from domain import commands as c
from domain.case import Stage
from domain.journal import OrderChecked
from domain.order import Customer
from domain.route import Route
from storage.cases import Cases
from tests import walk
from tests.alike import ended
from tests.house import AGENT, House, build_house
from worker.composition import worker_of


@pytest.mark.clause("HOM-TRN-01", "HOM-TRN-02")
@pytest.mark.parametrize("channel", ["hotline", "email", "online"])
async def test_what_the_customer_says_is_recorded_whole_on_every_channel(house: House, channel: str) -> None:
    number = walk.new_order(house)
    customer = Customer(name="王芳", customer_id="cust-0001", phone="13000000001", email="wang@customer.example")
    filed = await house.file(
        order_number=number, customer=customer, channel=channel, content="外箱破损，两块岩板开裂。", expectation="换货"
    )
    entries = await filed.written("received")
    intake = (await filed.case()).intake
    assert (intake.channel, intake.customer, intake.order_number) == (channel, customer, number)
    assert (intake.content, intake.expectation) == ("外箱破损，两块岩板开裂。", "换货")
    clauses = walk.clauses_of(entries, "received")
    assert {"HOM-TRN-01", "HOM-TRN-02"} <= clauses


@pytest.mark.clause("HOM-TRN-03")
async def test_the_first_response_is_promised_within_ten_minutes_of_receipt(house: House) -> None:
    filed = await house.file(order_number=walk.new_order(house))
    promise = await filed.promise("first_response")
    assert promise.due_at == filed.opening.received_at + timedelta(minutes=10)
    assert promise.clause == "HOM-TRN-03"
    await filed.does(AGENT, c.Respond(message="已登记，今天内调查。"))
    case = await filed.case()
    assert (case.deadline(promise.key), case.breaches, case.stage) == (None, 0, Stage.VERIFYING)


@pytest.mark.clause("HOM-TRN-04")
async def test_verification_keeps_what_carrier_and_warehouse_said(house: House) -> None:
    filed = await walk.founded(house, "transport_delay")
    entries = await filed.written("verified")
    verified = next(entry.event for entry in entries if entry.event.kind == "verified")
    assert verified.model_dump()["sources"] == ("承运商", "仓库发货记录")
    promised = await filed.written("deadline_set")
    names = {e.event.model_dump()["name"] for e in promised if e.event.kind == "deadline_set"}
    assert "verification" in names


@pytest.mark.clause("HOM-TRN-04")
async def test_the_agent_who_verifies_sees_where_the_carrier_says_the_parcel_is_and_it_stays_on_record(house: House) -> None:
    number = walk.new_order(house)
    filed = await house.file("transport_delay", order_number=number)
    case = await filed.until(lambda case: case.order_check == "found")
    told = house.partners.client.get(f"/logistics/track/{number}").json()
    assert case.route == Route.model_validate(told)
    assert [event.event for event in case.route.events][:2] == ["ordered", "handed_to_carrier"]
    entries = await filed.written("order_checked")
    [kept] = [entry.event.route for entry in entries if isinstance(entry.event, OrderChecked)]
    assert kept == case.route, "evidence of what the carrier said, whatever it says later"
    assert "HOM-TRN-04" in walk.clauses_of(entries, "order_checked")


async def test_a_carrier_that_is_away_holds_no_order_check_up(house: House) -> None:
    customer = Customer(name="王芳", customer_id="cust-0001", email="wang@customer.example")
    house.partners.faults(paths=("/logistics/track",), down=True)
    try:
        filed = await house.file(order_number=walk.new_order(house), customer=customer)
        case = await filed.until(lambda case: case.order_check == "found")
    finally:
        house.partners.no_faults()
    assert case.route is None


@pytest.mark.parametrize(
    ("number", "customer", "reason"),
    [
        ("HM-NO-SUCH", Customer(name="王芳", email="wang@customer.example"), "没有找到您提供的订单号"),
        ("HM-2026-0003", Customer(name="王芳", customer_id="cust-0001", email="wang@customer.example"), "与您的信息不符"),
    ],
)
async def test_an_order_that_is_not_there_or_not_theirs_ends_it_and_the_customer_is_told(
    house: House, number: str, customer: Customer, reason: str
) -> None:
    filed = await house.file(order_number=number, customer=customer)
    await ended(filed, "unfounded")
    mails = [m for m in house.mail.mails(to="wang@customer.example") if filed.id in m["subject"]]
    assert any(reason in mail["text"] for mail in mails)
    assert not any("cust-0003" in mail["text"] for mail in mails), "nothing is said about whose order it is"


async def test_an_order_of_which_nobody_knows_whose_it_is_goes_on_for_a_person_to_check(house: House) -> None:
    number = f"{walk.new_order(house)}-anonymous"
    nobody = {"customer_id": None, "phone": None, "email": None}
    house.partners.load({**house.order(), "number": number, "lines": [], **nobody})
    filed = await house.file(order_number=number, customer=Customer(name="王芳", email="wang@customer.example"))
    case = await filed.until(lambda case: case.order_check == "unclear")
    assert case.open
    assert case.order is not None


async def test_filed_with_no_worker_it_goes_on_when_one_comes_and_counts_from_receipt(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with build_house(temporal_env, tmp_path) as house:
        nobody_works_here = f"{house.task_queue}-later"
        house.task_queue = nobody_works_here
        received_at = datetime.now(UTC)
        filed = await house.file(order_number=walk.new_order(house), received_at=received_at)
        await asyncio.sleep(2)
        assert await Cases(house.parts.database).get("home-demo", filed.id) is None
        async with worker_of(temporal_env.client, nobody_works_here, house.parts):
            promise = await filed.promise("first_response")
            assert promise.due_at == received_at + timedelta(minutes=10), "waiting for a worker moves no promise"
            await filed.until(lambda case: case.order_check == "found")
            await filed.does(AGENT, c.Respond(message="已登记。"))
            await filed.written("responded")


def test_one_key_names_one_complaint_for_ever() -> None:
    assert complaint_id("home-demo", "k-1") == complaint_id("home-demo", "k-1") != complaint_id("other", "k-1")
