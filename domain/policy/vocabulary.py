"""The words a pack may use for what the software knows: a word outside these lists is an error in the pack."""

from __future__ import annotations

from typing import Literal, get_args

from domain.intake import Channel, Intake, Product, UrgentCause

StepKind = Literal[
    "refund", "discount", "extra_payment",
    "coupon", "gift", "points",
    "reship", "exchange", "return", "collection", "new_invoice",
    "cod_restriction", "cod_restoration", "account_freeze", "account_release",
    "inspection_visit", "repair_visit", "rectification_visit", "reinstallation",
    "explain", "apology", "carrier_claim", "supplier_claim", "replace_installer", "internal_report", "task",
    "void_waybill", "listing_correction", "sample_test", "eligibility", "goodwill_call",
    "staff_record", "coaching",
]  # fmt: skip
Executor = Literal["payments", "logistics", "benefits", "accounts", "person", "none"]
StepBy = Literal["software", "person", "partner"]
RungAction = Literal["notify", "raise", "hand_over", "ask_partner"]
# What may speak for malice, and who may be liable.
Sign = Literal["contradiction", "excessive_demand", "threat", "repetition", "no_evidence", "unreasonable"]
Liable = Literal["company", "carrier", "installer", "supplier", "merchant", "customer", "nobody"]
# *I*, *II*, *III* tell how grave it is, III the gravest; *normal* and *urgent* where a procedure knows no more than that.
Level = Literal["normal", "urgent", "I", "II", "III"]
Severity = Literal["severe", "general", "slight"]
# What complaints of a batch have in common. *product*: its sku, or its name where no order knows the sku; *region*: where, or
# where the order went; *order_origin*: where the goods left; *against*: whom it is against.
BatchKey = Literal["category", "group", "product", "lot", "region", "order_origin", "against"]
# What an incident may give on top of the remedy.
ExtraKind = Literal["extra_payment", "coupon", "gift", "points"]

# Who carries a kind of step out. What is only said is done by the person who says it, or (`by = "software"`) by the offer itself.
_EXECUTORS: dict[StepKind, Executor] = {
    "refund": "payments", "discount": "payments", "extra_payment": "payments",
    "coupon": "benefits", "gift": "benefits", "points": "benefits",
    "reship": "logistics", "exchange": "logistics", "return": "logistics", "collection": "logistics",
    "new_invoice": "logistics",
    "cod_restriction": "accounts", "cod_restoration": "accounts", "account_freeze": "accounts", "account_release": "accounts",
    "inspection_visit": "logistics", "repair_visit": "logistics", "rectification_visit": "logistics",
    "reinstallation": "logistics",
    "explain": "person", "apology": "person",
    "carrier_claim": "person", "supplier_claim": "person",
    "replace_installer": "person", "internal_report": "person", "task": "person",
    "void_waybill": "person", "listing_correction": "person", "sample_test": "person", "eligibility": "person",
    "goodwill_call": "person",
    "staff_record": "person", "coaching": "person",
}  # fmt: skip


def executor_of(kind: StepKind, by: StepBy) -> Executor:
    """Which port a step goes through; *none*: saying it in the offer does it."""
    executor = _EXECUTORS[kind]
    return "none" if executor == "person" and by == "software" else executor


# Money that leaves the company; a coupon is worth money but is not cash.
CASH_KINDS: frozenset[StepKind] = frozenset({"refund", "discount", "extra_payment"})
# Cash that gives back what was paid for the order: together never more than that.
GIVES_BACK: frozenset[StepKind] = frozenset({"refund", "discount"})
MONEY_KINDS: frozenset[StepKind] = CASH_KINDS | {"coupon"}
# Goods of the order that go their way: the agent says which.
GOODS_KINDS: frozenset[StepKind] = frozenset({"reship", "exchange", "return", "collection"})
# Work with a result: saying so in an offer does not do it, so a person always carries it out.
DONE_BY_PEOPLE: frozenset[StepKind] = frozenset(
    {
        "void_waybill", "listing_correction", "sample_test", "eligibility", "goodwill_call", "staff_record", "coaching",
        "supplier_claim",
    }
)  # fmt: skip

# Facts that every complaint has, beside those that a pack declares; empty: any word.
BUILT_IN_FACTS: dict[str, tuple[str, ...]] = {
    "category": (),
    "group": (),
    "level": get_args(Level),
    "severity": get_args(Severity),
    "channel": get_args(Channel),
    "step_kind": get_args(StepKind),
    # What a time was named for, at an entry `time_promised`.
    "promised": ("callback", "answer", "arrival", "other"),
    # Whom it was taken up to, at an entry `escalated_by_hand`.
    "escalated_to": ("supervisor", "manager", "general_manager"),
    "outcome": (
        "satisfied", "explanation_accepted", "unfounded", "withdrawn", "refused_as_malicious", "referred_outside", "decided",
    ),
}  # fmt: skip
# *founded* is known once verified, *satisfied* with the customer's word on the result, *answered* at an attempt to call back.
# *presumed*: somebody has presumed the complaint to be malicious.
BUILT_IN_BOOLEANS = frozenset({"presumed", "founded", "satisfied", "answered"}) | {
    # *batch*: belongs to an incident; *escalated*: a promise of ours was missed, the customer was dissatisfied, or it was taken
    # up by hand; *ran_late*: the first of these; *complained_of_staff*: an employee of ours is named.
    "urgent", *get_args(UrgentCause), "batch", "escalated", "complained_of_staff", "ran_late",
}  # fmt: skip
# Facts whose words are the company's own.
# *department*: the one that was consulted last.
BUILT_IN_WORDS = frozenset({"member_tier", "department"})

# What a category may require at intake. *contact* is a telephone number or an e-mail address.
INTAKE_FIELDS = frozenset(Intake.model_fields) | {
    "contact",
    "customer.customer_id",
    *(f"product.{name}" for name in Product.model_fields),
}

# What a notice may name. Whoever sends it gives every one of them; what does not apply is empty.
NOTICE_FIELDS = frozenset(
    {
        "complaint_id", "order_number", "customer_name", "category", "title", "due_at", "amount", "plan", "stage", "reason",
        "message", "assignee", "clause", "tenant", "reference", "article",
        "decision_link", "survey",
    }
)  # fmt: skip
# *owner*: who handles the complaint; *escalated_to*: whom the rung of a ladder names; *offered_to*: who is to take it over.
NoticeTo = Literal[
    "customer",
    "owner",
    "approver",
    "escalated_to",
    "department",
    "agent",
    "supervisor",
    "manager",
    "general_manager",
    "risk_control",
    "legal",
    "offered_to",
]
# Where in the software a clause lives that no row of the pack carries by itself.
CarriedBy = Literal[
    "intake", "verification", "assessment", "proposal", "agreement", "carrying_out", "closing", "journal", "reports",
    "assignment", "incident", "follow_up", "people", "abuse", "knowledge", "classification",
]  # fmt: skip
# Entries that name an instant, for promises that are due `at = "named"`. What is classified again carries the time that a
# superior department has set.
NAMING_ENTRIES = ("time_promised", "callback_attempted", "received", "classified", "reclassified")
