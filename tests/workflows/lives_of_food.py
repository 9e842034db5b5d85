"""Lives under the food procedure that golden histories are recorded of: abuse, and incidents with their complaints."""

from __future__ import annotations

import asyncio
from typing import Any

from domain import commands as c
from domain.incident import commands as ic
from domain.incident.commands import Bilingual
from tests.alike import ended
from tests.house import Filed, House
from tests.workflows import greengrocer as grocer
from tests.workflows.golden import complaint, walked
from tests.workflows.greengrocer import AGENT, GENERAL_MANAGER, MANAGER, QUALITY, SUPERVISOR
from tests.workflows.incident_people import Led, begun, filed_about, told

_SAID = Bilingual(zh="正在调查，预计三日内公布结果。", en="We are looking into it and expect to know more within three days.")


@complaint("food")
async def presumed_malicious_referred_and_refused(house: House) -> Filed:
    filed = await grocer.filed_under(
        house, "spoilage", "FD-2026-0004", product=grocer.SALMON, content="全部退款，再赔我十倍，不赔就曝光你们。"
    )
    await filed.until(lambda case: any(sign.sign == "threat" for sign in case.signs))
    await filed.does(AGENT, c.Respond(message="请提供购买凭证和照片。"))
    await filed.does(AGENT, c.DemandEvidence(what="购买凭证、带批号的照片"))
    # Two seconds in the copy of the pack.
    await filed.until(lambda case: any(each.name == "proof" and each.missed for each in case.deadlines))
    await filed.does(AGENT, c.NoteSign(sign="contradiction", note="先说未拆封，后说吃完"))
    await filed.does(AGENT, c.PresumeMalice(reason="逾期未提供任何凭证，理由前后矛盾"))
    await filed.does(SUPERVISOR, c.ReferToLegal(reason="持续威胁"))
    await filed.until(lambda case: case.with_legal)
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="refused_as_malicious", reason="不属公司责任，要求不合理"))
    await ended(filed, "refused_as_malicious")
    return filed


@walked("food", "joined_an_incident_and_got_an_extra", "fetched_by_an_incident", "incident_led_to_its_end")
async def an_incident(house: House) -> tuple[Any, ...]:
    incident, filed = await _led(house)
    # The first was received before there was an incident; the last was counted into it when it came.
    first, member = filed[0], filed[-1]
    await _extra(incident, filed)
    await grocer.verified(member)
    await grocer.found(member, within_shelf_life=True, wants="exchange")
    await _end(incident)
    await member.does(QUALITY, c.GiveOpinion(opinion="冷链中断，同意换货", department="quality"))
    await member.does(AGENT, c.Propose(choices=(grocer.goods("exchange"),)))
    await member.does(AGENT, c.Withdraw(reason="客户已拿到双倍退款"))
    await ended(member, "withdrawn")
    await first.does(AGENT, c.Withdraw(reason="客户已拿到双倍退款"))
    await ended(first, "withdrawn")
    return member.handle, first.handle, incident.handle


@walked("food", "incident_to_its_first_new_run", "incident_carried_on", short_runs=True)
async def an_incident_over_several_runs(house: House) -> tuple[Any, ...]:
    incident, filed = await _led(house)
    for number in (2, 3):
        await incident.does(MANAGER, ic.TellMembers(text=_SAID))
        await told(incident, number * len(filed))
    await _extra(incident, filed)
    await _end(incident)
    client, name = house.env.client, incident.handle.id
    last = await incident.handle.fetch_history()
    began = last.events[0].workflow_execution_started_event_attributes
    assert began.continued_execution_run_id, "it was to go on in a run of its own"
    return client.get_workflow_handle(name, run_id=began.first_execution_run_id), incident.handle


async def _led(house: House) -> tuple[Led, list[Filed]]:
    """Four complaints, a team, a finding and a lot that is sold no more; one of the four is closed already."""
    incident, filed = await begun(house)
    product = filed[0].opening.intake.product
    assert product is not None
    assert product.lot is not None
    filed.append(await filed_about(house, product))
    await incident.until(lambda i: len(i.complaints) == 4)
    await filed[1].does(AGENT, c.Withdraw(reason="已自行解决"))
    await filed[1].ends()
    await incident.does(MANAGER, ic.NameTeam(lead="su", members=("ning", "production", "logistics")))
    await incident.does(QUALITY, ic.RecordFinding(cause="冷链断链超过6小时", lots=(product.lot,), final=False))
    await incident.does(SUPERVISOR, ic.SuspendLot(lot=product.lot, reason="等待检验"))
    await incident.until(lambda i: i.effects[0].status == "done")
    await filed[0].until(lambda case: product.lot in case.suspended_lots)
    await incident.does(MANAGER, ic.PublishStatement(text=_SAID))
    await told(incident, len(filed))
    return incident, filed


async def _extra(incident: Led, filed: list[Filed]) -> None:
    await incident.does(MANAGER, ic.GrantExtra(kind="extra_payment", percent=100, reason="双倍退款"))
    await incident.does(GENERAL_MANAGER, ic.ApproveExtra(number=1))
    for each in (filed[0], *filed[2:]):
        await each.until(lambda case: bool(case.extras) and case.extras[0].status == "done")


async def _end(incident: Led) -> None:
    now = await incident.now()
    lot = now.effects[0].lot
    assert lot is not None
    await incident.does(SUPERVISOR, ic.ReleaseLot(lot=lot, reason="检验合格"))
    await incident.until(lambda i: all(effect.status in ("done", "dropped") for effect in i.effects))
    await incident.does(MANAGER, ic.Close(reason="已了结"))
    await asyncio.wait_for(incident.handle.result(), 60)
