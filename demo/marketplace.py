"""Real orders: one of each class of delay and a lost one, of the marketplace tenant, in its own currency and zone."""

from __future__ import annotations

from pathlib import Path

from demo import orders
from demo.orders import Grievance
from demo.play import Play
from demo.stories.handling import accepted, answered, approved, assessed, called_back
from settings.language import text

# Where `make load` takes orders from when nothing else is said.
USUAL = Path("../shared/data/orders_with_reviews.csv")


async def tell(play: Play, file: Path | None) -> None:
    """One complaint for each class. Without a file: only where the usual one has been loaded already."""
    if file is None and not USUAL.is_file():
        return
    grievances = orders.read(file or USUAL)
    if not grievances:
        return
    if await play.edge.order(grievances[0].number) is None:
        if file is None:
            return
        await orders.load(file)
    chosen = await _fresh(play, grievances)
    for number, grievance in enumerate(chosen, 1):
        title = text(*orders.TITLES[grievance.kind])
        intro = text(
            f"A real order of the marketplace, {title}. The number is shortened: {grievance.number[:8]}.",
            f"真实平台订单，{title}。订单号缩写：{grievance.number[:8]}。",
        )
        play.screen.title(number, len(chosen), title, intro)
        await _one(play, grievance, title)


async def _fresh(play: Play, grievances: list[Grievance]) -> list[Grievance]:
    """The first of each class that nothing was paid for yet: an order gives its money back once."""
    used = {effect["order_number"] for effect in await play.edge.effects(f"{play.cast.tenant.id}:")}
    free = [each for each in grievances if each.number not in used]
    first = (next((each for each in free if each.kind == kind), None) for kind in orders.CLASSES)
    return [each for each in first if each is not None]


async def _one(play: Play, grievance: Grievance, title: str) -> None:
    order = await play.edge.order(grievance.number)
    if order is None:
        return
    complaint = await play.files(title, order, **intake_of(grievance))
    agent = await answered(complaint)
    facts: dict[str, object] = {} if grievance.days is None else {"delay_days": min(grievance.days, 365)}
    if grievance.kind == "long":
        facts["customer_cancels"] = False
    findings = text("The carrier's dates are in the order.", "以订单所载承运日期为准。")
    await assessed(complaint, agent, findings, [text("order system", "订单系统")], facts, "carrier")
    await complaint.does(agent, "propose")
    await approved(complaint)
    await accepted(complaint)
    await called_back(complaint, agent, rating=3)
    if grievance.days is None:
        settled = text("Settled with the carrier.", "已与承运商结清。")
        await complaint.does(agent, "complete_step", step="claim", note=settled)
    await complaint.ends()


def intake_of(grievance: Grievance) -> dict[str, str]:
    """What is filed: the customer's own words where there are some. The same whoever reads it, so that it is filed once."""
    late = "It never arrived." if grievance.days is None else f"It came {grievance.days} days late."
    return {
        "category": grievance.category,
        "channel": "online",
        "content": (grievance.said or late)[:4000],
        "expectation": "Please put it right",
    }
