"""Complaints that may not be honest, on the real house: nothing follows by itself, and everything is on record."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import timedelta

import pytest
from temporalio.worker import Replayer

from domain import commands as c
from domain.actor import Actor, Role
from domain.fold import replay
from domain.journal import SignNoted
from domain.order import Customer
from tests.house import AGENT, MANAGER, SUPERVISOR, Filed, House, Refused
from tests.wary import installed
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

WITH_LEGAL = "loyalty-demo"


async def filed_by(house: House, customer: str | None = None, content: str = "石板碎了。", tenant: str = "home-demo") -> Filed:
    installed()
    person = Customer(name="王芳", customer_id=customer or str(uuid.uuid4()), email="wang@customer.example")
    return await house.file(
        tenant=tenant, under="wary@2026-11", customer=person, order_number=None, content=content, expectation="赔偿"
    )


async def mailed(filed: Filed, to: str, words: str, seconds: float = 60) -> str:
    """The text of the mail about this complaint with these words in its subject."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for mail in filed.house.mail.mails(to=to):
            if filed.id in mail["subject"] and words in mail["subject"]:
                return str(mail["text"])
        await asyncio.sleep(0.05)
    raise AssertionError(f"no mail {words!r} to {to}")


@pytest.mark.clause("FOO-ABU-01", "FOO-ABU-02", "FOO-ABU-03", "FOO-USE-01")
async def test_threat_unanswered_demand_presumption_and_refusal_follow_each_other_by_people_only(house: House) -> None:
    filed = await filed_by(house, content="请问怎么验收？不赔我就曝光。")
    case = await filed.case()
    assert [(sign.row, sign.weight) for sign in case.signs] == [("threat_words", 3)]
    assert "https://yanju.example/unpacking.mp4" in await mailed(filed, "wang@customer.example", "使用指南")
    await filed.does(AGENT, c.DemandEvidence(what="购买凭证"))
    proof = await filed.promise("proof")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.PresumeMalice(reason="没有凭证"))
    assert refused.value.code == "too_few_signs"
    assert proof.due_at is not None
    await filed.passes_until(proof.due_at + timedelta(minutes=1))
    case = await filed.until(lambda case: any(each.name == "proof" and each.missed for each in case.deadlines))
    assert (case.presumed, case.open) == (False, True)
    await filed.does(AGENT, c.PresumeMalice(reason="威胁，且没有凭证"))
    refuse = c.CloseByDecision(outcome="refused_as_malicious", reason="诉求与事实不符")
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, refuse)
    assert refused.value.code == "wrong_role"
    await filed.does(MANAGER, refuse)
    assert (await filed.ends()).outcome == "refused_as_malicious"
    entries = await filed.journal()
    assert replay(entries) == await house.cases.get("home-demo", filed.id)
    [presumed] = [entry for entry in entries if entry.event.kind == "malice_presumed"]
    assert presumed.clauses == ("WRY-ABU-02",)
    # The customer's lateness is no breach of ours.
    assert [entry.event.key for entry in entries if entry.event.kind == "deadline_missed"].count(proof.key) == 1
    history = await filed.handle.fetch_history()
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=house.env.client.data_converter, workflow_runner=STRICT)
    assert (await replayer.replay_workflow(history)).replay_failure is None


@pytest.mark.clause("FOO-ABU-05")
async def test_the_third_complaint_of_a_customer_bears_the_sign_and_goes_its_way(house: House) -> None:
    customer = str(uuid.uuid4())
    for _ in range(2):
        earlier = await filed_by(house, customer)
        assert not [entry for entry in await earlier.written("received") if isinstance(entry.event, SignNoted)]
    third = await filed_by(house, customer)
    entries = await third.written("sign_noted")
    assert [(event.row, event.count) for entry in entries if isinstance(event := entry.event, SignNoted)] == [("many", 3)]
    assert (await third.does(AGENT, c.Respond(message="已登记"))).stage == "verifying"


@pytest.mark.clause("FOO-ABU-03")
async def test_legal_is_told_and_takes_the_complaint_over(house: House) -> None:
    filed = await filed_by(house, tenant=WITH_LEGAL)
    await filed.until(lambda case: case.assignee is not None)
    lawyers = house.parts.tenants.get(WITH_LEGAL).staff_with(Role.LEGAL)
    supervisor = Actor(id="boss", roles=(Role.SUPERVISOR,))
    await filed.does(supervisor, c.ReferToLegal(reason="以曝光相要挟，索要十倍赔偿"))
    case = await filed.until(lambda case: case.assignee in {each.id for each in lawyers})
    assert case.with_legal
    told = {str(each.email) for each in lawyers}
    assert "十倍赔偿" in await mailed(filed, min(told), "移交法务")
