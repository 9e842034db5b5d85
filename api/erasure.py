"""Erasing a customer on request (PIPL article 47, GDPR article 17)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.erasing import NothingKnown, NotTheirs, Outcome, StillOpen, erase_customer
from api.guard import GuardedRoute, misfit
from api.identity import Caller
from api.parts import AllParts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_FOUND,
    NOT_JSON,
    TEMPORAL_AWAY,
    Kind,
    Problem,
    declared,
)
from desk.errors import KeysNotWritable
from domain.actor import Role
from domain.intake import Identifier, Line
from domain.policy.wording import Wording
from storage.erasures import Erasures

router = APIRouter(prefix="/v1/customers", tags=["11 Operating"], route_class=GuardedRoute)
OPEN_COMPLAINTS = Kind(409, "open_complaints", "客户仍有未结案的投诉", "The customer has open complaints")
KEYS_NOT_WRITABLE = Kind(503, "keys_not_writable", "密钥文件不可写", "The key file cannot be written")

ERASED = (
    Wording(
        zh="投诉、日志、台账、对账差异和黑名单中的姓名、客户编号、电话、邮箱、地址、订单号、客户和员工所写的文字、凭证引用、合作方备注",
        en="names, customer ids, telephone numbers, e-mail and postal addresses, order numbers, everything customers and staff "
        "wrote, references to evidence and partners' remarks, in complaints, journals, ledger, findings and blacklist",
    ),
    Wording(
        zh="Temporal 中这些投诉的执行历史，连同其中的通知", en="the histories of these complaints in Temporal, with the notices"
    ),
    Wording(
        zh="这些投诉的数据密钥：历史的任何副本或备份此后均无法解密",
        en="the data keys of these complaints: no copy or backup of a history can be opened any more",
    ),
)
STAYS = (
    Wording(
        zh="日期、期限、升级、条款、金额、货品、始发地和目的地省份、承运商、结果、评分、经办员工",
        en="dates, promises, escalations, clauses, amounts, goods, regions of origin and destination, carrier, outcome, rating, "
        "and the staff who acted",
    ),
    Wording(zh="本次删除的记录（不含客户身份）", en="the record of this erasure, which does not say who the customer was"),
)
ELSEWHERE = (
    Wording(zh="已发出的邮件、短信和聊天消息", en="mails, text messages and chats that were sent"),
    Wording(
        zh="订单、物流、支付、权益系统以及凭证存储中的数据，请向其另行申请",
        en="what the order, logistics, payment and benefit systems and the store of evidence hold: ask there too",
    ),
    Wording(
        zh="数据库和密钥文件的备份，直至其按保留期过期",
        en="backups of the database and of the key file, until they are past their keeping",
    ),
)


class EraseCustomer(BaseModel):
    """Why, and what else belongs to this customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Line = Field(description="Why, such as the number of the request. It is kept: no names.")
    complaints: tuple[Identifier, ...] = Field(
        default=(), max_length=100, description="Complaints of this person that were filed without the customer id."
    )


class ErasureReceipt(BaseModel):
    """What was erased, what stays, and what lies elsewhere."""

    model_config = ConfigDict(frozen=True)

    erasure_id: str = Field(description="Id of the record.")
    at: AwareDatetime = Field(description="When it was done.")
    by: str = Field(description="Who did it.")
    reason: str = Field(description="Why it was done.")
    again: bool = Field(description="True: there was nothing left to erase; this is the receipt of the last time.")
    complaints: tuple[str, ...] = Field(description="Ids of the complaints that were erased.")
    entries: int = Field(description="Journal entries that were rewritten.")
    histories: int = Field(description="Histories that were deleted from Temporal by this request.")
    erased: tuple[Wording, ...] = Field(description="What was erased.")
    stays: tuple[Wording, ...] = Field(description="What stays, because accounts and the procedure need it and it names nobody.")
    elsewhere: tuple[Wording, ...] = Field(description="What this service cannot erase.")


@router.post(
    "/{customer_id}/erasure",
    operation_id="erase_customer",
    summary="Erase a customer",
    responses=declared(
        FORBIDDEN, NOT_FOUND, OPEN_COMPLAINTS, NOT_JSON, MEDIA, INVALID, DATABASE_AWAY, TEMPORAL_AWAY, KEYS_NOT_WRITABLE
    ),
)
async def erase(
    customer_id: Annotated[str, Path(max_length=64, description="The shop's id of the customer.", examples=["cust-0001"])],
    order: EraseCustomer,
    me: Caller,
    parts: AllParts,
    response: Response,
) -> ErasureReceipt:
    """Erase everything personal of one customer, for good. Doing it again answers the same receipt.

    Refused while a complaint of the customer is open: what was promised has to be kept first, or be withdrawn.
    """
    me.must_be(Role.ADMINISTRATOR)
    records = Erasures(parts.database)
    try:
        done = await erase_customer(parts.desk, records, me.tenant, customer_id, order.complaints, me.actor.id, order.reason)
    except NothingKnown:
        raise Problem(NOT_FOUND, "没有此客户的投诉", "there is no complaint of this customer") from None
    except StillOpen as error:
        ids = ", ".join(error.ids)
        zh, en = f"请先结案或撤回以下投诉：{ids}", f"close these complaints first, or have them withdrawn: {ids}"
        raise Problem(OPEN_COMPLAINTS, zh, en) from None
    except KeysNotWritable:
        zh = "此处无法改写密钥文件，未删除任何内容；请让 API 对其目录可写，或在密钥所在主机上运行 python -m api erase-customer"
        en = "the key file cannot be rewritten here, and nothing was erased; let the API write its folder, or run "
        en += "python -m api erase-customer where the keys are"
        raise Problem(KEYS_NOT_WRITABLE, zh, en) from None
    except NotTheirs as error:
        ids = ", ".join(error.ids)
        zh, en = f"不存在或属于其他客户：{ids}", f"do not exist or are another customer's: {ids}"
        raise misfit("complaints", "not_theirs", zh, en) from None
    return receipt(done)


def receipt(done: Outcome) -> ErasureReceipt:
    """The answer for the administrator."""
    kept = done.erasure
    return ErasureReceipt(
        erasure_id=kept.id, at=kept.at, by=kept.by, reason=kept.reason, again=done.again, complaints=kept.complaints,
        entries=kept.entries, histories=done.histories, erased=ERASED, stays=STAYS, elsewhere=ELSEWHERE,
    )  # fmt: skip
