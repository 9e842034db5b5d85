"""Where in the software a clause lives that no row of a pack carries: files and folders of this repository, by `carried_by`."""

from __future__ import annotations

PLACES: dict[str, tuple[str, ...]] = {
    "intake": ("api/intake.py", "domain/intake.py"),
    "verification": ("domain/commands/handling.py", "domain/procedure.py"),
    "assessment": ("domain/commands/handling.py", "domain/procedure.py"),
    "proposal": ("domain/remedies.py", "domain/steps.py"),
    "agreement": ("domain/commands/agreement.py", "domain/agreement.py"),
    "carrying_out": ("domain/commands/carrying_out.py", "workflows/carrying_out.py"),
    "closing": ("domain/commands/course.py", "domain/procedure.py"),
    "journal": ("domain/journal/", "domain/sheet.py", "storage/journal.py"),
    "reports": ("domain/summary/", "activities/summaries.py", "api/reports.py", "api/work_log.py", "api/customer_file.py"),
    "assignment": ("domain/routing.py", "storage/assignments.py"),
    "incident": ("domain/incident/", "workflows/incident.py"),
    "follow_up": ("domain/follow_up.py", "domain/commands/follow_up.py"),
    "people": ("workflows/people.py", "domain/hand_overs.py"),
    "classification": ("domain/classification.py", "domain/recount.py"),
    "abuse": ("domain/abuse.py", "domain/blacklist.py"),
    "knowledge": ("domain/articles.py", "api/knowledge.py"),
}
