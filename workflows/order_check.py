"""The order check: what the shop knows of the order, asked for as long as it takes. Nothing waits for it but what needs it."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from activities.contract import FindOrder, Partners
from domain.journal import Closed, OrderChecked
from workflows.case_file import CaseFile
from workflows.faults import Background
from workflows.local import LocalWork

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))


class OrderCheck:
    def __init__(self, file: CaseFile, background: Background, local: LocalWork) -> None:
        self._file = file
        self._background = background
        self._local = local
        self._asking = False

    def begin(self) -> None:
        """Ask, unless it is known or being asked. What came after the end was not heard: taken up again, it asks again."""
        if self._file.case.order_check == "pending" and not self._asking:
            self._asking = True
            self._background.start(self._ask())

    async def _ask(self) -> None:
        """Not this customer's order: the complaint ends, and they are told."""
        number = self._file.case.intake.order_number
        if number is None:
            self._asking = False
            self._file.say(OrderChecked(result="not_needed"))
            return
        try:
            found = await workflow.execute_activity_method(
                Partners.find_order,
                FindOrder(tenant=self._file.case.tenant, number=number),
                start_to_close_timeout=timedelta(seconds=20),
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary="look the order up",
            )
        except ActivityError:
            # An order system that is away is asked for as long as it takes. One that says no for good leaves it to a person.
            await self._local.calm()
            self._asking = False
            if self._file.case.open:
                self._file.say(OrderChecked(result="unclear"))
            return
        await self._local.calm()
        self._asking = False
        case, order = self._file.case, found.order
        theirs = order.belongs_to(case.intake.customer) if order else None
        if not case.open:
            return
        if order is None:
            self._file.say(OrderChecked(result="not_found"), Closed(outcome="unfounded", reason="order_not_found"))
        elif theirs is False:
            self._file.say(OrderChecked(result="not_theirs"), Closed(outcome="unfounded", reason="order_not_theirs"))
        else:
            self._file.say(OrderChecked(result="found" if theirs else "unclear", order=order, route=found.route))
