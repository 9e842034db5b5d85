"""A small history, counted by hand."""

from __future__ import annotations

from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.history import Segment, cost_of, segments_of


def _event(name: str, **attributes: Any) -> HistoryEvent:
    given: dict[str, Any] = {f"{name.lower()}_event_attributes": attributes} if attributes else {}
    return HistoryEvent(event_type=EventType.Value(f"EVENT_TYPE_{name}"), **given)


def _local(task: int) -> HistoryEvent:
    return _event("MARKER_RECORDED", marker_name="core_local_activity", workflow_task_completed_event_id=task)


HISTORY = [
    _event("WORKFLOW_EXECUTION_STARTED"),
    _event("WORKFLOW_TASK_SCHEDULED"),
    _event("WORKFLOW_TASK_STARTED"),
    _event("WORKFLOW_TASK_COMPLETED"),
    _local(4),
    _local(4),
    _event("TIMER_STARTED", timer_id="1"),
    _event("ACTIVITY_TASK_SCHEDULED", activity_id="1"),
    _event("ACTIVITY_TASK_STARTED", attempt=3),
    _event("ACTIVITY_TASK_COMPLETED"),
    _event("WORKFLOW_TASK_COMPLETED"),
    _local(11),
    _event("MARKER_RECORDED", marker_name="core_patch", workflow_task_completed_event_id=11),
    _event("WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED"),
    _event("WORKFLOW_EXECUTION_UPDATE_ACCEPTED"),
    _event("WORKFLOW_EXECUTION_UPDATE_COMPLETED"),
    _event("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"),
    _event("TIMER_FIRED", timer_id="1"),
]


def test_what_temporal_cloud_bills_is_counted_by_its_rules() -> None:
    assert cost_of(HISTORY).actions == {
        "start": 1,
        "timers": 1,
        "activities": 3,  # scheduled once and tried twice more
        "updates": 1,
        "search attributes": 1,
        "local activities, by task": 2,  # three of them in two tasks
    }
    assert cost_of(HISTORY).total_actions == 9


def test_events_and_bytes_are_counted_without_those_of_the_rehearsal_clock() -> None:
    cost = cost_of(HISTORY)
    real = [event for event in HISTORY if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED]
    assert cost.events == len(real) == 17
    assert cost.bytes == sum(event.ByteSize() for event in real)
    markers = [event for event in real if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED]
    assert cost.by_type["MARKER_RECORDED"] == (4, sum(event.ByteSize() for event in markers))


def test_the_mix_of_a_history_is_told_by_its_commands() -> None:
    assert segments_of(HISTORY) == (Segment(local=3, activities=1, timers=1), Segment(upserts=1))
