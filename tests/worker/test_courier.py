"""The courier: what is in the outbox reaches whoever subscribed, signed, once, and however often it takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from adapters.webhook_signature import fits, key_of
from adapters.webhooks import HttpWebhooks
from storage.__main__ import migrate_database
from storage.database import Database, open_database
from storage.deliveries import Deliveries, Delivery
from storage.delivery_tables import deliveries as outbox
from storage.journal import Journal
from storage.subscribers import Subscribers
from storage.tenants import TenantShelf
from tests.doubles import WebhookReceiver, start_webhook_receiver
from tests.storage.stories import Story
from worker.courier import WAITS, Courier

SECRET = "whsec_" + "c2VjcmV0IGFzIGxvbmcgYXMgaXQgaGFzIHRvIGJl"
OLD_SECRET = "whsec_" + "YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBvbGRlciBieSBmYXI="
TENANT = "home-demo"


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    for _ in range(int(seconds / 0.05)):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("never became true")


def company(folder: Path, *webhooks: str) -> TenantShelf:
    """The demo company with these subscriptions."""
    text = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    (folder / "home-demo.toml").write_text("\n".join((text, *webhooks)), encoding="utf-8")
    return TenantShelf(folder)


def webhook(id: str, url: str, *secrets: str) -> str:
    return f'[[webhooks]]\nid = "{id}"\nurl = "{url}"\nsecrets = {json.dumps(secrets or [SECRET])}\n'


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with start_webhook_receiver() as made:
        yield made


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(f"sqlite+aiosqlite:///{tmp_path}/db/redress.db")
    await migrate_database(opened)
    yield opened
    await opened.close()


@contextlib.asynccontextmanager
async def at_work(database: Database, tenants: TenantShelf, couriers: int = 1) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(couriers):
            webhooks = HttpWebhooks(only_public=False)
            stack.push_async_callback(webhooks.close)
            await stack.enter_async_context(Courier(Deliveries(database), tenants, webhooks).at_work())
        yield


async def happens(database: Database, tenants: TenantShelf, times: int = 1) -> Story:
    """A complaint with so many responses; reception is news too."""
    story = Story(TENANT)
    for number in range(times):
        story.responded(f"第 {number} 次")
    await Journal(database, Subscribers(tenants)).record(story.entries, story.case)
    return story


async def settled(database: Database, status: str, count: int) -> list[Delivery]:
    found: list[Delivery] = []

    async def enough() -> bool:
        found[:] = (await Deliveries(database).page(TENANT, status, None, None, 200)).rows  # type: ignore[arg-type]
        return len(found) >= count

    await until(enough)
    return found


async def test_news_is_signed_with_every_secret_and_says_what_to_look_at(
    database: Database, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    tenants = company(tmp_path, webhook("erp", receiver.url, SECRET, OLD_SECRET))
    story = await happens(database, tenants)
    async with at_work(database, tenants):
        await settled(database, "delivered", 2)
    assert {json.loads(each.body)["type"] for each in receiver.received} == {"complaint.received", "complaint.responded"}
    for each in receiver.received:
        headers = each.headers
        told = json.loads(each.body)
        assert told["data"]["complaint_id"] == story.complaint_id
        assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 300
        for secret in (SECRET, OLD_SECRET):
            signed = (headers["webhook-signature"], headers["webhook-id"], headers["webhook-timestamp"], each.body.encode())
            assert fits(key_of(secret), *signed)
            assert not fits(b"another", *signed)


async def test_several_couriers_send_each_piece_once(database: Database, tmp_path: Path, receiver: WebhookReceiver) -> None:
    tenants = company(tmp_path, webhook("erp", receiver.url))
    await happens(database, tenants, 40)
    async with at_work(database, tenants, couriers=3):
        await settled(database, "delivered", 41)
    ids = [each.headers["webhook-id"] for each in receiver.received]
    assert len(ids) == len(set(ids)) == 41


async def test_what_is_not_taken_waits_longer_and_longer_and_then_is_dead(
    database: Database, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    receiver.status = 500
    tenants = company(tmp_path, webhook("erp", receiver.url))
    await happens(database, tenants)
    deliveries = Deliveries(database)
    webhooks = HttpWebhooks(only_public=False)
    courier = Courier(deliveries, tenants, webhooks)
    now = datetime.now(UTC)
    for attempt in range(1, len(WAITS) + 2):
        # Each time its hour has come.
        for taken in await deliveries.take(TENANT, "erp", datetime.now(UTC) + timedelta(days=30), timedelta(0), 10):
            assert taken.attempts == attempt
            await courier.deliver(taken)
        for each in (await deliveries.page(TENANT, "pending", None, None, 10)).rows:
            assert each.next_at is not None
            assert WAITS[attempt - 1] <= each.next_at - now
            assert each.answered == 500
    dead = (await deliveries.page(TENANT, "dead", None, None, 10)).rows
    assert [(each.attempts, each.error) for each in dead] == [(len(WAITS) + 1, "answered 500")] * 2
    assert sum(WAITS, timedelta(0)) > timedelta(days=3)
    receiver.status = 204
    before = len(receiver.received)
    await deliveries.resend(TENANT, dead[0].id, datetime.now(UTC))
    async with at_work(database, tenants):
        (sent,) = await settled(database, "delivered", 1)
    assert sent.id == dead[0].id == receiver.received[before].headers["webhook-id"], "known again by its id"
    await webhooks.close()


async def test_whatever_is_old_is_forgotten_however_much_there_is_and_whose_ever_it_was(
    database: Database, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    old, new = now - timedelta(days=31), now - timedelta(days=29)

    def row(number: int, tenant: str, at: datetime, status: str) -> dict[str, object]:
        return {
            "id": f"msg_{tenant}_{at:%d}_{status}_{number}", "tenant": tenant, "endpoint": "erp", "type": "complaint.closed",
            "complaint_id": "cmp_1", "seq": number, "body": "{}", "status": status, "attempts": 1, "created_at": at,
            "next_at": at,
        }  # fmt: skip

    gone = [row(number, tenant, old, "delivered") for tenant in (TENANT, "no-longer-here") for number in range(2500)]
    kept = [row(number, TENANT, at, status) for number, (at, status) in enumerate([(new, "delivered"), (old, "dead")])]
    async with database.writing() as connection:
        await connection.execute(insert(outbox), [*gone, *kept])
    async with at_work(database, company(tmp_path)):

        async def left() -> bool:
            async with database.reading() as connection:
                return set(await connection.scalars(select(outbox.c.id))) == {each["id"] for each in kept}

        await until(left)


async def test_who_says_gone_or_is_no_longer_subscribed_is_left_alone(
    database: Database, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    receiver.status = 410
    tenants = company(tmp_path, webhook("erp", receiver.url), webhook("crm", receiver.url))
    await happens(database, tenants, 0)
    company(tmp_path, webhook("erp", receiver.url))
    async with at_work(database, tenants):
        dead = {each.endpoint: each.error for each in await settled(database, "dead", 2)}
    assert dead == {"erp": "answered 410", "crm": "no longer subscribed"}
    assert len(receiver.received) == 1


async def test_one_that_is_away_holds_up_nobody(database: Database, tmp_path: Path, receiver: WebhookReceiver) -> None:
    tenants = company(tmp_path, webhook("away", "http://127.0.0.1:9/hook"), webhook("erp", receiver.url))
    await happens(database, tenants, 20)
    async with at_work(database, tenants):
        taken = await settled(database, "delivered", 21)
    assert {each.endpoint for each in taken} == {"erp"}
    waiting = (await Deliveries(database).page(TENANT, "pending", "away", None, 50)).rows
    assert len(waiting) == 21
    assert {each.error for each in waiting if each.attempts} <= {"ConnectError", None}


@pytest.mark.parametrize("status", [301, 400, 404])
async def test_an_answer_that_takes_nothing_is_no_success(
    database: Database, tmp_path: Path, receiver: WebhookReceiver, status: int
) -> None:
    receiver.status = status
    tenants = company(tmp_path, webhook("erp", receiver.url))
    await happens(database, tenants, 0)
    deliveries = Deliveries(database)

    async def tried() -> bool:
        (each,) = (await deliveries.page(TENANT, "pending", None, None, 10)).rows
        return each.answered == status

    async with at_work(database, tenants):
        await until(tried)


async def test_a_secret_that_is_missing_sends_nothing_and_shows_nothing(
    database: Database, tmp_path: Path, receiver: WebhookReceiver, capfd: pytest.CaptureFixture[str]
) -> None:
    tenants = company(tmp_path, webhook("erp", receiver.url + "?key=hidden", "env:NO_SUCH_SECRET", SECRET))
    await happens(database, tenants, 0)

    async def tried() -> bool:
        (each,) = (await Deliveries(database).page(TENANT, "pending", None, None, 10)).rows
        return each.error == "the variable NO_SUCH_SECRET holds no secret"

    async with at_work(database, tenants):
        await until(tried)
    assert receiver.received == []
    said = "".join(capfd.readouterr())
    assert SECRET not in said
    assert "hidden" not in said
    assert SECRET not in repr(tenants.get(TENANT))


async def test_a_companys_broken_file_stops_no_journal(database: Database, tmp_path: Path, receiver: WebhookReceiver) -> None:
    tenants = company(tmp_path, webhook("erp", receiver.url))
    journal = Journal(database, Subscribers(tenants))
    first, second = Story(TENANT), Story(TENANT)
    await journal.record(first.entries, first.case)
    (tmp_path / "home-demo.toml").write_text("id = [", encoding="utf-8")
    await journal.record(second.entries, second.case)
    told = {each.complaint_id for each in (await Deliveries(database).page(TENANT, None, None, None, 10)).rows}
    assert told == {first.complaint_id, second.complaint_id}, "subscribers count as they were"
