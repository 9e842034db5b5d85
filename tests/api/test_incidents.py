"""Incidents over HTTP: lists, one of them, its complaints and its story, on each kind of database."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.actor import SYSTEM, Actor, Role
from domain.incident import events as e
from domain.incident import fold
from domain.incident.events import IncidentEntry
from domain.incident.marks import BatchMark
from domain.policy.wording import Wording
from storage.batches import Batches
from storage.incidents import Incidents
from storage.journal import Journal
from tests.api.world import World, as_role, world
from tests.conftest import NewDatabase
from tests.storage.stories import Story

AT = datetime(2026, 11, 21, 1, tzinfo=UTC)
AGENT = as_role(Role.AGENT)
MANAGER = Actor(id="qian", roles=(Role.MANAGER,))


@dataclass
class Reading:
    """One API without a worker, and a company that no other test has."""

    world: World
    tenant: str = "home-demo"

    async def begun(self, many: int = 3) -> str:
        """An incident of so many complaints, as its workflow has written it."""
        journal, batches, about = Journal(self.world.database), Batches(self.world.database), uuid.uuid4().hex
        mark = BatchMark(batch="one_product", key=about, about={"product": about}, threshold=many, window=timedelta(hours=24))
        joined: tuple[str, ...] = ()
        for number in range(many):
            story = Story(self.tenant, at=AT + timedelta(minutes=number))
            await journal.record(story.entries, story.case, marks=(mark,))
            joined = tuple(each.incident for each in await batches.count(story.case, (mark,)))
        stored = Incidents(self.world.database)
        opening, opened_at = await stored.opening(self.tenant, joined[0])
        events = [
            opening,
            e.ComplaintsJoined(complaints=await stored.members(self.tenant, joined[0])),
            e.TeamNamed(lead="qian", members=("ning",)),
            e.MembersTold(number=1, text=Wording(zh="正在调查", en="We are looking into it")),
        ]
        entries = [
            IncidentEntry(seq=seq, at=opened_at, by=MANAGER if seq > 2 else SYSTEM, event=event)
            for seq, event in enumerate(events, 1)
        ]
        for written in (entries[:2], entries, entries[:2]):
            await stored.record(written, fold.replay(entries[: written[-1].seq]))
        return joined[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reading(
    temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase
) -> AsyncIterator[Reading]:
    folder: Path = tmp_path_factory.mktemp("incidents")
    async with world(temporal_env.client, folder, database_url=await new_database()) as made:
        yield Reading(made)


async def test_incidents_are_listed_page_by_page_the_newest_first(reading: Reading) -> None:
    begun = [await reading.begun() for _ in range(3)]
    first = (await reading.world.get("/v1/incidents", AGENT, limit=2)).json()
    second = (await reading.world.get("/v1/incidents", AGENT, limit=2, cursor=first["next_cursor"])).json()
    listed = [row["incident_id"] for row in (*first["rows"], *second["rows"])]
    assert listed[:3] == begun[::-1]
    assert first["rows"][0]["complaints"] == 3
    assert (first["rows"][0]["status"], first["rows"][0]["lead"]) == ("open", "qian")
    assert (await reading.world.get("/v1/incidents", AGENT, status="closed")).json()["rows"] == []
    wrong = await reading.world.get("/v1/incidents", AGENT, cursor="nonsense")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "cursor")


async def test_one_incident_with_its_complaints_and_its_story_in_both_languages(reading: Reading) -> None:
    incident = await reading.begun(4)
    read = (await reading.world.get(f"/v1/incidents/{incident}", AGENT)).json()
    assert (read["lead"], read["revision"], len(read["complaints"])) == ("qian", 4, 4)
    page = (await reading.world.get(f"/v1/incidents/{incident}/members", AGENT, limit=3)).json()
    rest = (await reading.world.get(f"/v1/incidents/{incident}/members", AGENT, cursor=page["next_cursor"])).json()
    assert [row["complaint_id"] for row in (*page["rows"], *rest["rows"])] == read["complaints"]
    assert rest["rows"][0]["stage"] == "received"
    english = (await reading.world.get(f"/v1/incidents/{incident}/journal", AGENT, after=2)).json()
    assert [line["seq"] for line in english["entries"]] == [3, 4]
    assert "Department manager qian named the team: led by qian, with ning." in english["entries"][0]["story"]
    chinese = await reading.world.get(f"/v1/incidents/{incident}/journal", {**AGENT, "Accept-Language": "zh-CN"})
    assert chinese.headers["Content-Language"] == "zh-CN"
    assert "部门经理 qian 统一告知：“正在调查”。" in chinese.json()["entries"][-1]["story"]


async def test_what_is_no_incident_of_ours_is_not_there(reading: Reading) -> None:
    incident = await reading.begun()
    for path in ("", "/members", "/journal"):
        other = await reading.world.get(f"/v1/incidents/{incident}{path}", as_role(Role.AGENT, tenant="olist-demo"))
        assert (other.status_code, other.json()["code"]) == (404, "not_found")
    body = {"reason": "x"}
    gone = await reading.world.http.post(f"/v1/incidents/{incident}/close", json=body, headers=as_role(Role.MANAGER))
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found"), "no workflow was started here"
    strange = await reading.world.http.post("/v1/incidents/nonsense/close", json=body, headers=as_role(Role.MANAGER))
    assert strange.status_code == 404
    nobody = {"lead": "nobody-of-ours"}
    named = await reading.world.http.post(f"/v1/incidents/{incident}/name_team", json=nobody, headers=as_role(Role.MANAGER))
    assert (named.status_code, [each["field"] for each in named.json()["errors"]]) == (422, ["lead"])
