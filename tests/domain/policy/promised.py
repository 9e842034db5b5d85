"""By when each procedure promises what: read from the written procedures and the house rules, one line a situation.

A line holds the entry, what is known then, and everything of the complaint that is promised from it. `STEPS` holds what is
promised of a step: the figure, and the kinds of steps it is promised of.
"""

from __future__ import annotations

from domain.policy.conditions import Fact

Facts = dict[str, Fact]
Line = tuple[str, Facts, dict[str, str]]
Steps = dict[str, tuple[str, set[str]]]

ANEW = ("sent_back", "refused", "declined", "appealed", "reopened")
UNHAPPY: Facts = {"satisfied": False}
UNANSWERED: Facts = {"answered": False}
CALLED_AGAIN = {"callback_again": "4h business"}


def _each(category: str, categories: str, entry: str, promised: dict[str, str], **facts: Fact) -> list[Line]:
    return [(entry, {"category": each, **facts}, promised) for each in (category, *categories.split())]


def _anew(category: str, promised: dict[str, str]) -> list[Line]:
    return [(entry, {"category": category}, promised) for entry in ANEW]


def _named(category: str, **rows: str) -> list[Line]:
    return [("time_promised", {"category": category, "promised": about}, {row: "named"}) for about, row in rows.items()]


HOME: list[Line] = [
    *_each(
        "transport_damage", "transport_delay transport_loss", "received",
        {"first_response": "10m calendar", "verification": "T+1", "proposal": "T+2"},
    ),
    *_each(
        "installation_workmanship", "installation_delay installation_attitude", "received",
        {"first_contact": "15m calendar", "verification": "T+1", "proposal": "T+2"},
    ),
    *_each("installation_workmanship", "", "inspection_ordered", {"inspection": "T+2"}),
    *_anew("transport_loss", {"another_proposal": "T+1"}),
    *_each("transport_loss", "installation_delay", "confirmed", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("transport_loss", "installation_delay", "confirmed", {}, satisfied=True),
    *_each("transport_loss", "", "approval_asked", {"approval": "4h business"}),
    *_each("transport_loss", "", "offered", {"customer_reply": "3d calendar"}),
    *_each("transport_damage", "installation_workmanship", "accepted", {"daily_progress": "24h calendar"}),
    *_each("transport_damage", "installation_workmanship", "progress_reported", {"daily_progress": "24h calendar"}),
    *_each("transport_loss", "", "carried_out", {"callback": "T+1"}),
    *_each("transport_loss", "", "callback_attempted", CALLED_AGAIN, **UNANSWERED),
    *_named("transport_loss", callback="named_call", answer="named_answer", arrival="named_arrival", other="named_arrival"),
]  # fmt: skip
HOME_STEPS: Steps = {
    "rectification": ("24h calendar", {"rectification_visit"}),
    "money_arrives": ("T+1", {"refund", "discount", "extra_payment"}),
    "goods_and_visits": ("T+7", {"exchange", "collection", "repair_visit", "reinstallation"}),
    "work_finished": ("T+7", {"replace_installer"}),
    "claim_settled": ("T+15", {"carrier_claim"}),
}

GROCERY: list[Line] = [
    *_each(
        "missing_components", "quality_or_shortage cod_refusal cod_credit listing_mismatch price", "received",
        {"first_response": "10m calendar", "verification": "same_day", "proposal": "same_day"},
    ),
    *_each("objection", "invoice", "received", {"first_response": "10m calendar", "proposal": "same_day"}),
    *_anew("price", {"another_proposal": "T+1"}),
    *_each("price", "", "confirmed", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("price", "", "confirmed", {}, satisfied=True),
    *_each("price", "", "approval_asked", {"approval": "2h business"}),
    *_each("price", "", "offered", {"customer_reply": "2d calendar"}),
    *[line for kind in ("reship", "exchange", "return", "new_invoice")
      for line in _each("quality_or_shortage", "", "step_ordered", {"arrival_told": "30m business"}, step_kind=kind)],
    *_each("quality_or_shortage", "", "step_ordered", {}, step_kind="refund"),
    *_each("price", "", "carried_out", {"callback": "T+1"}),
    *_each("price", "", "callback_attempted", CALLED_AGAIN, **UNANSWERED),
    *_named("price", callback="named_call", answer="named_answer", arrival="named_arrival", other="named_arrival"),
]  # fmt: skip
GROCERY_STEPS: Steps = {
    "arrival": ("T+2", {"reship", "exchange", "return", "refund", "new_invoice", "cod_restriction", "cod_restoration"}),
    "operations_task": ("T+1", {"listing_correction", "task"}),
}

LOYALTY: list[Line] = [
    *_each(
        "goods_quality",
        "after_sales price_difference pushy_selling account_frozen points_not_usable points_expired campaign announced_rule",
        "received", {"callback_level_1": "T+1"},
    ),
    *_each("merchant_attitude", "", "received", {"callback_merchant": "T+1"}),
    *_each("agent_attitude", "", "received", {"callback_attitude": "same_day"}),
    *_each("agent_efficiency", "", "received", {"callback_efficiency": "same_day"}),
    *_each("merchant_infringement", "", "received", {"callback_infringement": "T+1"}),
    *_each("account_security", "", "received", {"callback_security": "T+2", "identity": "2h business"}),
    *_each(
        "campaign", "", "received",
        {"callback_level_1": "T+1", "callback_urgent": "2h business", "urgent_solution": "T+1"}, urgent=True,
    ),
    *_each("campaign", "", "received", {"callback_level_1": "T+1", "asked_from_above": "named"}, superior_asks=True),
    *[line for tier in ("black_diamond", "diamond_steady")
      for line in _each("campaign", "", "received", {"callback_level_1": "T+1", "callback_important": "same_day"},
                        member_tier=tier)],
    *_each("campaign", "", "received", {"callback_level_1": "T+1"}, member_tier="diamond"),
    *_each("campaign", "", "responded", {"verification": "T+1"}),
    *_each(
        "goods_quality", "after_sales price_difference pushy_selling merchant_attitude merchant_infringement", "consulted",
        {"opinion": "T+1"},
    ),
    *_each("campaign", "", "assessed", {"proposal": "T+1"}),
    *_each(
        "account_security", "", "assessed", {"proposal": "T+1", "freeze": "30m calendar"},
        identity_confirmed=True, cleared=False,
    ),
    *_anew("campaign", {"another_proposal": "T+1"}),
    *_each("campaign", "", "confirmed", {"second_handling": "4h business"}, **UNHAPPY),
    *_each("campaign", "", "confirmed", {"revisit": "2d calendar"}, satisfied=True, level="III"),
    *_each("campaign", "", "followed_up", {"second_handling": "4h business"}, **UNHAPPY),
    *_each("campaign", "", "escalated_by_hand", {"taken_up": "4h business"}),
    *_each("campaign", "", "classified", {"after_a_miss": "4h business"}, escalated=True, ran_late=True),
    *_each("campaign", "", "classified", {}, escalated=True, ran_late=False),
    *_each("campaign", "", "approval_asked", {"approval": "2h business"}),
    *_each("campaign", "", "offered", {"customer_reply": "3d calendar"}),
    *_each("campaign", "", "carried_out", {"callback": "T+1"}),
    *_each("campaign", "", "callback_attempted", {**CALLED_AGAIN, "callback_slot": "named"}, **UNANSWERED),
    *_named("campaign", callback="named_call", answer="named_answer", arrival="named_arrival", other="named_arrival"),
]  # fmt: skip
LOYALTY_STEPS: Steps = {
    "back_office": ("T+1", {"points", "eligibility", "task"}),
    "merchant_task": ("T+2", {"internal_report", "task"}),
    "arrival": ("T+3", {"reship", "exchange", "return", "refund", "new_invoice"}),
    "risk_work": ("T+3", {"task"}),
    "staff_record": ("T+1", {"staff_record"}),
    "coaching": ("T+5", {"coaching"}),
}

FOOD: list[Line] = [
    *_each("food_safety", "", "received",
           {"answered_at_once": "10m calendar", "verification": "12h calendar", "plan": "24h calendar"}),
    *_each("spoilage", "packaging_broken labelling minor_defect result_unexpected", "received",
           {"first_response": "2h calendar", "verification": "12h calendar", "plan": "24h calendar"}),
    *_each("off_quality", "", "received",
           {"first_response": "2h calendar", "verification": "12h calendar", "plan_or_test": "24h calendar"}),
    *_each("use_question", "", "received", {"first_response": "2h calendar", "plan": "24h calendar"}),
    *_each("wrong_item", "missing_item damaged late", "received",
           {"first_response": "2h calendar", "verification": "12h calendar", "plan": "24h calendar",
            "delivery_put_right": "2d calendar"}),
    *_each("food_safety", "spoilage use_question", "consulted", {"expert": "30m calendar"},
           severity="severe", department="quality"),
    *_each("late", "wrong_item", "consulted", {"expert_of_delivery": "30m calendar"}, severity="severe", department="logistics"),
    *_each("late", "", "consulted", {}, severity="general", department="logistics"),
    *_each("off_quality", "", "consulted", {"test_result": "T+3", "progress": "24h calendar"},
           test="needed", department="laboratory"),
    *_each("off_quality", "", "progress_reported", {"progress": "24h calendar"}, test="needed", department="laboratory"),
    *_each("off_quality", "", "opinion_given", {"plan_after_test": "24h calendar"}, test="needed"),
    *_named("late", answer="named_answer", callback="named_callback", arrival="named_arrival", other="named_arrival"),
    *_anew("spoilage", {"another_plan": "T+1"}),
    *_each("spoilage", "late", "confirmed", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("spoilage", "", "survey_answered", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("spoilage", "", "followed_up", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("spoilage", "", "confirmed", {"visit": "8d calendar"}, satisfied=True),
    *_each("spoilage", "", "approval_asked", {"approval": "2h business"}),
    *_each("spoilage", "", "offered", {"customer_reply": "2d calendar"}),
    *_each("spoilage", "", "carried_out", {"callback": "T+1"}),
    *_each("spoilage", "", "callback_attempted", CALLED_AGAIN, **UNANSWERED),
    *_each("spoilage", "", "evidence_demanded", {"proof": "2d calendar"}),
]  # fmt: skip
FOOD_STEPS: Steps = {
    "shipment": ("2d calendar", {"reship", "exchange", "return", "collection"}),
    "refund_arrives": ("T+3", {"refund"}),
    "sample_test": ("T+3", {"sample_test"}),
}

MARKETPLACE: list[Line] = [
    *_each(
        "product_quality",
        "wrong_item remark_ignored before_dispatch return_exchange logistics_delay delivery_trouble service_attitude"
        " after_sales_support",
        "received", {"first_response": "30m business", "judged": "T+1", "proposal": "T+2"},
    ),
    *_named("wrong_item", **dict.fromkeys(("answer", "callback", "arrival", "other"), "promised_answer")),
    *_each("product_quality", "", "consulted", {"opinion": "4h business"}),
    *_each("wrong_item", "", "escalated_by_hand", {"golden": "24h calendar"}),
    *_anew("wrong_item", {"another_proposal": "T+1"}),
    *_each("wrong_item", "", "confirmed", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("wrong_item", "", "followed_up", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("wrong_item", "", "survey_answered", {"second_handling": "T+1"}, **UNHAPPY),
    *_each("wrong_item", "", "confirmed", {"service_visit": "4d calendar"}, satisfied=True),
    *_each("wrong_item", "", "approval_asked", {"approval": "4h business"}),
    *_each("wrong_item", "", "offered", {"customer_reply": "3d calendar"}),
    *_each("wrong_item", "", "carried_out", {"callback": "T+1"}),
    *_each("wrong_item", "", "callback_attempted", CALLED_AGAIN, **UNANSWERED),
]  # fmt: skip
MARKETPLACE_STEPS: Steps = {
    "arrival": ("T+3", {"reship", "exchange", "return", "repair_visit"}),
    "refund_arrives": ("T+3", {"refund", "discount", "extra_payment"}),
    "task": (
        "T+2",
        {"task", "carrier_claim", "goodwill_call", "internal_report", "staff_record", "supplier_claim", "void_waybill"},
    ),
}

PROMISED: dict[str, tuple[list[Line], Steps]] = {
    "home": (HOME, HOME_STEPS),
    "grocery": (GROCERY, GROCERY_STEPS),
    "loyalty": (LOYALTY, LOYALTY_STEPS),
    "food": (FOOD, FOOD_STEPS),
    "marketplace": (MARKETPLACE, MARKETPLACE_STEPS),
}
