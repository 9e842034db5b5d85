"""The monthly review reaches a supervisor by its day; when it does not, the manager hears of it and it is tried on."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from activities.contract import SummaryReceipt
from activities.summaries import SummariesActivities
from adapters.mail import SmtpMail
from domain.policy import registry
from domain.summary.period import Period, running
from storage.summaries import Summaries
from storage.tenants import TenantShelf
from tests.house import ROOT, House
from worker.composition import STRICT
from workflows.operator_view import STAGE
from workflows.operator_view import TENANT as COMPANY
from workflows.review import REVIEW_LATE, Review, ReviewWorkflow

TENANT = "marketplace-demo"
ZONE = "Asia/Shanghai"


class Company:
    """The marketplace demo company in a folder of its own, whose addresses a test may take away and give back."""

    def __init__(self, folder: Path) -> None:
        self.tenants = TenantShelf(folder)
        self.run = uuid.uuid4().hex[:8]
        self._file = folder / f"{TENANT}.toml"
        self._text = (ROOT / "tenants" / f"{TENANT}.toml").read_text(encoding="utf-8").replace("@jishi", f"@{self.run}.jishi")
        self.with_addresses()

    def address(self, name: str) -> str:
        return f"{name}@{self.run}.jishi.example"

    def with_addresses(self) -> None:
        self._file.write_text(self._text, encoding="utf-8")

    def without_supervisors(self) -> None:
        text = self._text
        for name in ("gao", "hua"):
            text = text.replace(f'email = "{self.address(name)}"\n', "")
        self._file.write_text(text, encoding="utf-8")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest_asyncio.fixture(loop_scope="session")
async def queue(house: House, company: Company) -> AsyncIterator[str]:
    """A worker of reviews alone, for this company."""
    name = f"reviews-{company.run}"
    mail = SmtpMail("127.0.0.1", house.mail.smtp_port, "care@jishi.example")
    activities = SummariesActivities(company.tenants, Summaries(house.parts.database), lambda _: mail)
    async with Worker(
        house.env.client,
        task_queue=name,
        workflows=[ReviewWorkflow],
        activities=[activities.summarise, activities.tell_late],
        workflow_runner=STRICT,
    ):
        yield name


def this_month() -> Period:
    """The month that is under way: its review is due on the 6th of the next one, which has not come."""
    return running("month", datetime.now(UTC), ZONE)


async def begun(house: House, queue: str, period: Period) -> WorkflowHandle[Any, SummaryReceipt]:
    pack = registry.released("marketplace@2026-11")
    review = Review(
        tenant=TENANT, report="summary", pack=pack.ref, pack_digest=pack.digest, zone=ZONE,
        from_on=period.from_on, to_on=period.to_on,
    )  # fmt: skip
    return await house.env.client.start_workflow(ReviewWorkflow.run, review, id=f"review/{queue}", task_queue=queue)


async def mailed(house: House, to: str, about: str, seconds: float = 60) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while not (found := [each for each in house.mail.mails(to) if about in each["subject"]]):
        assert time.monotonic() < end, [each["subject"] for each in house.mail.mails(to)]
        await asyncio.sleep(0.05)
    return found[0]


@pytest.mark.clause("ECO-MON-01", "ECO-STA-01")
async def test_the_months_summary_reaches_the_supervisors_and_the_departments(house: House, queue: str, company: Company) -> None:
    receipt = await (await begun(house, queue, this_month())).result()

    assert receipt.supervised
    assert receipt.sent_to == ("gao", "hua", "xiao")
    assert receipt.departments == ("department/purchasing", "department/operations")
    for name in ("gao", "purchasing", "operations"):
        told = await mailed(house, company.address(name), "投诉月度汇总")
        assert "收到" in told["text"]
        assert "改进建议" in told["text"]
    assert not house.mail.mails(company.address("warehouse"))
    assert not [each for each in house.mail.mails(company.address("xiao")) if "逾期" in each["subject"]]


@pytest.mark.clause("ECO-MON-01")
async def test_what_has_reached_no_supervisor_by_the_6th_is_told_to_the_manager_and_tried_on(
    house: House, queue: str, company: Company
) -> None:
    company.without_supervisors()
    period = this_month()
    handle = await begun(house, queue, period)
    await mailed(house, company.address("xiao"), "投诉月度汇总")
    sixth = period.to_on.replace(day=6)
    now = (await house.env.get_current_time(handle)).astimezone(UTC)
    await house.env.fast_forward(handle, period.to_at + timedelta(days=6, minutes=1) - now)

    told = await mailed(house, company.address("xiao"), "逾期")
    assert f"应在 {sixth} 之内送达主管，至今未送达。[ECO-MON-01, ECO-STA-01" in told["text"]
    described = await handle.describe()
    assert described.close_time is None
    # Operators count it by these.
    assert described.typed_search_attributes.get(STAGE) == REVIEW_LATE
    assert described.typed_search_attributes.get(COMPANY) == TENANT
    shown: WorkflowMetadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert shown.current_details.startswith("LATE since ")
    assert not house.mail.mails(company.address("gao"))

    company.with_addresses()
    await house.env.fast_forward(handle, timedelta(days=1, minutes=1))
    receipt = await handle.result()
    assert (await handle.describe()).typed_search_attributes.get(STAGE) is None
    assert receipt.supervised
    assert set(receipt.sent_to) == {"gao", "hua", "xiao"}
    assert "投诉月度汇总" in (await mailed(house, company.address("gao"), "投诉月度汇总"))["subject"]
    # The manager, who had it, did not get it a second time.
    assert len([each for each in house.mail.mails(company.address("xiao")) if "| 投诉月度汇总" in each["subject"]]) == 1


@pytest.mark.clause("ECO-MON-01")
async def test_a_review_asked_for_after_its_day_is_never_late(house: House, queue: str, company: Company) -> None:
    company.without_supervisors()
    receipt = await (await begun(house, queue, Period(from_on=date(2024, 1, 1), to_on=date(2024, 2, 1), zone=ZONE))).result()

    assert not receipt.supervised
    assert not [each for each in house.mail.mails(company.address("xiao")) if "逾期" in each["subject"]]
