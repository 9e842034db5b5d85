"""What a story has at hand: the people of one tenant, the API, the partners' hand, the stage, and filing a complaint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from demo.api import Api
from demo.complaint import Complaint
from demo.edge import Edge, Order
from demo.people import Cast
from demo.show import Screen
from demo.stage import Stage
from settings import Settings
from settings.language import reads_chinese


@dataclass
class Play:
    """One run of the demo for one tenant; `filed` grows with every story."""

    settings: Settings
    run: str
    cast: Cast
    api: Api
    edge: Edge
    stage: Stage
    screen: Screen
    filed: list[Complaint] = field(default_factory=list)

    async def files(self, title: str, order: Order, **intake: Any) -> Complaint:
        """File a complaint about an order for its own customer, as the shop's software does."""
        customer = {
            "name": str(order["customer_id"]),
            "customer_id": order["customer_id"],
            "phone": order.get("phone"),
            "email": order.get("email") or f"{order['customer_id']}@example.com",
            "locale": "zh-CN" if reads_chinese() else "en",
        }
        body = {"customer": customer, "order_number": order["number"], **intake}
        answer = await self.api.tell(self.cast.shop(), "/v1/complaints", body, f"demo-{self.run}-{order['number']}")
        told_as = self.cast.customer(order["customer_id"], answer["complaint_id"])
        complaint = Complaint(answer["complaint_id"], title, told_as, self.cast, self.api, self.stage, self.screen)
        self.filed.append(complaint)
        await complaint.until("order_checked")
        return complaint


@dataclass(frozen=True)
class Story:
    """A story with its title and what to watch for, each in English and in Chinese."""

    name: str
    title: tuple[str, str]
    intro: tuple[str, str]
    tell: Callable[[Play, str], Awaitable[None]]
