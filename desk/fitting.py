"""Whether an intake fits the tenant's procedure: everything that is wrong with it at once, whether or not it is well formed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from domain.intake import Channel, Intake
from domain.order import Customer
from domain.policy.errors import PolicyRefused
from domain.policy.matching import category_for, missing_at_intake
from domain.policy.pack import Pack

# Where a required thing of the packs stands in the intake, and what a person calls it.
_PLACES: dict[str, tuple[str, str, str]] = {
    "contact": ("customer", "联系方式（phone 或 email）", "contact: phone or email"),
    "customer.customer_id": ("customer.customer_id", "客户编号", "the customer's id"),
    "order_number": ("order_number", "订单号", "the order number"),
    "expectation": ("expectation", "客户期望的处理结果", "what the customer wants done"),
    "installation_address": ("installation_address", "安装地址", "the installation address"),
    "evidence": ("evidence", "凭证（照片或视频）", "evidence (photographs or video)"),
    "product": ("product", "产品信息", "what the product is"),
    "product.sku": ("product.sku", "商品编号", "the number of the article"),
    "product.name": ("product.name", "产品名称", "the name of the product"),
    "product.specification": ("product.specification", "规格", "the specification"),
    "product.lot": ("product.lot", "批号", "the lot number"),
    "product.produced_on": ("product.produced_on", "生产日期", "the production date"),
    "occurred_at": ("occurred_at", "发生时间", "when it happened"),
    "bought_through": ("bought_through", "购买渠道", "where it was bought"),
    "address": ("address", "地址", "the address"),
    "region": ("region", "地区", "the region"),
    "against": ("against", "被投诉方", "whom the complaint is against"),
    "against_staff": ("against_staff", "被投诉的员工", "the employee complained of"),
    "member_tier": ("member_tier", "会员等级", "the member's tier"),
    "urgent_causes": ("urgent_causes", "紧急原因", "the causes of urgency"),
    "answer_by_at": ("answer_by_at", "上级要求的答复期限", "by when the superior department wants an answer"),
}


class Fault(NamedTuple):
    """One thing that is wrong, at a field of the intake."""

    field: str
    code: str
    zh: str
    en: str


def faults(pack: Pack, intake: Intake) -> tuple[Fault, ...]:
    """What the procedure lacks in this intake; empty when it can be filed."""
    return (*_of_category(pack, intake), *_of_channel(pack, intake), *_of_customer(intake.customer), *_of_superior(intake))


def faults_of_draft(pack: Pack, draft: Any) -> tuple[Fault, ...]:
    """The same for what was sent, before it is known to be well formed."""
    if not isinstance(draft, Mapping):
        return ()
    customer = draft.get("customer")
    known = {**dict.fromkeys(Intake.model_fields), **{str(name): value for name, value in draft.items()}}
    person = {**dict.fromkeys(Customer.model_fields), **(customer if isinstance(customer, Mapping) else {})}
    return faults(pack, Intake.model_construct(**{**known, "customer": Customer.model_construct(**person)}))


def _of_category(pack: Pack, intake: Intake) -> tuple[Fault, ...]:
    if not isinstance(intake.category, str):
        return ()  # its own form is at fault, and is told as that
    try:
        category = category_for(pack, intake.category)
    except PolicyRefused as error:
        return (Fault("category", "unknown_category", error.zh, error.en),)
    return tuple(_missing(name, category.title.zh, category.title.en) for name in missing_at_intake(category, intake))


def _of_channel(pack: Pack, intake: Intake) -> tuple[Fault, ...]:
    if not pack.channels or intake.channel not in get_args(Channel) or intake.channel in pack.channels:
        return ()
    known = ", ".join(pack.channels)
    zh = f"“{pack.title.zh}”不受理此渠道的投诉，可选：{known}"
    return (Fault("channel", "channel_not_served", zh, f"{pack.title.en!r} takes complaints by {known}"),)


def _of_superior(intake: Intake) -> tuple[Fault, ...]:
    """Only a superior department sets a time for the answer."""
    causes = intake.urgent_causes or ()
    if intake.answer_by_at is None or not isinstance(causes, list | tuple) or "superior_asks" in causes:
        return ()
    zh = "只有上级部门要求（urgent_causes 含 superior_asks）时才能填写答复期限"
    en = "only a superior department sets such a time; name superior_asks among the urgent_causes"
    return (Fault("answer_by_at", "not_with_these_causes", zh, en),)


def _missing(name: str, category_zh: str, category_en: str) -> Fault:
    field, zh, en = _PLACES.get(name, (name, name, name))
    return Fault(field, "missing", f"“{category_zh}”类投诉必须填写{zh}", f"a complaint of the kind {category_en!r} needs {en}")


def _of_customer(customer: Customer) -> tuple[Fault, ...]:
    """Names and addresses go into mails and lists: a line break in one of them would forge a header."""
    wrong = []
    for field in ("name", "customer_id", "phone", "email"):
        value = getattr(customer, field, None)
        if isinstance(value, str) and not value.isprintable():
            en, zh = "contains a control character; take it out", "含有控制字符，请删除"
            wrong.append(Fault(f"customer.{field}", "control_character", zh, en))
    return tuple(wrong)
