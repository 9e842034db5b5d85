"""`REPLAY_ALL=1 make test`: every complaint and incident that the tests brought to life replays, whatever it went through.

Worth its minutes on a busy machine: there tasks end in the middle, and what differs in order from a replay shows.
"""

from __future__ import annotations

import os
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import Replayer

from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow
from workflows.incident import IncidentWorkflow

ASKED_FOR = bool(os.environ.get("REPLAY_ALL"))
WORKFLOWS = [ComplaintWorkflow, IncidentWorkflow]


async def replay_all(client: Client, task_queue: str, folder: Path) -> None:
    """Raises AssertionError with the workflows that do not replay; their histories stay in the folder."""
    replayer = Replayer(workflows=WORKFLOWS, data_converter=client.data_converter, workflow_runner=STRICT)
    broken = []
    async for found in client.list_workflows(f"TaskQueue = '{task_queue}'"):
        if found.workflow_type not in [each.__name__ for each in WORKFLOWS]:
            continue
        history = await client.get_workflow_handle(found.id, run_id=found.run_id).fetch_history()
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        if result.replay_failure is not None:
            kept = folder / f"{found.run_id}.json"
            kept.write_text(history.to_json(), encoding="utf-8")
            broken.append(f"{found.id}: {result.replay_failure} (history in {kept})")
    assert not broken, "\n".join(broken)
