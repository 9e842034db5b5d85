"""Who gets past the door of which endpoint: the table, as data. A new endpoint needs a line here, or the tests of walls fail.

Callers are roles and scopes of API keys. Open to somebody means: not 401 and not 403. What the procedure then asks of the case
(nobody approves their own, the stage, the approver's rank) is decided in the domain and tested there.
"""

from __future__ import annotations

import re
from pathlib import Path

from domain.actor import Role
from storage.keys import Scope

KEY_INTAKE, KEY_READING, KEY_COMMANDS, KEY_LINKS = (f"key:{scope}" for scope in Scope)
CALLERS = (*(role.value for role in Role if role is not Role.SYSTEM), KEY_INTAKE, KEY_READING, KEY_COMMANDS, KEY_LINKS)

_LEADERS = frozenset({"supervisor", "manager", "general_manager"})
_AGENTS = _LEADERS | {"agent", "senior_agent"}
_DESK = _AGENTS | {KEY_COMMANDS}
_EXPERTS = frozenset({"risk_control", "legal"})
_FINDERS = _DESK | {"risk_control"}
_HANDS_ON = _DESK | _EXPERTS
_ON_SITE = _DESK | {"department"}
_ON_TEAM = _AGENTS | _EXPERTS | {"department"}
_CUSTOMER_SIDE = _DESK | {"customer"}
_OPERATING = frozenset({"operator", "administrator"})
_STAFF = _AGENTS | _EXPERTS | _OPERATING | {"department", KEY_READING}
_INTAKE = frozenset({"intake", KEY_INTAKE})
_ADMINISTRATOR = frozenset({"administrator"})

WHO_MAY: dict[str, frozenset[str]] = {
    "file_complaint": _INTAKE | _AGENTS | {"department"},
    # Reading
    "list_complaints": _STAFF,
    "read_complaint": _STAFF | _INTAKE | {"customer"},
    "read_journal": _STAFF | _INTAKE | {"customer"},
    "read_deadlines": _STAFF | _INTAKE | {"customer"},
    "read_advice": _STAFF,
    "read_sheet": _STAFF,
    "read_survey": _STAFF | _INTAKE | {"customer"},
    "list_work": _STAFF,
    "list_assignments": _STAFF,
    "list_reports": _LEADERS,
    "read_report": _LEADERS,
    "read_work_log": _STAFF,
    "read_customer_file": _STAFF,
    "list_policies": _STAFF | _INTAKE,
    "read_policy": _STAFF | _INTAKE,
    "suggest_category": (_STAFF - {KEY_READING}) | _INTAKE | {KEY_COMMANDS},
    # Commands
    "respond": _FINDERS,
    "order_inspection": _DESK,
    "report_visit": _ON_SITE,
    "verify": _FINDERS,
    "assess": _FINDERS,
    "reclassify": _FINDERS,
    "propose": _DESK,
    "approve": _LEADERS,
    "send_back": _LEADERS,
    "refuse": _LEADERS,
    "accept": _CUSTOMER_SIDE,
    "decline": _CUSTOMER_SIDE,
    "appeal": _CUSTOMER_SIDE,
    "complete_step": _ON_SITE | _EXPERTS,
    "settle_step": _LEADERS,
    "report_progress": _ON_SITE | {"risk_control"},
    "record_callback": _FINDERS,
    "confirm": _CUSTOMER_SIDE,
    "attach_evidence": _ON_SITE | _EXPERTS | _INTAKE | {"customer"},
    "pause": _FINDERS,
    "resume": _FINDERS,
    "hand_over": _HANDS_ON,
    "escalate": _HANDS_ON,
    "acknowledge": _HANDS_ON,
    "withdraw": _CUSTOMER_SIDE,
    "reopen": _CUSTOMER_SIDE,
    "close_by_decision": _LEADERS,
    "give_opinion": _LEADERS | {"department"},
    "take_over": _HANDS_ON,
    "decline_hand_over": _HANDS_ON,
    "hand_over_shift": _HANDS_ON,
    "promise_time": _FINDERS,
    "record_follow_up": _FINDERS,
    "answer_survey": _CUSTOMER_SIDE,
    "note_sign": _HANDS_ON | {"department"},
    "demand_evidence": _FINDERS,
    "presume_malice": _HANDS_ON,
    "refer_to_legal": _LEADERS | {"risk_control"},
    # Malice and knowledge
    "read_signs": _STAFF,
    "read_file": _LEADERS | _EXPERTS,
    "enter_on_blacklist": _LEADERS,
    "list_blacklist": _STAFF,
    "decide_on_blacklist": _LEADERS,
    "appeal_blacklisting": _AGENTS | {"customer"},
    "list_articles": _STAFF | _INTAKE,
    "write_article": _LEADERS,
    "withdraw_article": _LEADERS,
    "read_case_library": _STAFF,
    "review_case_library": _LEADERS,
    "make_customer_link": _AGENTS | {KEY_LINKS},
    # Deciding: delegates too, who are people of the company that somebody of these has named
    "decide_many": _LEADERS,
    "make_delegation": _LEADERS,
    "list_delegations": _STAFF,
    "revoke_delegation": _STAFF - {KEY_READING},
    # Money and partners
    "list_steps": _AGENTS | {"operator", KEY_READING},
    "read_ledger": _AGENTS | {"operator", KEY_READING},
    "read_reconciliation": _LEADERS,
    "reconcile": _LEADERS,
    "settle_finding": _LEADERS,
    "list_webhook_endpoints": _OPERATING,
    "list_deliveries": _OPERATING,
    "resend_delivery": _OPERATING,
    # Operating
    "codec": _OPERATING,
    "make_api_key": _ADMINISTRATOR,
    "list_api_keys": _ADMINISTRATOR,
    "revoke_api_key": _ADMINISTRATOR,
    "erase_customer": _ADMINISTRATOR,
    # Incidents
    "list_incidents": _STAFF,
    "read_incident": _STAFF,
    "list_incident_members": _STAFF,
    "read_incident_journal": _STAFF,
    "incident_name_team": _LEADERS,
    "incident_record_finding": _ON_TEAM,
    "incident_suspend_lot": _ON_TEAM,
    "incident_release_lot": _ON_TEAM,
    "incident_recall": _ON_TEAM,
    "incident_publish_statement": _ON_TEAM,
    "incident_tell_members": _ON_TEAM,
    "incident_grant_extra": _ON_TEAM,
    "incident_approve_extra": _LEADERS,
    "incident_refuse_extra": _LEADERS,
    "incident_settle": _ON_TEAM,
    "incident_close": _ON_TEAM,
}

# Without a token: who watches the service may be anybody, and partners sign.
OPEN = frozenset({"alive", "ready"})
SIGNED = frozenset({"hear_partner", "read_decision", "decide_by_link"})

DOCUMENTS = (Path("docs/identity.md"), Path("docs/identity.zh-CN.md"))
_LINES = {"agent+": ("agent", "senior_agent", *sorted(_LEADERS)), "supervisor+": tuple(sorted(_LEADERS))}


def documented() -> str:
    """The table as the documents hold it."""
    rows = "\n".join(f"| `{operation}` | {_short(callers)} |" for operation, callers in WHO_MAY.items())
    return f"<!-- table -->\n| operation | callers |\n|---|---|\n{rows}\n<!-- end -->"


def _short(callers: frozenset[str]) -> str:
    left, words = set(callers), []
    for name, line in _LINES.items():
        if left >= set(line):
            words.append(name)
            left -= set(line)
    return ", ".join((*words, *(each for each in CALLERS if each in left)))


if __name__ == "__main__":
    for document in DOCUMENTS:
        before = document.read_text(encoding="utf-8")
        document.write_text(re.sub(r"<!-- table -->.*<!-- end -->", documented(), before, flags=re.DOTALL), encoding="utf-8")
