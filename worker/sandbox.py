"""The sandbox of workflow code, without a toll that the SDK takes for every payload, and with precedence over letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.precedence import Precedence


@dataclass(frozen=True)
class Sandbox(SandboxedWorkflowRunner):
    """As the SDK's, but what a payload belongs to is asked of a workflow directly.

    The SDK enters the sandbox anew for that question, three times for every payload that goes in or out, and each time compiles
    code and exchanges all modules: a sixth of what the worker did. The answer runs no workflow code; it looks a command up.

    The few lines by which each task is entered are compiled once for the process, and not for each task.
    """

    precedence: Precedence | None = None

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance: Any = super().create_instance(det)
        # The name under which the SDK keeps it. Gone in a later SDK: then the question goes the long way, slower and as right.
        within = getattr(instance, "globals_and_locals", {}).get("__temporal_in_sandbox")
        if within is not None:
            instance.get_serialization_context = within.get_serialization_context
            instance.get_external_store_context = within.get_external_store_context
        run_code = getattr(instance, "_run_code", None)
        if run_code is not None:
            instance._run_code = lambda code, **names: run_code(_compiled(code), **names)
        if self.precedence is not None:
            instance.activate = _going_first(instance.activate, self.precedence)
        made: WorkflowInstance = instance
        return made


@lru_cache
def _compiled(code: str) -> CodeType:
    return compile(code, "<sandbox>", "exec")


def _going_first(activate: Any, precedence: Precedence) -> Any:
    def first(activation: Any) -> Any:
        with precedence.first():
            return activate(activation)

    return first
