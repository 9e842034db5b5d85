"""A complaint that was closed and is taken up again: what the end had cut short goes on."""

from __future__ import annotations

from domain import commands as c
from domain.case import Stage
from domain.order import Customer
from tests import walk
from tests.house import AGENT, CUSTOMER, SUPERVISOR, Filed, House
from tests.workflows.promises import claiming
from tests.workflows.test_closing import reopen


async def ended_and_reopened(filed: Filed) -> Filed:
    await filed.ends()
    closed = await filed.house.cases.get("home-demo", filed.id)
    assert closed is not None
    return await reopen(filed, closed)


async def test_a_claim_that_goes_on_behind_the_end_is_promised_again(house: House) -> None:
    filed = await claiming(house)
    before = await filed.promise("claim_settled")
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="款项已到账，客户失联"))
    assert (await filed.case()).deadlines == ()
    reopened = await ended_and_reopened(filed)
    promise = await reopened.promise("claim_settled")
    assert promise.key.split("/")[:2] == before.key.split("/")[:2]
    assert promise.start_at > before.start_at
    await reopened.does(AGENT, c.CompleteStep(step="claim", note="承运商已赔付"))
    case = await reopened.until(lambda case: case.deadline(promise.key) is None)
    assert [(state.step.id, state.status) for state in case.steps] == [("claim", "done")]
    assert case.stage is Stage.ASSESSING, "the customer's own matter stands where it stood"


async def test_an_order_that_was_not_known_before_the_end_is_asked_for_again(house: House) -> None:
    number = walk.new_order(house)
    house.partners.faults(paths=("/orders",), down=True)
    try:
        customer = Customer(name="王芳", customer_id="cust-0001", email="wang@customer.example")
        filed = await house.file(order_number=number, customer=customer)
        await filed.promise("first_response")
        await filed.does(CUSTOMER, c.Withdraw(reason="按错了"))
        await filed.ends()
        assert (await filed.case()).order_check == "pending"
    finally:
        house.partners.no_faults()
    reopened = await ended_and_reopened(filed)
    case = await reopened.until(lambda case: case.order_check == "found")
    assert case.order is not None
    assert case.order.number == number
