"""Severe damage: a plan that moves money waits for the supervisor, who approves from the command line of Temporal."""

from __future__ import annotations

import asyncio
import json
import shlex
from datetime import timedelta

from demo.complaint import Complaint
from demo.failure import DemoFailed
from demo.people import Person
from demo.play import Play, Story
from demo.stories.handling import accepted, answered, assessed, called_back
from domain.actor import Role
from settings.language import text
from stack.temporal_server import temporal_binary


async def tell(play: Play, title: str) -> None:
    order = await play.edge.fresh_order("HM-2026-0001")
    complaint = await play.files(
        title,
        order,
        category="transport_damage",
        channel="hotline",
        content=text("Both slabs arrived broken through.", "两块岩板送到时都已断裂，无法使用。"),
        expectation=text("My money back", "全额退款"),
    )
    agent = await answered(complaint)
    await assessed(
        complaint,
        agent,
        text("The carrier admits a fall while unloading.", "承运商承认卸货时摔落。"),
        [text("carrier", "承运商")],
        {"damage": "severe"},
        "carrier",
    )
    await complaint.does(agent, "propose")
    await complaint.passes(timedelta(minutes=30))
    await _approve_by_signal(play, complaint, play.cast.somebody(Role.SUPERVISOR), number=1)
    await accepted(complaint)
    await called_back(complaint, agent, rating=5)
    await complaint.ends()


async def _approve_by_signal(play: Play, complaint: Complaint, supervisor: Person, number: int) -> None:
    """As an operator would type it: a Signal with the same payload that the API's command has."""
    signed = {"by": supervisor.actor.model_dump(mode="json"), "command": {"number": number}}
    command = ["workflow", "signal", "--address", play.settings.temporal_address, "--namespace", play.settings.temporal_namespace]
    command += ["--workflow-id", complaint.workflow_id, "--name", "approve", "--input", json.dumps(signed)]
    play.screen.behind(shlex.join(["temporal", *command]))
    process = await asyncio.create_subprocess_exec(
        str(temporal_binary()), *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise DemoFailed(said.decode(errors="replace").strip())
    await complaint.until("approved")


APPROVED = Story(
    "approved",
    ("Severe damage, approved and paid", "严重损坏：审批后赔付"),
    (
        "Money leaves only after a second person agreed, and after the customer did. The approval comes as a Temporal Signal.",
        "付款须经第二人审批，并经客户同意。本次审批由 Temporal 信号发出。",
    ),
    tell,
)
