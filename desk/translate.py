"""Temporal's errors become the desk's, here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from desk.errors import (
    ComplaintClosed,
    ComplaintErased,
    ComplaintStuck,
    DeskBusy,
    NobodyAnswered,
    NoSuchComplaint,
    Refused,
    TemporalAway,
)
from sealing.errors import Erased

_NO_ANSWER = {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}


@contextmanager
def temporal_errors() -> Iterator[None]:
    """Calls inside raise the errors of `desk.errors`, each with its cause."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _refusal(error.cause) from error
    except RPCTimeoutOrCancelledError as error:
        raise NobodyAnswered("no worker answered in time") from error
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        raise NobodyAnswered(f"the question was not answered: {error}") from error
    except RPCError as error:
        raise _by_status(error) from error
    except Erased as error:
        raise ComplaintErased("the complaint was erased") from error
    except RuntimeError as error:
        # The bridge raises this one type for a connection that cannot be made; nothing else inside raises it.
        raise TemporalAway(str(error)) from error


def _refusal(cause: BaseException) -> Exception:
    if not isinstance(cause, ApplicationError):
        return NobodyAnswered(f"the command ended without an answer: {cause}")
    words: dict[str, Any] = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    said = str(cause.message)
    return Refused(cause.type or "refused", words.get("field"), str(words.get("zh") or said), str(words.get("en") or said))


def _by_status(error: RPCError) -> Exception:
    match error.status:
        # Closed before, or in the very moment in which the command came: "... was aborted by closing workflow".
        case RPCStatusCode.NOT_FOUND if "already completed" in error.message or "closing workflow" in error.message:
            return ComplaintClosed(error.message)
        case RPCStatusCode.NOT_FOUND:
            return NoSuchComplaint(error.message)
        case RPCStatusCode.RESOURCE_EXHAUSTED:
            return DeskBusy(error.message)
        case RPCStatusCode.FAILED_PRECONDITION if "failed state" in error.message:
            return ComplaintStuck(error.message)
        case status if status in _NO_ANSWER:
            return NobodyAnswered(error.message)
    return TemporalAway(f"{error.status.name}: {error.message}")
