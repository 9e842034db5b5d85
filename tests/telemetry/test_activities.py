"""What an activity logs names the complaint that it works for."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
import structlog
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from settings.logs import configure
from telemetry.temporal import ToldActivities


class _Work(ActivityInboundInterceptor):
    def __init__(self) -> None:
        pass

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        structlog.get_logger("of the work").info("asked the partner")
        return "answer"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


async def test_every_line_on_the_way_names_complaint_workflow_and_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(
        environment.info, workflow_id="complaint/home-demo/cmp_1", activity_type="place_effect", attempt=2
    )
    watched = ToldActivities().intercept_activity(_Work())
    assert await environment.run(watched.execute_activity, cast(ExecuteActivityInput, None)) == "answer"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [inside] = [line for line in lines if line["event"] == "asked the partner"]
    wanted = {"tenant": "home-demo", "complaint": "cmp_1", "activity": "place_effect", "attempt": 2}
    assert wanted.items() <= inside.items()
    assert structlog.contextvars.get_contextvars() == {}
