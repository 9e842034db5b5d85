"""Findings over HTTP: read by supervisors, settled with a reason, within one company; the ledger of a complaint."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.actor import Role
from domain.case import StepState
from domain.ledger import Intent
from domain.money import Money
from domain.policy.wording import Wording
from domain.reconciliation import Finding
from domain.remedies import PlannedStep
from storage.journal import Journal
from storage.ledger import Ledger
from storage.reconciliation import Done, Findings
from tests.api.world import World, as_role
from tests.storage.stories import Story

# A company of these tests alone.
TENANT = "olist-demo"
SUPERVISOR = as_role(Role.SUPERVISOR, tenant=TENANT, id="sue")
PATH = "/v1/reconciliation"


async def found(world: World, count: int = 1) -> list[str]:
    """So many findings, entered as the daily one does."""
    at = datetime.now(UTC)
    findings = [
        Finding(kind="not_in_ledger", complaint_id="cmp_9", key=f"{TENANT}:cmp_9/1/{uuid.uuid4().hex}", partner="payments",
                reference="PY-9", their_state="done", their_money=Money.of("7.00", "BRL"))
        for _ in range(count)
    ]  # fmt: skip
    done = Done(
        done_at=at, from_at=at - timedelta(days=1), to_at=at, asked_by="redress", effects=3, lines=4, complaints=2, found=count
    )
    await Findings(world.database).enter(TENANT, findings, done)
    return [each.id(TENANT) for each in findings]


async def test_findings_are_read_page_by_page_and_settled_by_a_person_with_a_reason(unmanned: World) -> None:
    ids = await found(unmanned, 3)
    page = (await unmanned.get(PATH, SUPERVISOR, limit=2)).json()
    rest = (await unmanned.get(PATH, SUPERVISOR, limit=200, cursor=page["next_cursor"])).json()
    assert {row["finding_id"] for row in (*page["rows"], *rest["rows"])} >= set(ids)
    assert (page["last"]["effects"], page["last"]["found"]) == (3, 3)
    assert page["rows"][0]["their_money"] == {"amount": "7.00", "currency": "BRL"}

    settle = f"{PATH}/{ids[0]}/settle"
    for _ in range(2):
        answer = await unmanned.http.post(settle, json={"reason": "门店手工退款，已核对"}, headers=SUPERVISOR)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["state"], answer.json()["settled_by"]) == ("settled", "sue")
    again = await unmanned.http.post(settle, json={"reason": "another"}, headers=SUPERVISOR)
    assert (again.status_code, again.json()["code"]) == (409, "settled_already")
    assert "sue" in again.json()["detail"]
    still_open = {row["finding_id"] for row in (await unmanned.get(PATH, SUPERVISOR, limit=200)).json()["rows"]}
    assert still_open >= set(ids[1:])
    assert ids[0] not in still_open
    settled = (await unmanned.get(PATH, SUPERVISOR, state="settled")).json()["rows"]
    assert ids[0] in {row["finding_id"] for row in settled}


async def test_findings_stay_within_their_company_and_with_supervisors(unmanned: World) -> None:
    (id,) = await found(unmanned)
    stranger = as_role(Role.SUPERVISOR)
    assert id not in {row["finding_id"] for row in (await unmanned.get(PATH, stranger, state="all", limit=200)).json()["rows"]}
    assert (await unmanned.http.post(f"{PATH}/{id}/settle", json={"reason": "x"}, headers=stranger)).status_code == 404
    days = {"from_on": "2026-11-21", "to_on": "2026-11-22"}
    for role in (Role.AGENT, Role.DEPARTMENT, Role.INTAKE):
        outsider = as_role(role, tenant=TENANT)
        assert (await unmanned.get(PATH, outsider)).status_code == 403
        assert (await unmanned.http.post(PATH, json=days, headers=outsider)).status_code == 403
        assert (await unmanned.http.post(f"{PATH}/{id}/settle", json={"reason": "x"}, headers=outsider)).status_code == 403
    assert (await unmanned.get(PATH, as_role(Role.MANAGER, tenant=TENANT))).status_code == 200


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"from_on": "2026-11-21", "to_on": "2026-11-21"}, "to_on"),
        ({"from_on": "2026-11-21", "to_on": "2026-12-23"}, "to_on"),
        ({"from_on": "0001-01-01", "to_on": "2026-12-23"}, "from_on"),
        ({"from_on": "2026-11-21"}, "to_on"),
    ],
)
async def test_days_that_make_no_period_are_named(unmanned: World, days: dict[str, Any], field: str) -> None:
    answer = await unmanned.http.post(PATH, json=days, headers=SUPERVISOR)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_reconciliation_that_nobody_answers_goes_on_behind_the_scenes(unmanned: World) -> None:
    answer = await unmanned.http.post(PATH, json={"from_on": "2026-11-21", "to_on": "2026-11-22"}, headers=SUPERVISOR)
    assert (answer.status_code, answer.json()["code"]) == (504, "nobody_answered")
    handle = unmanned.client.get_workflow_handle(f"reconciliation/{TENANT}/2026-11-21")
    assert (await handle.describe()).workflow_type == "ReconciliationWorkflow"
    await handle.terminate()


async def test_what_was_asked_of_partners_is_read_with_the_complaint(unmanned: World) -> None:
    story = Story(TENANT)
    await Journal(unmanned.database).record(story.entries, story.case)
    ledger, key = Ledger(unmanned.database), f"{TENANT}:{story.complaint_id}/1/refund"
    money = Money.of("12.30", "BRL")
    intent = Intent(key=key, tenant=TENANT, kind="refund", partner="payments", money=money, clause="HOM-DMG-03", decided_by="sue")
    await ledger.intend(intent, datetime.now(UTC))
    await ledger.note(key, "refused", datetime.now(UTC), said="over_paid: paid 10.00")
    path = f"/v1/complaints/{story.complaint_id}/ledger"
    (row,) = (await unmanned.get(path, as_role(Role.AGENT, tenant=TENANT))).json()
    assert (row["state"], row["said"], row["money"]) == (
        "refused",
        "over_paid: paid 10.00",
        {"amount": "12.30", "currency": "BRL"},
    )
    assert (await unmanned.get(path, as_role(Role.AGENT))).status_code == 404
    assert (await unmanned.get(path, as_role(Role.CUSTOMER, tenant=TENANT, complaint=story.complaint_id))).status_code == 403


async def test_a_failed_step_comes_with_everything_to_decide_on_it(unmanned: World) -> None:
    story = Story(TENANT)
    money = Money.of("12.30", "BRL")
    step = PlannedStep(
        id="refund", kind="refund", clause="HOM-DMG-03", title=Wording(zh="退款", en="Refund"), by="partner", executor="payments",
        money=money,
    )  # fmt: skip
    failed = StepState(step=step, cycle=1, status="failed", attempt=1, detail="account closed")
    done = failed.model_copy(update={"step": step.model_copy(update={"id": "extra"}), "status": "done", "paid": money})
    case = story.case.model_copy(update={"steps": (failed, done)})
    await Journal(unmanned.database).record(story.entries, case)
    ledger = Ledger(unmanned.database)
    for name in ("refund", "refund/r1", "refund-2", "extra"):
        key = f"{TENANT}:{story.complaint_id}/1/{name}"
        await ledger.intend(Intent(key=key, tenant=TENANT, kind="refund", partner="payments", money=money), datetime.now(UTC))
    told = (await unmanned.get(f"/v1/complaints/{story.complaint_id}/steps", as_role(Role.AGENT, tenant=TENANT))).json()
    assert [(row["step"], row["status"], row["options"]) for row in told] == [
        ("refund", "failed", ["retry", "drop"]), ("extra", "done", []),
    ]  # fmt: skip
    assert (told[0]["said"], told[0]["money"]["amount"]) == ("account closed", "12.30")
    assert [row["step"] for row in told[0]["asked"]] == ["refund", "refund/r1"]
    assert told[1]["paid"] == {"amount": "12.30", "currency": "BRL"}
