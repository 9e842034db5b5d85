"""The approver's mail, really sent: its link opens the page of the API, and the decision made there carries the complaint on."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.contract import DecisionAsked
from activities.decision_links import DecisionLinks as MailedLinks
from activities.decision_links import where_to_look
from api.app import assembled
from api.decision_links import DecisionLinks
from api.doorkeeper import doorkeeper
from api.parts import Parts
from api.shelf import Shelf
from desk.door import Desk
from domain.actor import Role
from domain.policy import registry
from storage.delegations import Delegations
from storage.packs import install_packs
from tests.api.steps import until
from tests.api.world import TOKEN_KEY, as_role
from tests.domain.shop import shop
from tests.house import ROOT, House, build_house

LIN = as_role(Role.AGENT, id="lin", tenant="shop")
BASE = "http://redress.test"
PEOPLE = """\
id = "shop"
name = { zh = "小店", en = "Small shop" }
pack = "shop@2027-01"
zone = "Asia/Shanghai"
currency = "CNY"
holidays = "CN"

[service_hours]
mon = ["00:00-24:00"]
tue = ["00:00-24:00"]
wed = ["00:00-24:00"]
thu = ["00:00-24:00"]
fri = ["00:00-24:00"]

[[staff]]
id = "lin"
name = "Lin"
roles = ["agent"]
email = "lin@shop.example"

[[staff]]
id = "zhou"
name = "Zhou"
roles = ["supervisor"]
email = "zhou@shop.example"

[[staff]]
id = "wu"
name = "Wu"
roles = ["agent"]
email = "wu@shop.example"
locale = "en"
"""


@dataclass
class MailHouse:
    """A house whose mails lead to an API over the same complaints."""

    house: House
    http: httpx.AsyncClient

    async def asked(self) -> str:
        """A complaint of which a waybill is to be voided, which the supervisor signs."""
        intake = {
            "category": "before_dispatch",
            "channel": "app",
            "customer": {"name": "王芳", "customer_id": "cust-0001", "locale": "zh-CN"},
            "content": "请不要发货，我要改地址。",
            "order_number": "HM-2026-0001",
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        filed = await self.http.post("/v1/complaints", json=intake, headers={**as_role(Role.INTAKE, tenant="shop"), **key})
        assert filed.status_code == 201, filed.text
        complaint = str(filed.json()["complaint_id"])
        await self.says(complaint, "respond", message="已登记")
        await self.says(complaint, "verify", founded=True, findings="未发货")
        await until(lambda: self.read(complaint), lambda case: case["order"] is not None)
        await self.says(complaint, "assess", facts={}, liable="nobody")
        await self.says(complaint, "propose")
        return complaint

    async def says(self, complaint: str, command: str, **body: object) -> None:
        answer = await self.http.post(f"/v1/complaints/{complaint}/{command}", json=body, headers=LIN)
        assert answer.status_code == 200, answer.text

    async def read(self, complaint: str, what: str = "") -> httpx.Response:
        return await self.http.get(f"/v1/complaints/{complaint}{what}", headers=LIN)

    async def decided(self, complaint: str, kind: str) -> dict[str, object]:
        """Who the journal says decided, once it says so."""
        journal = await until(
            lambda: self.read(complaint, "/journal"),
            lambda found: any(each["event"]["kind"] == kind for each in found["entries"]),
        )
        by: dict[str, object] = next(each["by"] for each in journal["entries"] if each["event"]["kind"] == kind)
        return by

    async def mail(self, to: str, complaint: str) -> str:
        """The text of the mail to this person about this complaint, once it is there."""
        for _ in range(600):
            found = [each["text"] for each in self.house.mail.mails(to) if complaint in each["subject"]]
            if found:
                return str(found[0])
            await asyncio.sleep(0.1)
        raise AssertionError(f"no mail to {to} about {complaint}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mailed(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MailHouse]:
    folder, tenants = tmp_path_factory.mktemp("mailed"), tmp_path_factory.mktemp("companies")
    (tenants / "shop.toml").write_text(PEOPLE, encoding="utf-8")
    registry.install([shop()])
    async with build_house(temporal_env, folder, tenants, decision_link_url=BASE, token_key=TOKEN_KEY) as house:
        desk = Desk(temporal_env.client, house.task_queue)
        shelf = Shelf([*install_packs(ROOT / "policies"), shop()], house.parts.tenants)
        door = doorkeeper(house.settings, house.parts.database)
        parts = Parts(desk, house.parts.database, shelf, door, "", DecisionLinks([TOKEN_KEY]))
        transport = httpx.ASGITransport(app=assembled(parts), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers={"Accept": "text/html"}) as http:
            yield MailHouse(house, http)


def _link(text: str) -> str:
    found = re.search(r"http://redress\.test/v1/decisions/\S+", text)
    assert found is not None, text
    return found[0]


@pytest.mark.clause("LOY-FLW-05", "ECO-PRE-01")
async def test_the_supervisor_approves_by_the_link_in_their_mail(mailed: MailHouse) -> None:
    complaint = await mailed.asked()
    link = _link(await mailed.mail("zhou@shop.example", complaint))
    page = await mailed.http.get(link, headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 200, page.text
    assert "作废运单并归档" in page.text
    assert "未发货" in page.text
    answer = await mailed.http.post(link, data={"decision": "approve", "words": "同意作废"})
    assert answer.status_code == 200, answer.text
    assert (await mailed.decided(complaint, "approved"))["id"] == "zhou"
    await until(lambda: mailed.read(complaint), lambda case: case["stage"] == "offered")


@pytest.mark.clause("LOY-FLW-05")
async def test_a_delegate_gets_the_mail_too_with_a_link_of_their_own(mailed: MailHouse) -> None:
    now = datetime.now(UTC)
    kept = Delegations(mailed.house.parts.database)
    given = await kept.make("shop", "zhou", "wu", now, now + timedelta(days=3), "leave", "zhou", now)
    try:
        complaint = await mailed.asked()
        own = await mailed.mail("wu@shop.example", complaint)
        assert "Decide: http" in own
        assert _link(own) != _link(await mailed.mail("zhou@shop.example", complaint))
        answer = await mailed.http.post(_link(own), data={"decision": "send_back", "words": "which waybill?"})
        assert answer.status_code == 200, answer.text
        by = await mailed.decided(complaint, "sent_back")
        assert (by["id"], by["acting_for"]) == ("wu", "zhou")
    finally:
        await kept.revoke("shop", given.delegation_id, "zhou", datetime.now(UTC))


@pytest.mark.parametrize(("base", "secret"), [("", TOKEN_KEY), (BASE, ""), ("", "")])
def test_where_nobody_set_links_up_the_mail_says_where_to_look(base: str, secret: str) -> None:
    asked = DecisionAsked(complaint_id="cmp_1", number=2)
    assert MailedLinks(base, secret).to("shop", "zhou", asked) is None
    assert where_to_look(asked, "zh-CN") == "请登录投诉系统，打开投诉 cmp_1 的第 2 号方案"
    assert where_to_look(asked, "en") == "open proposal 2 of complaint cmp_1 in your complaint system"
