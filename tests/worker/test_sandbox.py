"""The worker's sandbox: what it saves changes no answer."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.converter import WorkflowSerializationContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails

from activities.precedence import Precedence
from worker.composition import SANDBOX
from worker.sandbox import Sandbox, _compiled
from workflows.complaint import ComplaintWorkflow

made: list[WorkflowInstance] = []


class Watched(Sandbox):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        made.append(super().create_instance(det))
        return made[-1]


async def test_what_a_payload_belongs_to_is_answered_without_entering_the_sandbox_and_as_from_within() -> None:
    definition: Any = workflow._Definition.must_from_class(ComplaintWorkflow)
    Watched(restrictions=SANDBOX.restrictions).prepare_workflow(definition)
    instance: Any = made.pop()
    entered: list[str] = []
    instance._run_code = lambda code, **_: entered.append(code)
    directly = instance.get_serialization_context(None)
    assert not entered
    del instance._run_code
    assert isinstance(directly, WorkflowSerializationContext)
    assert directly == type(instance).get_serialization_context(instance, None)
    assert instance.get_external_store_context(None) == type(instance).get_external_store_context(instance, None)


async def test_a_workflow_task_goes_before_letters() -> None:
    precedence, waited = Precedence(), []
    definition: Any = workflow._Definition.must_from_class(ComplaintWorkflow)
    Watched(restrictions=SANDBOX.restrictions, precedence=precedence).prepare_workflow(definition)
    instance: Any = made.pop()
    # The rest of a task does not matter here: within it a letter would wait.
    instance._run_code = lambda code, **_: waited.append(precedence._first)
    instance.globals_and_locals["__temporal_completion"] = None
    instance.activate(None)
    assert waited == [1]
    assert precedence._first == 0


async def test_the_lines_by_which_a_task_is_entered_are_compiled_once_and_do_what_they_say() -> None:
    definition: Any = workflow._Definition.must_from_class(ComplaintWorkflow)
    Watched(restrictions=SANDBOX.restrictions).prepare_workflow(definition)
    instance: Any = made.pop()
    seen: list[int] = []
    compiled = _compiled.cache_info().misses
    for number in (1, 2):
        instance._run_code("seen.append(number)", seen=seen, number=number)
    assert seen == [1, 2]
    assert _compiled.cache_info().misses == compiled + 1
