from __future__ import annotations

import uuid

import httpx
import pytest

from adapters.accounts import HttpAccounts
from adapters.errors import PartnerRefused
from domain.effects import AccountChange
from tests.doubles import PartnerService


@pytest.fixture
def accounts(client: httpx.AsyncClient) -> HttpAccounts:
    return HttpAccounts(client)


def account(service: PartnerService, customer: str) -> dict[str, object]:
    answer: dict[str, object] = service.client.get(f"/accounts/{customer}").json()
    return answer


@pytest.mark.clause("GRO-COD-03")
async def test_cash_on_delivery_is_restricted_once_and_restored(
    accounts: HttpAccounts, key: str, partner_service: PartnerService
) -> None:
    customer = f"cust-{uuid.uuid4().hex[:8]}"
    restricted = await accounts.place(key, AccountChange(kind="restrict_cod", customer_id=customer, reason="GRO-COD-03"))
    assert restricted.status == "done"
    assert await accounts.place(key, AccountChange(kind="restrict_cod", customer_id=customer, reason="GRO-COD-03")) == restricted
    assert account(partner_service, customer) == {"customer_id": customer, "frozen": False, "cod_restricted": True}
    await accounts.place(f"{key}-back", AccountChange(kind="restore_cod", customer_id=customer))
    assert account(partner_service, customer)["cod_restricted"] is False
    assert await accounts.ask(key) == restricted


async def test_an_account_is_frozen_and_released(accounts: HttpAccounts, key: str, partner_service: PartnerService) -> None:
    customer = f"cust-{uuid.uuid4().hex[:8]}"
    await accounts.place(key, AccountChange(kind="freeze", customer_id=customer))
    assert account(partner_service, customer)["frozen"] is True
    await accounts.place(f"{key}-back", AccountChange(kind="release", customer_id=customer))
    assert account(partner_service, customer)["frozen"] is False


async def test_a_change_of_nobodys_account_is_refused(accounts: HttpAccounts, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await accounts.place(key, AccountChange(kind="freeze", customer_id=""))
    assert refused.value.code == "incomplete"


async def test_a_change_that_was_never_made_is_not_known(accounts: HttpAccounts, key: str) -> None:
    assert await accounts.ask(key) is None


async def test_a_change_is_undone_once(accounts: HttpAccounts, key: str, partner_service: PartnerService) -> None:
    customer = f"cust-{uuid.uuid4().hex[:8]}"
    await accounts.place(key, AccountChange(kind="restrict_cod", customer_id=customer))
    undone = await accounts.cancel(key)
    assert undone.status == "refused"
    assert await accounts.cancel(key) == undone
    assert account(partner_service, customer)["cod_restricted"] is False
