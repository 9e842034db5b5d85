"""Complaints that began under earlier code go on under this one: every golden history replays.

A change of the workflow that breaks one would stop every open complaint that stands there. Either keep its order of commands
(`workflow.patched`), or, before anything has been released, record anew: `make histories`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from domain.policy import registry
from domain.policy.parse import parse_pack
from tests.workflows.paths import PATHS
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

HISTORIES = Path(__file__).parent / "histories"


@pytest.fixture(autouse=True)
def _packs_of_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack's text as it was when they were recorded, beside whatever this process holds under the same name."""
    kept = [parse_pack(file.read_text(encoding="utf-8"), file.name) for file in HISTORIES.glob("*.toml")]
    monkeypatch.setattr(registry, "_shelf", registry._shelf | {(pack.ref, pack.digest): pack for pack in kept})


async def _replay(history: dict[str, Any]) -> Exception | None:
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=pydantic_data_converter, workflow_runner=STRICT)
    result = await replayer.replay_workflow(WorkflowHistory.from_json("complaint/home-demo/golden", history))
    return result.replay_failure


def _history(name: str) -> dict[str, Any]:
    history: dict[str, Any] = json.loads((HISTORIES / f"{name}.json").read_text(encoding="utf-8"))
    return history


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_a_complaint_on_this_path_goes_on_under_this_code(name: str) -> None:
    assert await _replay(_history(name)) is None


def test_every_history_has_its_path() -> None:
    assert {file.stem for file in HISTORIES.glob("*.json")} == set(PATHS)


@pytest.mark.parametrize("name", ["paid_with_approval", "rectified_on_site"])
async def test_a_history_of_other_commands_is_told_apart(name: str) -> None:
    history = _history(name)
    scheduled = [event for event in history["events"] if event["eventType"] == "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"]
    kinds = [event["activityTaskScheduledEventAttributes"]["activityType"] for event in scheduled]
    kinds[0]["name"], kinds[-1]["name"] = kinds[-1]["name"], kinds[0]["name"]
    assert kinds[0] != kinds[-1]
    with pytest.raises(NondeterminismError):
        await _replay(history)


async def test_a_history_that_lacks_a_timer_is_told_apart() -> None:
    history = _history("late_response_escalated_and_acknowledged")
    events = history["events"]
    timer = next(event for event in events if event["eventType"] == "EVENT_TYPE_TIMER_STARTED")
    events.remove(timer)
    with pytest.raises((NondeterminismError, RuntimeError)):
        await _replay(history)


def test_no_history_tells_of_the_machine_it_was_recorded_on() -> None:
    for name in PATHS:
        text = (HISTORIES / f"{name}.json").read_text(encoding="utf-8")
        assert str(Path.home()) not in text
        assert '"identity": "recorder"' in text
        assert "site-packages" not in text
