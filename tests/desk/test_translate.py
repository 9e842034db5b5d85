"""Temporal's errors become the desk's, each by its cause."""

import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from desk.errors import ComplaintClosed, ComplaintStuck, DeskBusy, NobodyAnswered, NoSuchComplaint, Refused, TemporalAway
from desk.translate import temporal_errors


@pytest.mark.parametrize(
    ("raised", "meant"),
    [
        (RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b""), ComplaintClosed),
        (RPCError("workflow update was aborted by closing workflow", RPCStatusCode.NOT_FOUND, b""), ComplaintClosed),
        (RPCError("workflow not found for ID: x", RPCStatusCode.NOT_FOUND, b""), NoSuchComplaint),
        (RPCError("limit on number of concurrent in-flight updates", RPCStatusCode.RESOURCE_EXHAUSTED, b""), DeskBusy),
        (RPCError("Timeout expired", RPCStatusCode.CANCELLED, b""), NobodyAnswered),
        (RPCError("deadline", RPCStatusCode.DEADLINE_EXCEEDED, b""), NobodyAnswered),
        (RPCError("tcp connect error", RPCStatusCode.UNAVAILABLE, b""), TemporalAway),
        (RPCError("Workflow Task in failed state.", RPCStatusCode.FAILED_PRECONDITION, b""), ComplaintStuck),
        (RPCError("no workflow task is scheduled yet", RPCStatusCode.FAILED_PRECONDITION, b""), TemporalAway),
        (RPCError("broken", RPCStatusCode.INTERNAL, b""), TemporalAway),
        (RuntimeError("Failed client connect"), TemporalAway),
        (WorkflowUpdateRPCTimeoutOrCancelledError(), NobodyAnswered),
        (WorkflowUpdateFailedError(RuntimeError("bug")), NobodyAnswered),
    ],
)
def test_each_cause_has_its_name(raised: Exception, meant: type[Exception]) -> None:
    with pytest.raises(meant) as caught, temporal_errors():
        raise raised
    assert caught.value.__cause__ is raised


def test_a_refusal_keeps_its_code_its_field_and_its_words() -> None:
    said = {"field": "number", "zh": "当前方案编号为 2", "en": "the current proposal is number 2"}
    cause = ApplicationError("the current proposal is number 2", said, type="other_proposal", non_retryable=True)
    with pytest.raises(Refused) as caught, temporal_errors():
        raise WorkflowUpdateFailedError(cause)
    refused = caught.value
    assert (refused.code, refused.field, refused.zh, refused.en) == ("other_proposal", "number", said["zh"], said["en"])


def test_a_refusal_without_words_still_says_something() -> None:
    with pytest.raises(Refused) as caught, temporal_errors():
        raise WorkflowUpdateFailedError(ApplicationError("over the cap", type="cap"))
    assert caught.value.zh == caught.value.en == "over the cap"
