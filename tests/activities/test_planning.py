"""Promises planned in the tenant's calendar, and complaints given to people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from temporalio.exceptions import ApplicationError

from activities.contract import Assign, Assignment, DeadlineAsk, PlanDeadlines, PlannedDeadline
from activities.planning import PlanningActivities
from domain.actor import Role
from domain.budget import Pause
from domain.policy.pack import Pack
from domain.policy.route_rows import Candidate
from storage.cases import Cases
from storage.database import Database
from storage.journal import Journal
from tests.activities.conftest import Shelf, person, run
from tests.storage.stories import Story

# A Monday, 10:00 in Shanghai.
START_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PEOPLE = person("ann", "agent") + person("bob", "agent") + person("cem", "agent")


class Known:
    """Loads as a test says."""

    def __init__(self, loads: dict[str, int], delay: float = 0, error: Exception | None = None) -> None:
        self._loads, self._delay, self._error = loads, delay, error

    async def loads(self, tenant: str, staff_ids: Sequence[str]) -> dict[str, int]:
        await asyncio.sleep(self._delay)
        if self._error is not None:
            raise self._error
        return {person: self._loads.get(person, 0) for person in staff_ids}


def _ask(pack: Pack, name: str = "first_response", *pauses: Pause) -> PlanDeadlines:
    asks = (DeadlineAsk(key=f"{name}/1", name=name, start_at=START_AT),)
    return PlanDeadlines(tenant="shop", pack=pack.ref, pack_digest=pack.digest, asks=asks, pauses=pauses)


async def _planned(shelf: Shelf, ask: PlanDeadlines) -> PlannedDeadline:
    (planned,) = (await run(PlanningActivities(shelf.tenants, Known({})).plan_deadlines, ask)).planned
    return planned


@pytest.mark.clause("HOM-TRN-03")
async def test_a_promise_is_planned_with_its_rungs_and_its_reckoning(shelf: Shelf, pack: Pack) -> None:
    shelf.write(PEOPLE)
    planned = await _planned(shelf, _ask(pack))
    assert planned.due_at == START_AT + timedelta(minutes=10)
    assert (planned.key, planned.pausable, planned.explanation.clause) == ("first_response/1", False, "HOM-TRN-03")
    ladder = pack.ladder_of(pack.deadline_of("first_response").ladder)
    assert len(planned.rungs) == len(ladder.rung)
    assert planned.rungs[:2] == (START_AT + timedelta(minutes=7), planned.due_at)
    assert list(planned.rungs) == sorted(planned.rungs)


async def test_an_open_pause_lets_a_pausable_promise_stand_still_and_no_other(shelf: Shelf, pack: Pack) -> None:
    shelf.write(PEOPLE)
    pause = Pause(from_at=START_AT + timedelta(minutes=5))
    still = await _planned(shelf, _ask(pack, "verification", pause))
    assert (still.due_at, still.rungs, still.pausable) == (None, (), True)
    assert (await _planned(shelf, _ask(pack, "first_response", pause))).due_at == START_AT + timedelta(minutes=10)


async def test_a_closing_day_entered_later_moves_the_same_promise(shelf: Shelf, pack: Pack) -> None:
    shelf.write(PEOPLE)
    before = await _planned(shelf, _ask(pack, "verification"))
    closed = 'closing_days = [{ on = 2026-11-24, reason_zh = "盘点", reason_en = "stocktaking" }]\n'
    file = shelf.directory / "shop.toml"
    file.write_text(closed + file.read_text(encoding="utf-8"), encoding="utf-8")
    after = await _planned(shelf, _ask(pack, "verification"))
    assert before.due_at is not None
    assert after.due_at == before.due_at + timedelta(days=1)


@pytest.mark.parametrize(
    ("missing", "type", "says"),
    [
        ({"tenant": "nobody"}, "TenantMissing", "tenants/nobody.toml"),
        ({"pack_digest": "0" * 64}, "PackMissing", "no home@2026-11 with digest 0000"),
        ({"pack": "home@1999-01"}, "PackMissing", "home@1999-01"),
        ({"asks": (DeadlineAsk(key="k", name="no_such", start_at=START_AT),)}, "PackMissing", "no_such"),
    ],
)
async def test_what_is_missing_is_named_and_tried_again(
    shelf: Shelf, pack: Pack, missing: dict[str, object], type: str, says: str
) -> None:
    shelf.write(PEOPLE)
    with pytest.raises(ApplicationError, match=says) as told:
        await _planned(shelf, _ask(pack).model_copy(update=missing))
    assert (told.value.type, told.value.non_retryable) == (type, False)


async def test_a_tenants_file_that_was_spoiled_is_named_and_tried_again(shelf: Shelf, pack: Pack) -> None:
    shelf.write("zone = 5\n")
    with pytest.raises(ApplicationError, match=r"shop\.toml") as told:
        await _planned(shelf, _ask(pack))
    assert (told.value.type, told.value.non_retryable) == ("TenantMissing", False)


async def _assigned(shelf: Shelf, loads: Known, role: Role = Role.AGENT) -> Assignment:
    return await run(PlanningActivities(shelf.tenants, loads).assign, Assign(tenant="shop", role=role, at=START_AT))


async def test_the_least_loaded_gets_it(shelf: Shelf) -> None:
    shelf.write(PEOPLE)
    loads = {"ann": 3, "bob": 1, "cem": 2}
    assert await _assigned(shelf, Known(loads)) == Assignment(person="bob", why="least_loaded", loads=loads)


async def test_a_burst_is_shared_out_and_counted_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write(PEOPLE)
    monkeypatch.setattr("activities.planning._FRESH", timedelta(hours=1))

    class Asked(Known):
        times = 0

        async def loads(self, tenant: str, staff_ids: Sequence[str]) -> dict[str, int]:
            self.times += 1
            return await super().loads(tenant, staff_ids)

    loads = Asked({"ann": 3, "bob": 1, "cem": 2})
    planning = PlanningActivities(shelf.tenants, loads)
    given = [
        (await run(planning.assign, Assign(tenant="shop", role=Role.AGENT, at=START_AT + timedelta(seconds=number)))).person
        for number in range(6)
    ]
    # Four each in the end: nobody has got ahead of the others, though the database was asked only once.
    assert sorted(str(name) for name in given) == ["ann", "bob", "bob", "bob", "cem", "cem"]
    assert loads.times == 1


async def test_loads_are_those_of_the_database(shelf: Shelf, database: Database) -> None:
    shelf.write(PEOPLE)
    journal = Journal(database)
    for name in ("ann", "ann", "bob", "bob", "cem"):
        story = Story("shop").assigned(name)
        await journal.record(story.entries, story.case)
    loads = Cases(database)
    ask = Assign(tenant="shop", role=Role.AGENT, at=START_AT)
    assert (await run(PlanningActivities(shelf.tenants, loads).assign, ask)).person == "cem"


async def test_the_stand_in_of_an_absent_one_gets_it(shelf: Shelf) -> None:
    away = 'stand_in = "sue"\nabsent = [{ from = 2026-11-23, to = 2026-11-23 }]'
    shelf.write(person("ann", "supervisor", away), person("sue", "manager"))
    assert await _assigned(shelf, Known({}), Role.SUPERVISOR) == Assignment(person="sue", why="stand_in")


async def test_nobody_to_give_it_to_is_an_answer_that_says_why(shelf: Shelf) -> None:
    shelf.write(person("ann", "agent"), person("bob", "manager", "absent = [{ from = 2026-11-23, to = 2026-11-23 }]"))
    assert await _assigned(shelf, Known({}), Role.MANAGER) == Assignment(person=None, why="all_absent")
    assert await _assigned(shelf, Known({}), Role.SUPERVISOR) == Assignment(person=None, why="nobody")
    assert await _assigned(shelf, Known({})) == Assignment(person="ann", why="only_one")


@pytest.mark.parametrize(
    "loads", [Known({}, delay=5), Known({}, error=OSError("refused")), Known({}, error=OperationalError("", {}, OSError()))]
)
async def test_a_database_that_is_down_or_slow_costs_no_time_and_the_choice_is_the_same_each_time(
    shelf: Shelf, loads: Known
) -> None:
    shelf.write(PEOPLE)
    async with asyncio.timeout(2):
        chosen = [await _assigned(shelf, loads) for _ in range(3)]
    assert {each.why for each in chosen} == {"load_unknown"}
    assert len({each.person for each in chosen}) == 1


async def test_equals_take_turns_in_a_burst(shelf: Shelf) -> None:
    shelf.write(PEOPLE)
    planning = PlanningActivities(shelf.tenants, Known({}))
    asks = [Assign(tenant="shop", role=Role.AGENT, at=START_AT + timedelta(seconds=n)) for n in range(90)]
    chosen = [(await run(planning.assign, ask)).person for ask in asks]
    assert min(chosen.count(name) for name in ("ann", "bob", "cem")) >= 15


SUPERVISED = person("ann", "agent", 'supervisor = "sue"') + person("bob", "agent") + person("sue", "supervisor")


async def _routed(shelf: Shelf, loads: Known, *candidates: Candidate, **about: str) -> Assignment:
    ask = Assign(tenant="shop", role=Role.AGENT, at=START_AT, candidates=candidates)
    return await run(PlanningActivities(shelf.tenants, loads).assign, ask.model_copy(update=about))


@pytest.mark.clause("ECO-ASG-01")
async def test_candidates_are_answered_with_the_loads_that_were_considered(shelf: Shelf) -> None:
    shelf.write(PEOPLE)
    given = await _routed(shelf, Known({"ann": 3, "bob": 1, "cem": 2}), "senior_agent", "agent")
    assert given == Assignment(person="bob", why="least_loaded", loads={"ann": 3, "bob": 1, "cem": 2})
    down = await _routed(shelf, Known({}, error=OSError("refused")), "agent")
    assert (down.why, down.loads) == ("load_unknown", {})


@pytest.mark.clause("LOY-PRI-02", "LOY-II-02")
async def test_candidates_that_are_one_person_are_answered_with_how_they_were_chosen(shelf: Shelf) -> None:
    shelf.write(SUPERVISED)
    none = Known({})
    first = await _routed(shelf, none, "first_contact", "agent", first_contact="bob")
    assert first == Assignment(person="bob", why="first_contact", first_contact="bob")
    about_ann = await _routed(shelf, none, "own_supervisor", first_contact="bob", complained_of="ann")
    assert about_ann == Assignment(person="sue", why="own_supervisor", first_contact="bob")
    assert await _routed(shelf, none, "risk_control") == Assignment(person=None, why="nobody")


@pytest.mark.clause("LOY-II-02")
async def test_whoever_is_complained_of_is_not_found_for_an_escalation_either(shelf: Shelf) -> None:
    shelf.write(SUPERVISED, person("tim", "supervisor"))
    planning = PlanningActivities(shelf.tenants, Known({"sue": 0, "tim": 9}))
    ask = Assign(tenant="shop", role=Role.SUPERVISOR, at=START_AT, complained_of="sue")
    assert await run(planning.assign, ask) == Assignment(person="tim", why="only_one")


def test_what_an_ask_does_not_name_is_not_written() -> None:
    """Histories from before candidates read as they were written."""
    ask = Assign(tenant="shop", role=Role.AGENT, at=START_AT)
    assert set(ask.model_dump(mode="json")) == {"tenant", "role", "at"}
    assert set(Assignment(person="ann", why="only_one").model_dump(mode="json")) == {"person", "why"}
