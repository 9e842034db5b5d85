"""What people do alike in every story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.complaint import Complaint
from demo.people import Person
from domain.actor import Role
from settings.language import text


async def answered(complaint: Complaint) -> Person:
    """The agent in charge gives the first response, four minutes after receipt; gives the agent."""
    agent = await complaint.agent()
    await complaint.passes(timedelta(minutes=4))
    await complaint.does(
        agent, "respond", message=text("It is recorded; we look into it today.", "已登记您的投诉，今天内核实并回复您。")
    )
    return agent


async def assessed(
    complaint: Complaint, agent: Person, findings: str, sources: list[str], facts: dict[str, Any], liable: str
) -> None:
    """Two hours later it is verified and assessed."""
    await complaint.passes(timedelta(hours=2))
    await complaint.does(agent, "verify", founded=True, findings=findings, sources=sources)
    await complaint.does(agent, "assess", facts=facts, liable=liable)


async def approved(complaint: Complaint, *, but: Person | None = None) -> None:
    """Whoever the procedure asks for approves the proposal, where it needs that: never the one who made it."""
    proposal = (await complaint.case())["proposal"]
    if proposal["approver_role"] is None:
        return
    proposer = complaint.cast.known(proposal["proposed_by"])
    approver = complaint.cast.somebody(Role(proposal["approver_role"]), but=but or proposer)
    await complaint.passes(timedelta(minutes=20))
    await complaint.does(approver, "approve", number=proposal["number"], note=text("Agreed.", "同意。"))


async def accepted(complaint: Complaint) -> None:
    """The customer agrees an hour after the plan was put to them."""
    number = (await complaint.case())["proposal"]["number"]
    await complaint.passes(timedelta(hours=1))
    await complaint.does(complaint.customer, "accept", number=number)


async def carried_out(complaint: Complaint, agent: Person) -> None:
    """The agent does what the plan leaves to a person; a claim against the carrier may come later."""
    for state in (await complaint.case())["steps"]:
        if state["step"]["executor"] == "person" and state["step"]["kind"] != "carrier_claim":
            await complaint.until("step_ordered")
            await complaint.does(
                agent, "complete_step", step=state["step"]["id"], note=text("Told by telephone.", "已电话告知。")
            )
    await complaint.until("carried_out")


async def called_back(complaint: Complaint, agent: Person, rating: int) -> None:
    """The agent calls back before the promise is due, and the customer says what they think of the result."""
    await carried_out(complaint, agent)
    await complaint.passes_until(await complaint.due("callback") - timedelta(hours=5))
    await complaint.does(agent, "record_callback", answered=True)
    await complaint.does(complaint.customer, "confirm", satisfied=True, rating=rating)
