"""The kinds of journal entries by name, for packs: a deadline starts with, is met by or dropped by one of these."""

from __future__ import annotations

ENTRY_KINDS = frozenset(
    {
        "received", "order_checked", "assigned", "responded", "inspection_ordered", "visit_reported", "verified", "assessed",
        "proposed", "approval_asked", "approved", "sent_back", "refused", "offered", "accepted", "declined", "appealed",
        "step_ordered", "step_done", "step_failed", "step_settled", "call_off_asked", "call_off_refused", "progress_reported",
        "carried_out", "callback_attempted", "confirmed", "evidence_attached", "paused", "resumed", "handed_over",
        "escalated_by_hand", "withdrawn",
        "reopened", "closed", "command_refused", "deadline_set", "deadline_moved", "deadline_met", "deadline_missed",
        "deadline_dropped", "escalated", "acknowledged", "notice_sent", "notice_failed",
        "time_promised", "follow_up_planned", "follow_up_due", "followed_up", "survey_answered",
        "consulted", "opinion_given", "opinion_dropped", "hand_over_offered", "hand_over_declined",
        "classified", "reclassified",
        "incident_joined", "extra_granted", "incident_told", "lot_suspended", "lot_released",
        "sign_noted", "evidence_demanded", "malice_presumed", "referred_to_legal",
    }
)  # fmt: skip

# Entries of an incident: a notice to people of the house may go out on them.
INCIDENT_KINDS = frozenset(
    {
        "incident_opened", "team_named", "finding_recorded", "lot_decided", "statement_published", "extra_asked",
        "extra_approved", "extra_refused", "effect_failed", "incident_closed",
    }
)  # fmt: skip
