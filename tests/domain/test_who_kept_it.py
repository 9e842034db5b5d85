"""Who kept a promise that is not the agent's in charge, as reviews per team and person count it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.policy.parse import parse_pack
from domain.promise_events import DeadlineMet
from tests.domain.policy.test_first_plan_of_food import FILE
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)
EXPERT = Actor(id="zhen", roles=(Role.DEPARTMENT,))


@pytest.mark.clause("FOO-RSP-04", "FOO-RSP-02")
@pytest.mark.parametrize("planned_first", [True, False])
def test_an_opinion_is_kept_by_whoever_gave_it_and_the_agents_promises_say_nothing_of_it(planned_first: bool) -> None:
    pack = parse_pack(FILE.read_text(encoding="utf-8"), str(FILE), None)
    desk = PureDesk(NOON, "food_safety", pack=pack, product={"name": "三文鱼", "lot": "L"})
    # The calendar may answer after the promise was kept.
    if planned_first:
        desk.plan()
    desk.now += timedelta(minutes=1)
    assert desk.does(EXPERT, c.GiveOpinion(opinion="异物为金属", department="quality")) is None
    assert desk.does(AGENT, c.Respond(message="已请专家核实")) is None
    desk.plan()
    kept = {each.event.key.split("/")[0]: each.event.by for each in desk.journal if isinstance(each.event, DeadlineMet)}
    assert kept.pop("expert") == "zhen"
    assert kept, "the agent's own first response"
    assert set(kept.values()) == {None}
