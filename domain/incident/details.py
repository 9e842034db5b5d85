"""An incident as Markdown for the Temporal UI: where it stands, what was decided. Nothing that people wrote of a place."""

from __future__ import annotations

from collections import Counter

from domain.incident.incident import Incident
from domain.policy.batch_rows import BatchRule

# A region may be an address, and a product's name is whatever somebody typed.
_SHOWN = ("category", "group", "lot")


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
    if incident.grants:
        lines += ["", "| extra | kind | asked by | decided by | |", "|---|---|---|---|---|"]
        lines += [f"| {g.number} | {g.terms.kind} | {g.asked_by} | {g.decided_by or '-'} | {g.state} |" for g in incident.grants]
    if incident.effects:
        lines += ["", "| decision | many | |", "|---|---|---|"]
        many = Counter((each.what, each.status) for each in incident.effects)
        lines += [f"| {what} | {count} | {status} |" for (what, status), count in sorted(many.items())]
    return "\n".join(lines)
