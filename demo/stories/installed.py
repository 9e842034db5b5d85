"""An installation fault: a technician looks on site with photographs, and puts it right within 24 hours."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from demo.complaint import Complaint
from demo.play import Play, Story
from demo.stories.handling import accepted, answered, assessed
from domain.actor import Role
from settings.language import text


async def tell(play: Play, title: str) -> None:
    order = await play.edge.fresh_order("HM-2026-0003")
    complaint = await play.files(
        title,
        order,
        category="installation_workmanship",
        channel="app",
        content=text("The joints are wide and two screws are loose.", "接缝偏宽，两处螺钉松动。"),
        expectation=text("Put it right", "上门整改"),
        installation_address=text("12 Lane 3, Changsha", "长沙市三巷12号"),
    )
    agent = await answered(complaint)
    technician = play.cast.somebody(Role.DEPARTMENT)

    await complaint.does(agent, "order_inspection", note=text("Look at the joints.", "查看接缝。"))
    await complaint.until("step_ordered")
    await complaint.passes(timedelta(hours=3))
    inspection = (await complaint.case())["inspection"]["step"]["id"]
    found = text("Two loose screws, joints of 4 mm.", "两处螺丝松动，接缝4毫米。")
    await complaint.does(technician, "report_visit", step=inspection, findings=found, evidence=[_photograph(play.run, "before")])

    sources = [text("installer", "安装人员"), text("contract", "合同")]
    await assessed(complaint, agent, found, sources, {"workmanship": "minor"}, "installer")
    await complaint.does(agent, "propose")
    await accepted(complaint)
    await complaint.until("step_ordered", times=2)
    told = text("The installer comes within the 24 hours.", "安装人员24小时内上门。")
    await complaint.does(agent, "report_progress", message=told)
    await complaint.passes_until(await complaint.due("rectification") - timedelta(hours=6))
    await complaint.does(
        technician,
        "report_visit",
        step="rectification",
        findings=text("Screws tightened, joints refilled; the customer has looked.", "螺丝已紧固，接缝已修补，客户在场确认。"),
        corrected=True,
        evidence=[_photograph(play.run, "after")],
    )
    await complaint.until("carried_out")
    await complaint.does(complaint.customer, "confirm", satisfied=True, rating=5)
    await complaint.ends()
    await _partner_follows(play, complaint)


async def _partner_follows(play: Play, complaint: Complaint) -> None:
    """The visits are over for the partner too; its news comes after the end and changes nothing."""
    for visit in await play.edge.effects(f"{play.cast.tenant.id}:{complaint.id}/"):
        await play.edge.advance(visit["system"], visit["reference"], "completed")


def _photograph(run: str, what: str) -> dict[str, Any]:
    picture = f"{run} {what}".encode()
    return {
        "uri": f"s3://photos/{run}-{what}.jpg",
        "sha256": hashlib.sha256(picture).hexdigest(),
        "media_type": "image/jpeg",
        "size": 183_204,
    }


INSTALLED = Story(
    "installed",
    ("Installation put right within 24 hours", "安装问题24小时内整改"),
    (
        "A technician looks on site with photographs; a minor fault is put right within 24 hours, on the wall clock.",
        "技术人员上门核实并拍照；小问题24小时内上门整改（按自然时间）。",
    ),
    tell,
)
