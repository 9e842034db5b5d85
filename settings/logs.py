"""Logs on standard output, one event a line: ours and those of every library, through one formatter and one filter.

Nothing personal gets through. Our own lines carry ids, names of things and figures; of an exception only its type and the places
in the code are told, for its message may quote what somebody wrote. Messages that we word ourselves (`ApplicationError`) stay.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

Fields = MutableMapping[str, Any]
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_WORKFLOW_ID = re.compile(r"(?:complaint/(?P<tenant>[^/]+)/(?P<complaint>[^/]+)|incident/(?P<of>[^/]+)/(?P<incident>[^/]+))")
# What Temporal tells of a workflow or an activity, and what we call it.
_OF_TEMPORAL = {
    "workflow_id": "workflow",
    "run_id": "run",
    "activity_type": "activity",
    "attempt": "attempt",
    "update_name": "update",
}
# Loggers of libraries through which our own code speaks.
_OURS = ("temporalio.workflow", "temporalio.activity")


def configure(level: str, style: str = "text", *, more: tuple[Processor, ...] = ()) -> None:
    """`style` is text or json. `more` adds to each line what only this process knows, such as whose request it is."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *more,
        _impersonal,
    ]
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), _temporal, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, _LEVELS[level]))
    for name in _OURS:
        logging.getLogger(name).setLevel(_LEVELS[level])
    # Uvicorn brings handlers of its own; its lines come here instead.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def of_complaint(workflow_id: str | None) -> dict[str, str]:
    """Tenant and complaint, or incident, that a workflow id names; nothing for other workflows."""
    found = _WORKFLOW_ID.fullmatch(workflow_id or "")
    named = {name: value for name, value in found.groupdict().items() if value is not None} if found else {}
    return {"tenant" if name == "of" else name: value for name, value in named.items()}


def _temporal(logger: Any, method: str, fields: Fields) -> Fields:
    """Temporal's own dictionaries become the fields that our lines have."""
    told: dict[str, Any] = {}
    for name in ("temporal_workflow", "temporal_activity"):
        given = fields.pop(name, None)
        if isinstance(given, dict):
            told |= {ours: given[theirs] for theirs, ours in _OF_TEMPORAL.items() if given.get(theirs) is not None}
            told |= of_complaint(given.get("workflow_id"))
    entry = fields.pop("temporal_log", None)
    if entry is not None:
        # The core puts all it knows behind its words, with them what a failed activity or workflow said.
        fields["event"] = entry.message
        about = dict(entry.fields)
        told |= {ours: about[theirs] for theirs, ours in _OF_TEMPORAL.items() if about.get(theirs)}
        told |= of_complaint(str(about.get("workflow_id")))
    for name, value in told.items():
        fields.setdefault(name, value)
    return fields


def _impersonal(logger: Any, method: str, fields: Fields) -> Fields:
    """An exception by its type and where it happened."""
    raised = fields.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    fields.pop("exception", None)
    fields.pop("stack_info", None)
    if isinstance(error, BaseException):
        fields.update(told(error))
    return fields


def told(error: BaseException) -> dict[str, Any]:
    """What may be told of an exception: its type, the places in the code, and its message when we worded it."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    message = {"detail": str(error)} if type(error).__name__ == "ApplicationError" else {}
    return {"error": type(error).__name__, **message, "where": where}
