"""A first plan within 24 hours of a food complaint (FOO-EFF-01): what takes its place, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import commands as c
from domain.journal import Consulted, IncidentJoined
from domain.policy.errors import PackInvalid
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT

FILE = Path(__file__).parents[3] / "policies" / "food" / "2026-11.toml"
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return parse_pack(FILE.read_text(encoding="utf-8"), str(FILE), None)


def a_complaint(pack: Pack, category: str) -> PureDesk:
    product = {"name": "三文鱼", "lot": "SM20261117A"}
    return PureDesk(NOON, category, pack=pack, product=product)


def asked(desk: PureDesk) -> list[str]:
    return [entry.event.department for entry in desk.journal if isinstance(entry.event, Consulted)]


def plans(desk: PureDesk) -> list[Any]:
    desk.plan()
    rows = ("plan", "plan_or_test", "plan_after_test")
    return [(each.name, each.start_at, each.due_at) for each in desk.case.deadlines if each.name in rows]


@pytest.mark.clause("FOO-EFF-01", "FOO-BAT-01")
def test_a_doubtful_quality_that_is_one_of_many_is_still_promised_a_plan_within_24_hours(pack: Pack) -> None:
    desk = a_complaint(pack, "off_quality")
    desk.until(NOON + HOUR)
    desk.file.say(IncidentJoined(incident="inc_1", batch=pack.batch[0].id, urgent=True))
    assert asked(desk) == ["quality"], "severe by now, and an expert is asked"
    assert plans(desk) == [("plan_or_test", NOON, NOON + 24 * HOUR)]
    desk.until(NOON + 25 * HOUR)
    assert [each.missed for each in desk.case.deadlines if each.name == "plan_or_test"] == [True]


@pytest.mark.clause("FOO-EFF-01")
@pytest.mark.parametrize("before", ["food_safety", "damaged"])
def test_what_turns_out_to_be_of_doubtful_quality_is_promised_a_plan_from_receipt_whoever_was_asked(
    pack: Pack, before: str
) -> None:
    desk = a_complaint(pack, before)
    assert asked(desk) == ["quality" if before == "food_safety" else "logistics"]
    desk.until(NOON + HOUR)
    assert desk.does(AGENT, c.Reclassify(category="off_quality", reason="口感与以往不同，并非变质")) is None
    assert plans(desk) == [("plan_or_test", NOON, NOON + 24 * HOUR)]


@pytest.mark.clause("FOO-EFF-01", "FOO-EFF-02")
def test_a_test_of_the_sample_takes_the_place_of_the_first_plan(pack: Pack) -> None:
    desk = a_complaint(pack, "off_quality")
    for command in (
        c.Respond(message="马上为您核实"),
        c.Verify(founded=True, findings="外观正常，气味可疑"),
        c.Assess(facts={"test": "needed"}, liable="nobody"),
    ):
        assert desk.does(AGENT, command) is None
    assert "laboratory" in asked(desk)
    assert plans(desk) == []
    assert "test_result" in [each.name for each in desk.case.deadlines]


def test_a_promise_is_dropped_by_a_department_that_is_asked_somewhere_or_by_none() -> None:
    text = FILE.read_text(encoding="utf-8").replace("consulted:laboratory", "consulted:kitchen")
    with pytest.raises(PackInvalid) as refused:
        parse_pack(text, "food.toml", None)
    assert "consulted:kitchen" in str(refused.value)
