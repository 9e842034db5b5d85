"""Lost in transit: refunded with its extra percentage at once; the claim against the carrier follows for weeks."""

from __future__ import annotations

from datetime import timedelta

from demo.play import Play, Story
from demo.stories.handling import accepted, answered, approved, assessed, called_back
from settings.language import text


async def tell(play: Play, title: str) -> None:
    order = await play.edge.fresh_order("HM-2026-0030")
    complaint = await play.files(
        title,
        order,
        category="transport_loss",
        channel="email",
        content=text("Nothing has arrived, two weeks after the promised date.", "已过约定日期两周，货物仍未送到。"),
        expectation=text("Refund", "退款"),
    )
    agent = await answered(complaint)
    await assessed(
        complaint,
        agent,
        text("Last seen at the hub; the carrier calls it lost.", "最后轨迹在中转站，承运商确认丢失。"),
        [text("carrier's tracking", "承运商轨迹"), text("warehouse log", "仓库发货记录")],
        {},
        "carrier",
    )
    await complaint.does(agent, "propose")
    await approved(complaint)
    await accepted(complaint)
    await called_back(complaint, agent, rating=5)

    # The customer is content; between the company and its carrier the claim is still open.
    await complaint.passes_until(await complaint.due("claim_settled") - timedelta(days=2))
    settled = text("The carrier has paid the claim in full.", "承运商已全额赔付。")
    await complaint.does(agent, "complete_step", step="claim", note=settled)
    await complaint.ends()


LOST = Story(
    "lost",
    ("Lost in transit", "运输丢失"),
    (
        "Full refund and 20-30 % of the order on top. It closes only when the claim against the carrier is settled.",
        "全额退款并另赔订单金额的20-30%。承运商索赔结清后方可结案。",
    ),
    tell,
)
