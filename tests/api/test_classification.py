"""What may be filed besides, by which channel, and saying anew what a complaint is."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actor import Role
from tests.api.steps import until
from tests.api.test_intake import changed, wrong
from tests.api.world import World, as_role

MEMBERS = "loyalty-demo"


@pytest.mark.clause("LOY-FLW-01")
async def test_a_channel_that_the_procedure_does_not_serve_is_named_in_both_languages(unmanned: World) -> None:
    taken = changed(category="goods_quality", channel="app", order_number=None)
    answer = await unmanned.file(taken, as_role(Role.AGENT, tenant=MEMBERS))
    assert answer.status_code == 422
    assert wrong(answer)["channel"] == "channel_not_served"
    [said] = [each for each in answer.json()["errors"] if each["field"] == "channel"]
    assert "hotline, email" in said["en"]
    assert "hotline, email" in said["zh"]
    # Known to a procedure that names no channels.
    assert (await unmanned.file(changed(channel="app"))).status_code == 201


@pytest.mark.clause("ECO-REC-02", "FOO-REG-01", "FOO-REG-02", "FOO-REG-03")
async def test_everything_that_procedures_register_can_be_filed_and_read_again(manned: World) -> None:
    more: dict[str, Any] = {
        "product": {"sku": "TL-60", "name": "岩板", "specification": "60×120", "lot": "L20261101", "produced_on": "2026-11-01"},
        "occurred_at": "2026-11-20T08:30:00+08:00",
        "bought_through": "旗舰店",
        "address": "上海市徐汇区漕溪北路 1 号",
        "region": "上海",
        "against": "送货司机",
        "against_staff": "lin",
        "member_tier": "gold",
        "urgent_causes": ["public_harm", "superior_asks"],
        "answer_by_at": "2099-11-24T17:00:00+08:00",
    }
    answer = await manned.file(changed(**more))
    assert answer.status_code == 201, answer.text
    url = answer.json()["url"]
    complaint = await until(lambda: manned.get(url), lambda case: bool(case["intake"]))
    assert {name: complaint["intake"][name] for name in more} == more
    assert complaint["urgent_causes"] == ["public_harm", "superior_asks"]


@pytest.mark.parametrize(
    ("wrongly", "field", "code"),
    [
        ({"product": {}}, "product", "missing"),
        ({"product": {"lot": " "}}, "product.lot", "missing"),
        ({"product": {"produced_on": "yesterday"}}, "product.produced_on", "wrong_type"),
        ({"product": {"colour": "red"}}, "product.colour", "unknown_field"),
        ({"urgent_causes": ["nobody_cares"]}, "urgent_causes[0]", "not_a_choice"),
        ({"answer_by_at": "2099-11-24T17:00:00+08:00"}, "answer_by_at", "not_with_these_causes"),
        ({"answer_by_at": "2099-11-24T17:00:00+08:00", "urgent_causes": 5}, "urgent_causes", "wrong_type"),
        ({"occurred_at": "2026-11-24T17:00:00"}, "occurred_at", "no_time_zone"),
        ({"against_staff": "the tall one"}, "against_staff", "wrong_form"),
    ],
)
async def test_a_slip_in_what_is_filed_besides_is_named(unmanned: World, wrongly: dict[str, Any], field: str, code: str) -> None:
    answer = await unmanned.file(changed(**wrongly))
    assert answer.status_code == 422
    assert wrong(answer) == {field: code}


async def test_what_a_complaint_is_can_be_said_anew(manned: World) -> None:
    complaint = await manned.filed()
    body = {"category": "transport_loss", "urgent_causes": ["passed_down"], "reason": "承运商确认丢失"}
    for role in (Role.INTAKE, Role.CUSTOMER):
        refused = await manned.command(
            complaint, "reclassify", body, as_role(role, complaint=complaint if role is Role.CUSTOMER else None)
        )
        assert refused.status_code == 403
    done = await manned.command(complaint, "reclassify", body, as_role(Role.AGENT))
    assert done.status_code == 200, done.text
    again = await manned.command(complaint, "reclassify", body, as_role(Role.RISK_CONTROL))
    assert (again.status_code, again.json()["code"]) == (422, "nothing_changed")
    shown = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["category"] == "transport_loss")
    assert shown["urgent_causes"] == ["passed_down"]
    missing = await manned.command(complaint, "reclassify", {"category": "no_such", "reason": "x"}, as_role(Role.AGENT))
    assert missing.status_code == 422
    assert wrong(missing) == {"category": "not_allowed_by_policy"}


@pytest.mark.parametrize(("causes", "turn"), [([], 4), (["public_harm"], 1)])
async def test_the_first_task_has_the_turn_of_what_was_filed(unmanned: World, causes: list[str], turn: int) -> None:
    taken = changed(category="goods_quality", channel="hotline", urgent_causes=causes)
    answer = await unmanned.file(taken, as_role(Role.AGENT, tenant=MEMBERS))
    assert answer.status_code == 201, answer.text
    started = unmanned.client.get_workflow_handle(f"complaint/{MEMBERS}/{answer.json()['complaint_id']}")
    described = await started.describe()
    assert described.raw_description.workflow_execution_info.priority.priority_key == turn
