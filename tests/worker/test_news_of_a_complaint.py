"""From a complaint's workflow to whoever subscribed: the whole way, and nothing of it in the complaint's history."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.commands import Respond, Withdraw
from tests.doubles import WebhookReceiver, start_webhook_receiver, wait_for
from tests.house import AGENT, build_house

SECRET = "whsec_" + "c2VjcmV0IGFzIGxvbmcgYXMgaXQgaGFzIHRvIGJl"


def told_by(receiver: WebhookReceiver) -> dict[str, int]:
    bodies = [json.loads(each.body) for each in receiver.received]
    return {body["type"]: body["data"]["sequence"] for body in bodies}


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    folder = tmp_path / "tenants"
    folder.mkdir()
    return folder


async def test_a_subscriber_hears_what_happens_to_a_complaint(
    temporal_env: WorkflowEnvironment, tmp_path: Path, tenants: Path
) -> None:
    with start_webhook_receiver() as receiver:
        company = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
        webhook = f'[[webhooks]]\nid = "erp"\nurl = "{receiver.url}"\nsecrets = ["{SECRET}"]\n'
        (tenants / "home-demo.toml").write_text(f"{company}\n{webhook}", encoding="utf-8")
        house_of_its_own = build_house(temporal_env, tmp_path, tenants, webhooks_to_private_addresses=True)
        async with house_of_its_own as house, house.parts.courier.at_work():
            filed = await house.file()
            await filed.does(AGENT, Respond(message="已登记"))
            await filed.does(AGENT, Withdraw(reason="客户自行解决"))
            await filed.ends()
            await asyncio.to_thread(wait_for, lambda: "complaint.closed" in told_by(receiver), 30)
            sequence = told_by(receiver)
            entries = {entry.event.kind: entry.seq for entry in await house.cases.journal("home-demo", filed.id)}
            history = await filed.handle.fetch_history()
    for kind in ("received", "responded", "withdrawn", "closed"):
        assert sequence[f"complaint.{kind}"] == entries[kind]
    assert not any("webhook" in str(event).lower() for event in history.events)
