"""Who demands in bad faith under the procedure for fresh ingredients, on the real house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.advice import advice_now
from domain.policy import registry
from tests.alike import effects, ended, mailed
from tests.house import House, Refused
from tests.workflows.greengrocer import AGENT, CUSTOMER_MAIL, LEGAL, SALMON, SUPERVISOR, filed_under


@pytest.mark.clause("FOO-ABU-01", "FOO-ABU-02", "FOO-ABU-03", "FOO-ABU-05", "HOUSE-PROOF")
async def test_signs_add_up_proof_is_asked_for_and_only_then_is_malice_presumed_and_refused(house: House) -> None:
    filed = await filed_under(house, "spoilage", "FD-2026-0004", product=SALMON, content="全部退款，再赔我十倍，不赔就曝光你们。")
    await filed.until(lambda case: any(sign.sign == "threat" for sign in case.signs))
    await filed.does(AGENT, c.Respond(message="请提供购买凭证和照片。"))
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.PresumeMalice(reason="要求过分"))
    assert refused.value.code == "too_few_signs"
    await filed.does(AGENT, c.DemandEvidence(what="购买凭证、带批号的照片"))
    assert await mailed(filed, "请提供凭证", CUSTOMER_MAIL)
    proof = await filed.promise("proof")
    assert not proof.ours
    assert proof.due_at is not None
    await filed.passes_until(proof.due_at + timedelta(minutes=1))
    await filed.does(AGENT, c.NoteSign(sign="contradiction", note="先说未拆封，后说吃完"))
    assert await mailed(filed, "异常迹象", SUPERVISOR)
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.CloseByDecision(outcome="refused_as_malicious", reason="无凭证"))
    assert refused.value.code == "not_presumed"
    await filed.does(AGENT, c.PresumeMalice(reason="逾期未提供任何凭证，理由前后矛盾"))
    assert await mailed(filed, "推定恶意", "service@chenye.example")
    pack = registry.released("food@2026-11")
    assert ("FOO-ABU-03",) in [each.clauses for each in advice_now(await filed.journal(), pack)]
    await filed.does(SUPERVISOR, c.ReferToLegal(reason="持续威胁"))
    assert await mailed(filed, "移交法务", LEGAL)
    with pytest.raises(Refused):
        await filed.does(AGENT, c.CloseByDecision(outcome="refused_as_malicious", reason="x"))
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="refused_as_malicious", reason="不属公司责任，要求不合理"))
    await ended(filed, "refused_as_malicious")
    assert effects(filed) == []

    # The third complaint of one customer within 30 days bears the sign of repetition, and goes its way like any other.
    await filed_under(house, "late", "FD-2026-0004")
    third = await filed_under(house, "late", "FD-2026-0004")
    case = await third.until(lambda case: any(sign.sign == "repetition" for sign in case.signs))
    assert not case.presumed
