"""An appeal: the customer does not agree with the least the range allows, and the supervisor has to look again."""

from __future__ import annotations

from datetime import timedelta

from demo.play import Play, Story
from demo.stories.handling import accepted, answered, approved, assessed, called_back
from domain.actor import Role
from settings.language import text


async def tell(play: Play, title: str) -> None:
    order = await play.edge.fresh_order("HM-2026-0004")
    complaint = await play.files(
        title,
        order,
        category="transport_damage",
        channel="online",
        content=text("The goods are cracked and my fitter waited a day for nothing.", "货物开裂，安装师傅白等了一天。"),
        expectation=text("Refund and the lost day", "退款并赔偿误工"),
    )
    agent = await answered(complaint)
    await assessed(
        complaint,
        agent,
        text("Cracks through all pieces; photographs agree.", "全部开裂，照片属实。"),
        [text("carrier", "承运商"), text("photographs", "照片")],
        {"damage": "severe"},
        "carrier",
    )
    lowest = text("the lowest of the range", "按幅度下限")
    await complaint.does(agent, "propose", choices=[{"step": "compensation", "percent": "10"}], reason=lowest)
    await approved(complaint)

    await complaint.passes(timedelta(hours=16))
    grounds = text("Ten per cent does not cover a lost day.", "10%不足以弥补一天的误工损失。")
    await complaint.does(complaint.customer, "appeal", number=1, grounds=grounds)

    judge = play.cast.somebody(Role.SUPERVISOR)
    await complaint.passes(timedelta(hours=1))
    highest = text("the lost day is proven", "误工属实，按幅度上限")
    await complaint.does(judge, "propose", choices=[{"step": "compensation", "percent": "20"}], reason=highest)
    await approved(complaint)
    await accepted(complaint)
    await called_back(complaint, agent, rating=4)
    await complaint.ends()


APPEALED = Story(
    "appealed",
    ("The customer appeals", "客户申诉"),
    (
        "The customer may appeal twice. The supervisor decides anew, and somebody else approves: nobody approves their own.",
        "客户可申诉两次。由主管重新裁定，并由他人审批：任何人不得审批本人方案。",
    ),
    tell,
)
