"""Whether an intake fits the tenant's procedure: everything that is wrong with it at once, whether or not it is well formed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from domain.intake import Channel, Intake
from domain.order import Customer
from domain.policy.errors import PolicyRefused
from domain.policy.intake_places import PLACES
from domain.policy.matching import category_for, missing_at_intake
from domain.policy.pack import Pack


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
    field, zh, en = PLACES.get(name, (name, name, name))
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
