"""A first response that is late: warned, due, up to the supervisor, acknowledged, and then kept after all."""

from __future__ import annotations

from datetime import timedelta

from demo.play import Play, Story
from demo.stories.handling import accepted, approved, assessed, called_back
from settings.language import text


async def tell(play: Play, title: str) -> None:
    order = await play.edge.fresh_order("HM-2026-0009")
    complaint = await play.files(
        title,
        order,
        category="transport_delay",
        channel="app",
        content=text("My tiles came a day after the promised date.", "瓷砖比约定日期晚到了一天，耽误了施工。"),
        expectation=text("An explanation", "说明原因并给予补偿"),
    )
    agent = await complaint.agent()

    # Nobody answers. The ladder does what the pack says, at the instants that it says.
    due_at = await complaint.due("first_response")
    await complaint.passes_until(due_at - timedelta(minutes=2))
    await complaint.until("escalated")
    await complaint.passes_until(due_at + timedelta(minutes=5))
    escalated = await complaint.until("escalated", times=2)

    supervisor = play.cast.known(escalated["person"])
    await complaint.does(supervisor, "acknowledge", note=text("I am on it.", "收到，我来督促。"))
    await complaint.passes(timedelta(minutes=40))  # the next rung would have stood here
    await complaint.does(
        agent, "respond", message=text("We are sorry to answer late; it is recorded.", "抱歉回复迟了，您的投诉已登记。")
    )

    await assessed(
        complaint,
        agent,
        text("The carrier's record shows arrival one day late.", "承运商记录显示晚到一天。"),
        [text("carrier", "承运商"), text("warehouse log", "仓库发货记录")],
        {"delay_days": 1},
        "carrier",
    )
    await complaint.does(agent, "propose")
    await approved(complaint)
    await accepted(complaint)
    await called_back(complaint, agent, rating=4)
    await complaint.ends()


LATE = Story(
    "late",
    ("A first response that comes late", "首次回应逾期"),
    (
        "Ten minutes for a first response. Nobody answers: the owner is warned, the supervisor told, and the ladder stops there.",
        "首次回应限时10分钟。无人回应：先提醒负责人，到期上报主管；主管确认后不再上报。",
    ),
    tell,
)
