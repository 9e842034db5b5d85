"""Who may do what: the roles a command is open to, before the case itself is looked at.

Holding a higher place in the line of command includes the lower ones. What depends on the case (the approver's role, nobody
approving their own proposal, who hears an appeal) is decided in `domain/procedure.py`.
"""

from __future__ import annotations

from domain.actor import Actor, Role

_DESK = frozenset({Role.AGENT})
# Risk control finds out what is true and calls back where an account is at stake; what is given is the desk's to propose.
_FINDERS = _DESK | {Role.RISK_CONTROL}
_EXPERTS = frozenset({Role.RISK_CONTROL, Role.LEGAL})
_ON_SITE = frozenset({Role.AGENT, Role.DEPARTMENT})
_HANDS_ON = _DESK | _EXPERTS
_CUSTOMER_SIDE = frozenset({Role.CUSTOMER, Role.AGENT})
_APPROVERS = frozenset({Role.SUPERVISOR})

ALLOWED: dict[str, frozenset[Role]] = {
    "respond": _FINDERS,
    "order_inspection": _DESK,
    "report_visit": _ON_SITE,
    "verify": _FINDERS,
    "assess": _FINDERS,
    "propose": _DESK,
    "approve": _APPROVERS,
    "send_back": _APPROVERS,
    "refuse": _APPROVERS,
    "accept": _CUSTOMER_SIDE,
    "decline": _CUSTOMER_SIDE,
    "appeal": _CUSTOMER_SIDE,
    "complete_step": _ON_SITE | _EXPERTS,
    "settle_step": _APPROVERS,
    "report_progress": _ON_SITE | {Role.RISK_CONTROL},
    "record_callback": _FINDERS,
    "confirm": _CUSTOMER_SIDE,
    "attach_evidence": _ON_SITE | _EXPERTS | {Role.CUSTOMER, Role.INTAKE},
    "pause": _FINDERS,
    "resume": _FINDERS,
    "hand_over": _HANDS_ON,
    "escalate": _HANDS_ON,
    "acknowledge": _HANDS_ON,
    "withdraw": _CUSTOMER_SIDE,
    "reopen": _CUSTOMER_SIDE,
    "close_by_decision": _APPROVERS,
    "reclassify": _FINDERS,
    "give_opinion": _APPROVERS | {Role.DEPARTMENT},
    "take_over": _HANDS_ON,
    "decline_hand_over": _HANDS_ON,
    "promise_time": _FINDERS,
    "record_follow_up": _FINDERS,
    "answer_survey": _CUSTOMER_SIDE,
    "note_sign": _HANDS_ON | {Role.DEPARTMENT},
    "demand_evidence": _FINDERS,
    "presume_malice": _HANDS_ON,
    "refer_to_legal": _APPROVERS | {Role.RISK_CONTROL},
}


# What a person may have decided in their place.
DELEGATED = frozenset({"approve", "send_back", "refuse"})


def may(by: Actor, command: str) -> bool:
    """Whether one of the actor's roles opens this command. Who acts in somebody's place decides on proposals and nothing else."""
    return by.has(*ALLOWED[command]) and (by.acting_for is None or command in DELEGATED)
