"""Who may do what: the roles a command is open to, before the case itself is looked at.

Holding a higher place in the line of command includes the lower ones. What depends on the case (the approver's role, nobody
approving their own proposal, who hears an appeal) is decided in `domain/procedure.py`.
"""

from __future__ import annotations

from domain.actor import Actor, Role

_DESK = frozenset({Role.AGENT})
_ON_SITE = frozenset({Role.AGENT, Role.DEPARTMENT})
_CUSTOMER_SIDE = frozenset({Role.CUSTOMER, Role.AGENT})
_APPROVERS = frozenset({Role.SUPERVISOR})

ALLOWED: dict[str, frozenset[Role]] = {
    "respond": _DESK,
    "order_inspection": _DESK,
    "report_visit": _ON_SITE,
    "verify": _DESK,
    "assess": _DESK,
    "propose": _DESK,
    "approve": _APPROVERS,
    "send_back": _APPROVERS,
    "refuse": _APPROVERS,
    "accept": _CUSTOMER_SIDE,
    "decline": _CUSTOMER_SIDE,
    "appeal": _CUSTOMER_SIDE,
    "complete_step": _ON_SITE,
    "settle_step": _APPROVERS,
    "report_progress": _ON_SITE,
    "record_callback": _DESK,
    "confirm": _CUSTOMER_SIDE,
    "attach_evidence": frozenset({Role.CUSTOMER, Role.AGENT, Role.DEPARTMENT, Role.INTAKE}),
    "pause": _DESK,
    "resume": _DESK,
    "hand_over": _DESK,
    "escalate": _DESK,
    "acknowledge": _DESK,
    "withdraw": _CUSTOMER_SIDE,
    "reopen": _CUSTOMER_SIDE,
    "close_by_decision": _APPROVERS,
}


def may(by: Actor, command: str) -> bool:
    """Whether one of the actor's roles opens this command."""
    return by.has(*ALLOWED[command])
