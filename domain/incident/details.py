"""An incident as Markdown for the Temporal UI: where it stands, what was decided. Nothing that people wrote of a place."""

from __future__ import annotations

from collections import Counter

from domain.incident.incident import Grant, Incident
from domain.policy.batch_rows import BatchRule

# A region may be an address, and a product's name is whatever somebody typed.
_SHOWN = ("category", "group", "lot")
_STATUS = {"planned": "to be ordered", "failed": "refused by the partner, to be settled"}


def details(incident: Incident, row: BatchRule) -> str:
    about = " · ".join(f"{name} {value}" for name, value in incident.about.items() if name in _SHOWN)
    stands = "open" if incident.open else "closed"
    lines = [
        f"### {row.title.zh} / {row.title.en}",
        "",
        f"**{stands}** · {len(incident.complaints)} complaints · lead {incident.lead or row.lead} · {incident.pack}"
        + (f" · {about}" if about else ""),
        "",
        f"root {'found' if incident.found else 'not found yet'} · messages {len(incident.said)}"
        f" · stopped lots {len(incident.suspended)} · recalled {len(incident.recalled)}",
    ]
    if incident.open and not incident.team:
        lines += ["", f"the {row.lead.value} has to name who leads it and who looks for the root"]
    # No tables: the Temporal UI puts their columns side by side without any room between them.
    lines += ["", *(_grant(each, row) for each in incident.grants)]
    many = Counter((each.what, each.status) for each in incident.effects)
    lines += ["", *(f"- {what}: {count} {_STATUS.get(status, status)}" for (what, status), count in sorted(many.items()))]
    return "\n".join(lines).rstrip()


def _grant(grant: Grant, row: BatchRule) -> str:
    if grant.state == "asked":
        state = f"waits for the decision of the {row.extra.approved_by.value}" if row.extra else "asked"
    else:
        state = f"{grant.state} by {grant.decided_by}"
    return f"- extra {grant.number}, {grant.terms.kind}, asked for by {grant.asked_by}: {state}"
