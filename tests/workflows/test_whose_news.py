"""A partner speaks for what it carries out itself, whatever its secret fits: the firm that moves parcels has paid nothing."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from temporalio import workflow

from domain.effects import EffectReport
from domain.incident import commands as ic
from domain.incident import events as e
from domain.incident.extra import extra_of
from tests import walk
from tests.domain.incidents import GENERAL_MANAGER, LEAD, Told, led
from tests.house import House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow
from workflows.faults import Background
from workflows.incident_effects import IncidentEffects
from workflows.incident_file import IncidentFile

DONE = EffectReport(reference="PY-1", status="done", at=datetime(2026, 11, 22, tzinfo=UTC))


async def test_news_of_money_from_those_who_move_parcels_changes_nothing(house: House) -> None:
    house.partners.mode(payments="pending")
    try:
        filed = await walk.agreed(house, "transport_damage", {"damage": "severe"})
        await walk.step(filed, "refund", "ordered")
        key = walk.key_prefix(filed, cycle=1) + "refund"
        for system in ("logistics", "benefits"):
            for status in ("done", "refused"):
                news = EffectNews(key=key, report=DONE.model_copy(update={"status": status}), system=system)
                await filed.handle.signal(ComplaintWorkflow.effect_reported, news)
        state = (await filed.case()).step("refund")
        assert state is not None
        assert (state.status, state.paid) == ("ordered", None)
        await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=key, report=DONE, system="payments"))
        await walk.step(filed, "refund", "done")
        await filed.handle.terminate("seen")
    finally:
        house.partners.mode(payments="at_once")


class _File:
    """The file of an incident, outside a workflow."""

    def __init__(self, told: Told) -> None:
        self.told = told

    @property
    def incident(self) -> Any:
        return self.told.incident

    def say(self, *events: Any) -> None:
        self.told.says(*events)


def status(told: Told) -> str:
    return told.incident.effects[0].status


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the workflow logs, which outside of one has no logger of its own."""
    monkeypatch.setattr(workflow, "logger", logging.getLogger("of a workflow"))
    return caplog


def effects_of(told: Told) -> IncidentEffects:
    return IncidentEffects(cast(IncidentFile, _File(told)), Background())


@pytest.mark.parametrize("whose", ["payments", "logistics", "benefits"])
def test_of_a_lot_the_shop_is_heard_and_nobody_else(whose: str, seen: pytest.LogCaptureFixture) -> None:
    told = led().does(LEAD, ic.SuspendLot(lot="A1", reason="等待"))
    key = "library:inc_1/1/suspend-1"
    effects_of(told).heard(key, DONE, system=whose)
    assert status(told) == "planned"
    assert seen.messages == [f"news of {key} by {whose}, which lots carries out: not heard"]
    effects_of(told).heard(key, DONE, system="lots")
    assert status(told) == "done"


def test_of_an_extra_the_partner_that_gives_it_is_heard_and_its_words_are_not_written_down(
    seen: pytest.LogCaptureFixture,
) -> None:
    told = led().does(LEAD, ic.GrantExtra(kind="points", points=20, reason="补偿"))
    told.does(GENERAL_MANAGER, ic.ApproveExtra(number=1))
    effect = extra_of(1, "cmp_2")
    told.says(e.ExtraOwed(number=1, complaint="cmp_2", effect=effect))
    key = f"library:inc_1/1/{effect}"
    named = DONE.model_copy(update={"detail": "已由李秘密签收"})
    for whose in ("payments", "lots"):
        effects_of(told).heard(key, named, system=whose)
        assert status(told) == "planned"
    effects_of(told).heard(key, named, system="benefits")
    assert status(told) == "done"
    assert not any("李秘密" in entry.model_dump_json() for entry in told.entries)
