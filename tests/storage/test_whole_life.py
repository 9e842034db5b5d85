"""A whole life of a complaint, from intake to the satisfied customer, with the journal on each kind of database."""

from __future__ import annotations

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from tests.conftest import NewDatabase
from tests.house import build_house
from tests.walk import agreed, ends_satisfied


async def test_the_journal_of_a_life_adds_up_to_its_case(
    temporal_env: WorkflowEnvironment, tmp_path: Path, new_database: NewDatabase
) -> None:
    async with build_house(temporal_env, tmp_path, database_url=await new_database()) as house:
        filed = await agreed(house, "transport_damage", {"damage": "severe"})
        entries = await ends_satisfied(filed)
        listed = await house.cases.get(filed.opening.tenant, filed.id)
    assert {"Filed", "Closed"} & {type(entry.event).__name__ for entry in entries}
    assert listed is not None
    assert listed.outcome == "satisfied"
    assert listed.paid.amount > 0
