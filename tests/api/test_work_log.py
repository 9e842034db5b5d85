"""The work log and the customer file: what staff read of what was done, and for whom."""

from __future__ import annotations

import csv
import io
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import journal as j
from domain.actor import Actor, Role
from domain.case import Case
from domain.fold import begin, evolve
from domain.intake import Intake, Product
from domain.journal import Entry, Event, Received
from domain.order import Customer
from domain.policy import registry
from domain.promise_events import NoticeSent
from storage.erasures import Erasures
from storage.journal import Journal
from tests.api.world import World, as_role

# A tenant of these tests alone: its database rows come from nowhere else.
TENANT = "marketplace-demo"
AGENT = as_role(Role.AGENT, tenant=TENANT)
CHINESE = {**AGENT, "Accept-Language": "zh-CN"}
SHOP = Actor(id="shop", roles=(Role.INTAKE,))
MEI = Actor(id="mei", roles=(Role.AGENT,))
CLOSED = (
    j.Responded(message="on it"),
    j.Verified(founded=True, findings="seen"),
    j.Confirmed(satisfied=True, rating=5),
    j.Closed(outcome="satisfied"),
)


async def filed(
    world: World,
    at: datetime,
    *events: Event,
    person: str = "mei",
    customer: Customer | None = None,
    category: str = "product_quality",
    order_number: str = "JS-1",
) -> Case:
    """A complaint with these entries, ten minutes apart."""
    intake = Intake(
        category=category, channel="hotline", customer=customer or Customer(name="刘洋", customer_id="c-0", phone="1"),
        content="坏了", order_number=order_number, product=Product(name="保温杯", sku="CUP"),
        bought_through="旗舰店",
        address="杭州",
    )  # fmt: skip
    pack = registry.released("marketplace@2026-11")
    received = Received(
        tenant=TENANT, complaint_id=f"cmp_{uuid.uuid4().hex[:26]}", pack=pack.ref, pack_digest=pack.digest, zone="Asia/Shanghai",
        currency="CNY", group=next(row.group for row in pack.category if row.id == category), level="normal", urgent=False,
        intake=intake,
    )  # fmt: skip
    entries = [Entry(seq=1, at=at, by=SHOP, event=received)]
    case = begin(entries[0])
    for number, event in enumerate((j.Assigned(assignee=person, why="least_loaded"), *events), start=2):
        by = MEI if isinstance(event, j.Responded | j.Verified) else SHOP
        entries.append(Entry(seq=number, at=at + timedelta(minutes=10 * (number - 1)), by=by, event=event))
        case = evolve(case, entries[-1])
    await Journal(world.database).record(entries, case)
    return case


async def read(world: World, days: dict[str, str], **asked: Any) -> Any:
    answer = await world.get("/v1/reports/work-log", CHINESE, **days, **asked)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.clause("ECO-LOG-01")
async def test_every_case_is_one_line_with_nature_method_times_and_result(unmanned: World) -> None:
    begun = datetime(2026, 3, 4, 2, tzinfo=UTC)
    case = await filed(unmanned, begun, *CLOSED)
    page = (await read(unmanned, {"from": "2026-03-04", "to": "2026-03-05"})).json()
    (line,) = page["rows"]
    assert line["complaint_id"] == case.complaint_id
    assert (line["category"], line["category_title"]["en"], line["level"]) == (
        "product_quality",
        "Product quality",
        "normal",
    )
    assert (line["person"], line["worked_on_by"]) == ("mei", ["mei"])
    assert line["received_at"] == "2026-03-04T02:00:00Z"
    assert line["responded_at"] == "2026-03-04T02:20:00Z"
    assert line["closed_at"] == "2026-03-04T02:50:00Z"
    assert (line["outcome"], line["satisfied"], line["rating"]) == ("satisfied", True, 5)
    assert "刘洋" not in str(page)


@pytest.mark.clause("ECO-LOG-01")
async def test_it_is_narrowed_by_person_and_days_and_paged_without_a_gap(unmanned: World) -> None:
    begun = datetime(2026, 5, 6, 2, tzinfo=UTC)
    cases = [await filed(unmanned, begun + timedelta(minutes=n), person=("mei", "nan")[n % 2]) for n in range(5)]
    await filed(unmanned, begun + timedelta(days=1))
    days = {"from": "2026-05-06", "to": "2026-05-07"}
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = (await read(unmanned, days, limit=2, **({"cursor": cursor} if cursor else {}))).json()
        found += [row["complaint_id"] for row in page["rows"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == [case.complaint_id for case in reversed(cases)]
    nans = (await read(unmanned, days, person="nan")).json()["rows"]
    assert [row["complaint_id"] for row in nans] == [cases[3].complaint_id, cases[1].complaint_id]


@pytest.mark.clause("ECO-LOG-01")
async def test_as_a_file_it_holds_every_line_and_no_formula(unmanned: World) -> None:
    begun = datetime(2026, 7, 8, 2, tzinfo=UTC)
    await filed(unmanned, begun, person='=HYPERLINK("http://evil")')
    await filed(unmanned, begun + timedelta(minutes=1), *CLOSED)
    days = {"from": "2026-07-08", "to": "2026-07-09"}
    answer = await read(unmanned, days, form="csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="work-log-2026-07-08.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, closed, unanswered = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:2] == ["编号", "类别"]
    in_charge, result = head.index("负责人"), head.index("结果")
    assert (closed[head.index("收到")], closed[head.index("结案")]) == ("2026-07-08 10:01", "2026-07-08 10:51")
    assert unanswered[in_charge] == '\'=HYPERLINK("http://evil")'
    assert unanswered[result] == "处理中"
    book = zipfile.ZipFile(io.BytesIO((await read(unmanned, days, form="xlsx")).content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK" in book.read("xl/sharedStrings.xml").decode()


async def test_days_that_make_no_period_are_named(unmanned: World) -> None:
    answer = await unmanned.get("/v1/reports/work-log", AGENT, **{"from": "2026-11-02", "to": "2026-11-02"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "to"


@pytest.mark.clause("ECO-CRM-01")
async def test_a_customers_file_holds_contact_purchases_and_all_that_was_said(unmanned: World) -> None:
    mine = Customer(name="陈晨", customer_id="c-file", phone="13900000009", email="chen@example.com")
    moved = mine.model_copy(update={"phone": "13900000008"})
    begun = datetime(2026, 2, 1, 2, tzinfo=UTC)
    sent = NoticeSent(notice="registered", to="customer", channels=("email",))
    first = await filed(unmanned, begun, *CLOSED, customer=mine, order_number="JS-11")
    second = await filed(unmanned, begun + timedelta(days=3), sent, customer=moved, order_number="JS-12")
    await filed(unmanned, begun)

    answer = await unmanned.get("/v1/customers/c-file/file", CHINESE)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["total"] == 2
    assert [(each["phone"], each["address"]) for each in told["contacts"]] == [("13900000008", "杭州"), ("13900000009", "杭州")]
    assert [(each["order_number"], each["product"]["name"], each["bought_through"]) for each in told["purchases"]] == [
        ("JS-12", "保温杯", "旗舰店"), ("JS-11", "保温杯", "旗舰店"),
    ]  # fmt: skip
    newest, oldest = told["complaints"]
    assert (newest["complaint_id"], oldest["complaint_id"]) == (second.complaint_id, first.complaint_id)
    assert [each["notice"] for each in newest["notices"]] == ["registered"]
    assert any("mei" in each["story"] for each in oldest["story"])
    assert (oldest["outcome"], oldest["satisfied"]) == ("satisfied", True)

    paged = (await unmanned.get("/v1/customers/c-file/file", CHINESE, limit=1)).json()
    rest = (await unmanned.get("/v1/customers/c-file/file", CHINESE, limit=1, cursor=paged["next_cursor"])).json()
    assert [each["complaint_id"] for each in (*paged["complaints"], *rest["complaints"])] == [
        second.complaint_id, first.complaint_id,
    ]  # fmt: skip
    assert rest["next_cursor"] is None


@pytest.mark.clause("ECO-CRM-01")
async def test_the_file_goes_with_its_customer_and_stays_inside_its_company(unmanned: World) -> None:
    case = await filed(
        unmanned, datetime(2026, 2, 9, 2, tzinfo=UTC), *CLOSED, customer=Customer(name="韩雪", customer_id="c-gone", phone="1")
    )
    path = "/v1/customers/c-gone/file"
    assert (await unmanned.get(path, AGENT)).status_code == 200
    assert (await unmanned.get(path, as_role(Role.AGENT, tenant="home-demo"))).status_code == 404
    assert (await unmanned.get(path, as_role(Role.CUSTOMER, tenant=TENANT, complaint=case.complaint_id))).status_code == 403

    await Erasures(unmanned.database).erase(TENANT, "digest", [case.complaint_id], "admin", "asked for")
    assert (await unmanned.get(path, AGENT)).status_code == 404
