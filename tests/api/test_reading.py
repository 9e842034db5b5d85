"""Reading over HTTP: the story, the promises, lists, and what is left of it while the database is away."""

import dataclasses
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.actor import Role
from tests.api.steps import AGENT, done, until
from tests.api.world import INTAKE, World, as_role, world
from tests.conftest import NewDatabase


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def manned(
    temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase
) -> AsyncIterator[World]:
    """Everything is there, on each kind of database: what is read here is asked by SQL."""
    folder: Path = tmp_path_factory.mktemp("reading")
    async with world(temporal_env.client, folder, database_url=await new_database()) as made, made.worker():
        yield made


@pytest.mark.clause("HOM-TRN-03")
async def test_the_promises_explain_themselves_in_both_languages(manned: World) -> None:
    complaint = await manned.filed()
    path = f"/v1/complaints/{complaint}/deadlines"
    english = await until(lambda: manned.get(path), lambda page: len(page["deadlines"]) > 0)
    first = next(each for each in english["deadlines"] if each["clause"] == "HOM-TRN-03")
    assert first["state"] == "running"
    assert any("10 minutes" in line for line in first["in_words"])
    chinese = (await manned.get(path, {**AGENT, "Accept-Language": "zh-CN"})).json()
    assert any("10分钟" in line for each in chinese["deadlines"] for line in each["in_words"])
    await done(await manned.command(complaint, "respond", {"message": "x"}, AGENT))
    after = await until(lambda: manned.get(path), lambda page: any(each["state"] == "met" for each in page["deadlines"]))
    assert next(each for each in after["deadlines"] if each["key"] == first["key"])["ended_at"] is not None


async def test_the_journal_is_read_page_by_page(manned: World) -> None:
    complaint = await manned.filed()
    path = f"/v1/complaints/{complaint}/journal"
    await until(lambda: manned.get(path), lambda page: len(page["entries"]) >= 4)
    seen, after = [], 0
    while True:
        page = (await manned.get(path, after=after, limit=2)).json()
        seen += [line["seq"] for line in page["entries"]]
        if page["next_after"] is None:
            break
        after = page["next_after"]
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 4


async def test_lists_page_through_everything_once(manned: World) -> None:
    number = f"SO-{uuid.uuid4().hex[:12]}"
    for _ in range(5):
        await manned.file({**INTAKE, "order_number": number})
    ask: dict[str, Any] = {"order_number": number}
    await until(lambda: manned.get("/v1/complaints", **ask), lambda page: len(page["rows"]) == 5)
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await manned.get("/v1/complaints", **ask, limit=2, sort="oldest", **cursor)).json()
        seen += [row["complaint_id"] for row in page["rows"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cursor": "not one of ours"}, "cursor"),
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"stage": "limbo"}, "stage"),
        ({"overdue": "soon"}, "overdue"),
        ({"sort": "colour"}, "sort"),
        ({"received_from": "2026-11-21T09:00:00"}, "received_from"),
        ({"received_to": "yesterday"}, "received_to"),
    ],
)
async def test_a_wrong_filter_is_named(manned: World, given: dict[str, Any], field: str) -> None:
    answer = await manned.get("/v1/complaints", **given)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_what_is_not_overdue_is_listed_apart_from_what_is(manned: World) -> None:
    number = f"SO-{uuid.uuid4().hex[:12]}"
    await manned.file({**INTAKE, "order_number": number})
    ask: dict[str, Any] = {"order_number": number}
    page = await until(lambda: manned.get("/v1/complaints", **ask, overdue="false"), lambda page: len(page["rows"]) == 1)
    assert page["rows"][0]["overdue"] is False
    assert (await manned.get("/v1/complaints", **ask, overdue="true")).json()["rows"] == []


async def test_the_work_list_shows_what_waits_for_the_caller(manned: World) -> None:
    complaint = await manned.filed()
    page = await until(
        lambda: manned.get("/v1/work", AGENT, limit=200),
        lambda page: complaint in {row["complaint_id"] for row in page["rows"]},
    )
    row = next(row for row in page["rows"] if row["complaint_id"] == complaint)
    assert row["waits_for"] == "agent"
    keys = [(row["priority"], row["next_due_at"] or "9999") for row in page["rows"]]
    assert keys == sorted(keys)
    mine = (await manned.get("/v1/work", as_role(Role.AGENT, id="nobody"), assignee="me")).json()
    assert mine["rows"] == []


async def test_a_complaint_is_read_live_while_the_database_is_away(manned: World) -> None:
    complaint = await manned.filed()
    path = f"/v1/complaints/{complaint}"
    in_time = await until(lambda: manned.get(path), lambda case: case["revision"] >= 1)
    parts = manned.app.state.parts

    class Gone:
        is_sqlite = True

        def reading(self) -> Any:
            raise OSError("away")

    manned.app.state.parts = dataclasses.replace(parts, database=Gone())
    try:
        answer = await manned.get(path)
        assert answer.status_code == 200
        assert answer.headers["redress-source"] == "live"
        assert answer.json()["complaint_id"] == in_time["complaint_id"]
        listed = await manned.get("/v1/complaints")
        assert listed.status_code == 503
        assert listed.json()["code"] == "database_away"
        assert "retry-after" in listed.headers
    finally:
        manned.app.state.parts = parts
