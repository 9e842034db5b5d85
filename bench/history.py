"""What a history cost: events, Actions as Temporal Cloud counts them, and bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

# One Action for each of these events. Timers fired, activities completed, workflow tasks and memos are free.
_ACTIONS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_TIMER_STARTED: "timers",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signals",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "updates",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "search attributes",
}
_LOCAL = "core_local_activity"
# Left by the rehearsal clock (time skipping); a complaint in real time has none of them.
_REHEARSAL = {"WORKFLOW_EXECUTION_OPTIONS_UPDATED", "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED"}


@dataclass(frozen=True)
class Cost:
    """Of one history. `by_type`: number of events and bytes of each type, the most bytes first."""

    events: int
    bytes: int
    actions: dict[str, int]
    by_type: dict[str, tuple[int, int]]

    @property
    def total_actions(self) -> int:
        return sum(self.actions.values())


def cost_of(events: Iterable[HistoryEvent]) -> Cost:
    """Counts a history. All local activities of one workflow task are one Action; an activity's attempts are one each."""
    counted: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    tasks_with_local: set[int] = set()
    for event in events:
        name = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        if name in _REHEARSAL:
            continue
        counted[name] += 1
        sizes[name] += event.ByteSize()
        if event.event_type in _ACTIONS:
            actions[_ACTIONS[event.event_type]] += 1
        if (
            event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
            and event.marker_recorded_event_attributes.marker_name == _LOCAL
        ):
            tasks_with_local.add(event.marker_recorded_event_attributes.workflow_task_completed_event_id)
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            actions["activities"] += event.activity_task_started_event_attributes.attempt - 1
    actions["local activities, by task"] = len(tasks_with_local)
    return Cost(
        events=counted.total(),
        bytes=sizes.total(),
        actions={name: number for name, number in actions.items() if number},
        by_type={name: (counted[name], size) for name, size in sizes.most_common()},
    )


@dataclass(frozen=True)
class Segment:
    """What follows one command, or the start: how many of each until the next command."""

    local: int = 0
    upserts: int = 0
    activities: int = 0
    timers: int = 0


def segments_of(events: Iterable[HistoryEvent]) -> tuple[Segment, ...]:
    """The mix of a history, so that a bare workflow can produce the same: the start first, then one for each command."""
    counts: list[Counter[str]] = [Counter()]
    for event in events:
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                counts.append(Counter())
            case EventType.EVENT_TYPE_MARKER_RECORDED if event.marker_recorded_event_attributes.marker_name == _LOCAL:
                counts[-1]["local"] += 1
            case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
                counts[-1]["upserts"] += 1
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                counts[-1]["activities"] += 1
            case EventType.EVENT_TYPE_TIMER_STARTED:
                counts[-1]["timers"] += 1
    return tuple(Segment(**count) for count in counts)
