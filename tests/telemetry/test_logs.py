"""The log of a process: one line an event, in which nothing personal stands."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from structlog.typing import EventDict
from temporalio.exceptions import ApplicationError

from settings.logs import configure

Lines = Callable[[], list[dict[str, Any]]]
NAME = "王小明"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _with_trace(logger: Any, method: str, fields: EventDict) -> EventDict:
    fields["trace"] = "t-1"
    return fields


def _broken() -> None:
    raise ValueError(f"{NAME} wrote something that nobody understands")


def test_our_lines_carry_what_is_bound_and_what_the_process_adds(lines: Lines) -> None:
    configure("info", "json", more=(_with_trace,))
    with structlog.contextvars.bound_contextvars(tenant="home-demo", complaint="cmp_1"):
        structlog.get_logger("any").info("request", status=201)
    [line] = lines()
    assert {
        "event": "request",
        "status": 201,
        "tenant": "home-demo",
        "complaint": "cmp_1",
        "trace": "t-1",
    }.items() <= line.items()
    assert (line["level"], line["timestamp"][-1]) == ("info", "Z")


def test_lines_of_libraries_look_the_same(lines: Lines) -> None:
    configure("info", "json", more=(_with_trace,))
    with structlog.contextvars.bound_contextvars(complaint="cmp_1"):
        logging.getLogger("uvicorn.error").warning("port %s is slow", 8000)
        logging.getLogger("httpx").info("GET https://partner/orders/SO-1")  # below warning: chatter
    [line] = lines()
    assert (line["event"], line["logger"], line["complaint"]) == ("port 8000 is slow", "uvicorn.error", "cmp_1")


@pytest.mark.parametrize("logger", ["ours", "a library's"])
def test_of_an_exception_only_type_and_place_are_told(lines: Lines, logger: str) -> None:
    configure("info", "json", more=(_with_trace,))
    try:
        _broken()
    except ValueError:
        told = structlog.get_logger("any").error if logger == "ours" else logging.getLogger("asyncio").error
        told("something failed", exc_info=True)
    [line] = lines()
    assert line["error"] == "ValueError"
    assert line["where"][-1].endswith("_broken")
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_what_we_word_ourselves_is_kept(lines: Lines) -> None:
    configure("info", "json", more=(_with_trace,))
    try:
        raise ApplicationError("the database is away", type="DatabaseAway")
    except ApplicationError:
        logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)
    [line] = lines()
    assert line["detail"] == "DatabaseAway: the database is away"


def test_a_line_of_temporals_names_the_complaint(lines: Lines) -> None:
    configure("info", "json", more=(_with_trace,))
    about = {"workflow_id": "complaint/home-demo/cmp_1", "run_id": "r-1", "activity_type": "place_effect", "attempt": 3}
    logging.getLogger("temporalio.activity").warning("slow", extra={"temporal_activity": about})
    [line] = lines()
    wanted = {"tenant": "home-demo", "complaint": "cmp_1", "workflow": "complaint/home-demo/cmp_1", "run": "r-1"}
    assert {**wanted, "activity": "place_effect", "attempt": 3}.items() <= line.items()


def test_a_line_of_temporals_names_the_incident_and_its_tenant(lines: Lines) -> None:
    configure("info", "json", more=(_with_trace,))
    about = {"workflow_id": "incident/food-demo/inc_1", "run_id": "r-1", "activity_type": "place_extra", "attempt": 2}
    logging.getLogger("temporalio.activity").warning("slow", extra={"temporal_activity": about})
    [line] = lines()
    assert {"tenant": "food-demo", "incident": "inc_1", "workflow": "incident/food-demo/inc_1"}.items() <= line.items()
    assert "complaint" not in line


def test_of_the_cores_lines_the_words_are_kept_and_the_failure_is_not(lines: Lines) -> None:
    configure("info", "json")
    entry = SimpleNamespace(message="Failing workflow task", fields={"run_id": "r-1", "failure": f"message: {NAME}"})
    logging.getLogger("temporalio.core").warning(f"Failing workflow task {entry.fields}", extra={"temporal_log": entry})
    [line] = lines()
    assert (line["event"], line["run"]) == ("Failing workflow task", "r-1")
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_people_read_the_same_as_a_line_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "text")
    try:
        _broken()
    except ValueError:
        logging.getLogger("asyncio").error("something failed", exc_info=True)
    out = capsys.readouterr().out
    assert "something failed" in out
    assert "ValueError" in out
    assert NAME not in out


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning", "json")
    structlog.get_logger("quiet").info("request")
    logging.getLogger("temporalio.workflow").info("begun")
    assert capsys.readouterr().out == ""
