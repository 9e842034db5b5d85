"""Decisions by the link of an approver's mail are counted, whatever became of them, and nobody can invent a label."""

from __future__ import annotations

from datetime import timedelta

from settings.deciding import sign_decision
from telemetry.metrics import REGISTRY
from tests.api.test_life import to_proposed
from tests.api.world import TENANT, TOKEN_KEY, World


def counted(decision: str, result: str) -> float:
    labels = {"decision": decision, "result": result}
    return REGISTRY.get_sample_value("redress_link_decisions_total", labels) or 0.0


async def test_decisions_by_link_are_counted_by_what_became_of_them(manned: World) -> None:
    complaint, stage = await to_proposed(manned)
    assert stage == "approving"
    secret, holds = TOKEN_KEY, timedelta(days=7)
    signed = sign_decision(secret=secret, tenant=TENANT, holds=holds, person="qian", complaint_id=complaint, number=1)

    async def sent(decision: str) -> int:
        return (await manned.http.post(f"/v1/decisions/{signed}", data={"decision": decision, "words": "no"})).status_code

    cases = [("dance", "other", "refused"), ("approve", "approve", "accepted"), ("refuse", "refuse", "too_late")]
    for chosen, decision, result in cases:
        before = counted(decision, result)
        status = await sent(chosen)
        assert counted(decision, result) == before + 1, status
