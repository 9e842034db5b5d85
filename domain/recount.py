"""Counting promises anew when a complaint turns out to be something else: what no longer holds is dropped, what holds now counts
from the instant from which it would have counted, which is most often receipt. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.case import Case, Stage
from domain.case_facts import CLASSIFYING, found_facts
from domain.journal import Entry, Reclassified
from domain.policy.conditions import Fact, When, matches
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.policy.rows import DeadlineRule
from domain.promises import Started, counts, names_of

# Entries about a finding and its plan, which another category makes pointless.
_OF_THE_PLAN = frozenset(
    {"assessed", "proposed", "approval_asked", "approved", "sent_back", "refused", "offered", "declined", "appealed"}
)


class Milestone(BaseModel):
    """The last entry of a kind: where it stands in the journal, and its instant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int
    at: AwareDatetime


Milestones = Mapping[str, Milestone]


class Holding:
    """Which rows held before a complaint was classified again, and which hold now."""

    def __init__(self, pack: Pack, before: Case, case: Case) -> None:
        self._pack = pack
        self._now = known_facts(pack, case.category, found_facts(case))
        earlier = known_facts(pack, before.category, found_facts(before))
        # All that is known now, but what the complaint was before: a finding that came in the same moment starts nothing of old.
        self._before: dict[str, Fact] = {name: fact for name, fact in self._now.items() if name not in CLASSIFYING}
        self._before |= {name: fact for name, fact in earlier.items() if name in CLASSIFYING}
        self._back = before.stage is not case.stage and case.stage is Stage.ASSESSING

    def lapsed(self, row: DeadlineRule) -> bool:
        """A promise of this row that is running does not hold any more."""
        if row.scope == "step":
            return False
        if self._back and _OF_THE_PLAN.issuperset(row.starts):
            return True
        about = _classifying(row.when)
        return matches(about, self._before) and not matches(about, self._now)

    def anew(self, row: DeadlineRule) -> bool:
        """This row holds now and did not before."""
        return row.scope == "complaint" and matches(row.when, self._now) and not matches(row.when, self._before)


def _classifying(when: When) -> When:
    return {name: condition for name, condition in when.items() if name in CLASSIFYING}


def started_anew(
    pack: Pack, holding: Holding, entry: Entry, milestones: Milestones, running: Collection[str]
) -> Sequence[Started]:
    """Promises that `entry` opens because their rows hold now: those that were begun before, and not kept or dropped since.

    `running` are the rows whose promises run already. A time that was named is started by the entry that names it, and here not.
    """
    started = []
    for row in pack.deadline:
        if row.id in running or row.at == "named" or not holding.anew(row):
            continue
        begun = max((milestones[kind] for kind in row.starts if kind in milestones), key=lambda found: found.seq, default=None)
        if begun is None or _ended(row, begun, milestones):
            continue
        started.append(Started(key=f"{row.id}/{entry.seq}", name=row.id, start_at=begun.at))
    return started


def _ended(row: DeadlineRule, begun: Milestone, milestones: Milestones) -> bool:
    # The end drops whatever runs, also where the row does not name it.
    ends = (milestones[kind] for kind in (*row.met_by, *row.dropped_by, "closed") if kind in milestones)
    return any(end.seq > begun.seq for end in ends)


def noted(milestones: Milestones, entry: Entry) -> dict[str, Milestone]:
    """The milestones with one more entry. A visit that put nothing right is none."""
    if not counts(entry.event):
        return dict(milestones)
    here = Milestone(seq=entry.seq, at=entry.at)
    known = {**milestones, **dict.fromkeys(names_of(entry.event), here)}
    if isinstance(entry.event, Reclassified) and entry.event.category != entry.event.before:
        # What was found and offered was about another complaint.
        known = {kind: found for kind, found in known.items() if kind not in _OF_THE_PLAN}
    return known
