"""Complaints and incidents that began under earlier code go on under this one: every golden history replays.

A change of the workflow that breaks one would stop every open complaint that stands there. Either keep its order of commands
(`workflow.patched`), or, before anything has been released, record anew: `make histories`,
or `make histories ONLY=loyalty` for those of one pack. A pack that changes concerns no history: its text is kept with them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from domain.policy import registry
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from tests.workflows import lives, lives_of_food, paths  # noqa: F401  (each registers its walks)
from tests.workflows.golden import HISTORIES, WALKS, pack_copy
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow
from workflows.incident import IncidentWorkflow

PACK_OF = {file: walk.pack for walk in WALKS for file in walk.files}


@pytest.fixture(autouse=True)
def _packs_of_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packs' text as it was when they were recorded, beside whatever this process holds under the same name."""
    monkeypatch.setattr(registry, "_shelf", registry._shelf | _kept())


@cache
def _kept() -> dict[tuple[str, str], Pack]:
    kept = [parse_pack(file.read_text(encoding="utf-8"), file.name) for file in sorted(HISTORIES.glob("*.toml"))]
    return {(pack.ref, pack.digest): pack for pack in kept}


async def _replay(history: dict[str, Any]) -> Exception | None:
    started = history["events"][0]["workflowExecutionStartedEventAttributes"]
    replayer = Replayer(
        workflows=[ComplaintWorkflow, IncidentWorkflow], data_converter=pydantic_data_converter, workflow_runner=STRICT
    )
    result = await replayer.replay_workflow(WorkflowHistory.from_json(started["workflowId"], history))
    return result.replay_failure


def _history(name: str) -> dict[str, Any]:
    history: dict[str, Any] = json.loads((HISTORIES / f"{name}.json").read_text(encoding="utf-8"))
    return history


@pytest.mark.parametrize("name", sorted(PACK_OF))
async def test_what_stands_on_this_path_goes_on_under_this_code(name: str) -> None:
    assert await _replay(_history(name)) is None


def test_every_history_has_its_path() -> None:
    assert {file.stem for file in HISTORIES.glob("*.json")} == set(PACK_OF)


@pytest.mark.parametrize("name", sorted(PACK_OF))
def test_the_pack_that_a_history_began_under_is_kept_beside_it(name: str) -> None:
    started = _history(name)["events"][0]["workflowExecutionStartedEventAttributes"]
    [payload] = started["input"]["payloads"]
    start = json.loads(base64.b64decode(payload["data"]))
    recorded = (start.get("opening") or start["carried"])["pack_digest"]
    kept = hashlib.sha256(pack_copy(PACK_OF[name]).read_bytes()).hexdigest()
    assert recorded == kept, f"histories and pack are of different times: make histories ONLY={PACK_OF[name]}"


@pytest.mark.parametrize("name", ["paid_with_approval", "rectified_on_site", "incident_led_to_its_end"])
async def test_a_history_of_other_commands_is_told_apart(name: str) -> None:
    history = _history(name)
    scheduled = [event for event in history["events"] if event["eventType"] == "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"]
    kinds = [event["activityTaskScheduledEventAttributes"]["activityType"] for event in scheduled]
    other = next(kind for kind in reversed(kinds) if kind != kinds[0])
    kinds[0]["name"], other["name"] = other["name"], kinds[0]["name"]
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
    for name in PACK_OF:
        text = (HISTORIES / f"{name}.json").read_text(encoding="utf-8")
        assert str(Path.home()) not in text
        assert '"identity": "recorder"' in text
        assert "site-packages" not in text
