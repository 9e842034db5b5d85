"""The customer file: who a customer is, what they bought as far as complaints tell, and every complaint with its story."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.abuse import FiledNotice, notices_of
from api.blacklist import Limitation, limitations
from api.finding import whole_journal
from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.language import reader
from api.pages import Cursor
from api.parts import AllParts, Parts
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, NOT_FOUND, Problem, declared
from domain.case import Case
from domain.intake import Product
from domain.money import Money
from domain.order import Customer, Locale
from domain.story.tell import tell
from storage.customers import Customers

router = APIRouter(prefix="/v1/customers", tags=["2 Reading"], route_class=GuardedRoute)
# Each with its whole story.
_MOST = 20


class Contact(BaseModel):
    """How a customer was to be reached when they complained."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name as the customer gave it.")
    phone: str | None = Field(description="Telephone number.")
    email: str | None = Field(description="E-mail address.")
    address: str | None = Field(description="Postal address, or where goods were installed.")
    said_at: AwareDatetime = Field(description="When the customer said so last (UTC).")


class Bought(BaseModel):
    """One thing of an order."""

    model_config = ConfigDict(frozen=True)

    sku: str = Field(description="Number of the article.")
    name: str = Field(description="What it is called.")
    quantity: int = Field(description="How many.")
    price: Money = Field(description="Price of one.")


class Purchase(BaseModel):
    """What was bought, as far as a complaint and its order tell."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="The complaint that tells of it.")
    order_number: str | None = Field(description="Number of the order.")
    placed_on: date | None = Field(description="Day of the order (UTC); null where the order system did not know it.")
    bought_through: str | None = Field(description="Shop, platform or app.")
    product: Product | None = Field(description="The product complained of.")
    lines: tuple[Bought, ...] = Field(description="What the order holds.")
    paid: Money | None = Field(description="What was paid for the order.")


class FileStoryLine(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(frozen=True)

    seq: int = Field(description="Counts from 1 without a gap.")
    at: AwareDatetime = Field(description="When (UTC).")
    by: str = Field(description="Who did it.")
    story: str = Field(description="What happened, in the reader's language.")


class FileComplaint(BaseModel):
    """One complaint of the customer."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    category: str = Field(description="Category id.")
    level: str = Field(description="Level.")
    stage: str = Field(description="How far it is.")
    received_at: AwareDatetime = Field(description="When it was received (UTC).")
    closed_at: AwareDatetime | None = Field(description="When it ended (UTC); null while it is open.")
    outcome: str | None = Field(description="How it ended.")
    satisfied: bool | None = Field(description="What the customer said of the result.")
    paid: Money = Field(description="What the customer got in money.")
    story: tuple[FileStoryLine, ...] = Field(description="Everything that happened, in order.")
    notices: tuple[FiledNotice, ...] = Field(description="Every message.")


class CustomerFile(BaseModel):
    """What is on record of a customer, complaint by complaint, the newest first."""

    model_config = ConfigDict(frozen=True)

    customer_id: str = Field(description="The shop's id of the customer.")
    locale: Locale = Field(description="Language of the sentences.")
    zone: str = Field(description="IANA time zone of the instants in the sentences.")
    total: int = Field(description="Complaints of this customer in all.")
    contacts: tuple[Contact, ...] = Field(description="As these complaints tell them, the newest first, each once.")
    purchases: tuple[Purchase, ...] = Field(description="As these complaints and their orders tell them.")
    complaints: tuple[FileComplaint, ...] = Field(description="A page of them, the newest first.")
    blacklisted: tuple[Limitation, ...] = Field(description="What limits this customer now.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last one.")


@router.get(
    "/{customer_id}/file", operation_id="read_customer_file", summary="Read a customer's file",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def read_customer_file(
    customer_id: Annotated[str, Path(max_length=64, description="The shop's id of the customer.", examples=["cust-0001"])],
    me: Caller,
    parts: AllParts,
    request: Request,
    response: Response,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description=f"Most complaints of a page, 1 to {_MOST}.")] = 10,
) -> CustomerFile:
    """Contact, purchases as far as complaints name them, and all complaints with their stories and messages.

    It is put together when it is read: whoever is erased has none.
    """
    me.must_be(*STAFF)
    locale = reader(request)
    response.headers["Content-Language"] = locale
    found, total = await Customers(parts.database).cases(me.tenant, customer_id, cursor=cursor, limit=limit)
    if not total:
        raise Problem(NOT_FOUND, "没有该客户的投诉记录", "no complaint of this customer is on record")
    limits = await limitations(parts, me.tenant, parts.shelf.terms(me.tenant).pack, customer_id)
    return CustomerFile(
        customer_id=customer_id,
        locale=locale,
        zone=parts.shelf.tenant(me.tenant).zone,
        total=total,
        contacts=_contacts(found.rows),
        purchases=tuple(_purchase(case) for case in found.rows if _says_what_was_bought(case)),
        complaints=tuple([await _complaint(parts, case, locale) for case in found.rows]),
        blacklisted=limits,
        next_cursor=found.next_cursor,
    )


def _contacts(cases: tuple[Case, ...]) -> tuple[Contact, ...]:
    """The newest of those that are the same."""
    found: dict[tuple[str | None, ...], Contact] = {}
    for case in cases:
        who: Customer = case.intake.customer
        address = case.intake.address or case.intake.installation_address
        contact = Contact(name=who.name, phone=who.phone, email=who.email, address=address, said_at=case.received_at)
        found.setdefault((who.name, who.phone, who.email, address), contact)
    return tuple(found.values())


def _says_what_was_bought(case: Case) -> bool:
    return bool(case.intake.order_number or case.intake.product) and case.order_check != "not_theirs"


def _purchase(case: Case) -> Purchase:
    order = case.order
    return Purchase(
        complaint_id=case.complaint_id,
        order_number=case.intake.order_number,
        placed_on=order.placed_at.date() if order else None,
        bought_through=case.intake.bought_through,
        product=case.intake.product,
        lines=tuple(Bought(sku=each.sku, name=each.name, quantity=each.quantity, price=each.price) for each in order.lines)
        if order
        else (),
        paid=order.paid if order else None,
    )


async def _complaint(parts: Parts, case: Case, locale: Locale) -> FileComplaint:
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    departments = parts.shelf.departments(case.tenant)
    entries = await whole_journal(parts, case.tenant, case.complaint_id)
    return FileComplaint(
        complaint_id=case.complaint_id,
        category=case.category,
        level=case.level,
        stage=case.stage,
        received_at=case.received_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        satisfied=case.satisfied,
        paid=case.paid,
        story=tuple(
            FileStoryLine(seq=entry.seq, at=entry.at, by=entry.by.id, story=tell(entry, case, pack, locale, departments))
            for entry in entries
        ),
        notices=notices_of(entries),
    )
