"""What is found out beside a category: whom the complaint is against, which lot, which order. Whether it may be said so. Pure."""

from __future__ import annotations

from domain.case import Case
from domain.intake import OF_THE_CUSTOMER, Details, Intake, supplemented
from domain.policy.intake_places import PLACES
from domain.policy.matching import missing_at_intake
from domain.policy.rows import Category
from domain.refusal import Refusal

# Where a required field stands in the command, where it is not called as in the intake.
_IN_THE_COMMAND = {
    "contact": "details.phone / details.email",
    "customer.customer_id": "details.customer_id",
    "evidence": "attach_evidence",
    "urgent_causes": "urgent_causes",
    "answer_by_at": "answer_by_at",
}


def with_details(case: Case, details: Details | None) -> Intake:
    """The intake with what was found out. Raises Refusal where it says another customer or another order."""
    intake = case.intake
    if details is None:
        return intake
    of_intake = {"order_number": intake.order_number}
    known = of_intake | {name: getattr(intake.customer, name) for name in OF_THE_CUSTOMER}
    for name, said in details.given().items():
        if known.get(name) not in (None, said):
            raise Refusal(
                "known_already",
                field=f"details.{name}",
                zh="该项受理时已经填写，不能改为其他内容；如属另一客户或另一订单，请另行登记投诉",
                en="it was said when the complaint was filed; another customer or another order is another complaint",
            )
    return supplemented(intake, details)


def check_required(case: Case, category: Category, intake: Intake) -> None:
    """A complaint is not put where it could not have been filed. Raises Refusal that names everything that is missing."""
    known = intake.model_copy(
        update={"evidence": case.evidence, "urgent_causes": case.urgent_causes, "answer_by_at": case.answer_by_at}
    )
    missing = missing_at_intake(category, known)
    if not missing:
        return
    places = [_IN_THE_COMMAND.get(name, f"details.{name}") for name in missing]
    called = [PLACES.get(name, (name, name, name)) for name in missing]
    zh = "、".join(f"{name[1]}（{place}）" for name, place in zip(called, places, strict=True))
    en = ", ".join(f"{name[2]} ({place})" for name, place in zip(called, places, strict=True))
    raise Refusal(
        "fields_missing",
        field=places[0] if len(places) == 1 else "details",
        zh=f"改列为“{category.title.zh}”还须写明：{zh}",
        en=f"a complaint of the kind {category.title.en!r} needs as well: {en}",
    )
