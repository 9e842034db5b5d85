"""A library with rows for many complaints of one thing, and an incident of it under test."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.case import Case
from domain.fold import begin
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident import fold
from domain.incident.commands import Bilingual, IncidentCommand
from domain.incident.events import Happening, IncidentEntry
from domain.incident.incident import Incident
from domain.incident.procedure import clauses_behind, perform
from domain.intake import Intake, Product
from domain.journal import Entry, Received
from domain.order import Customer
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.refusal import Refusal
from tests.domain.packs import TINY

AT = datetime(2026, 11, 21, 1, tzinfo=UTC)
BATCHES = """
[[batch]]
id = "one_fee"
clause = "LIB-FEE-01"
title = { zh = "同类罚款", en = "One kind of fee" }
key = ["category", "product", "region"]
at_least = 3
window = "24h"
rise = { weeks = 4, factor = 2.5, at_least = 5 }
urgent = true
lead = "manager"
team = ["desk"]
suspension = { clause = "LIB-RSP-01" }
recall = { clause = "LIB-RSP-01" }
statement = { clause = "LIB-FEE-01" }

[batch.extra]
clause = "LIB-FEE-01"
kinds = ["extra_payment", "points"]
percent_max = 100
amount_max = { EUR = 20 }
points_max = 50
approved_by = "general_manager"

[[batch]]
id = "one_lot"
clause = "LIB-FEE-01"
title = { zh = "同一批次", en = "One lot" }
key = ["lot"]
more_than = 10
window = "same_day"
lead = "supervisor"
"""
MANAGER = Actor(id="qian", roles=(Role.MANAGER,))
LEAD = Actor(id="zhou", roles=(Role.DEPARTMENT,))
OTHER = Actor(id="wu", roles=(Role.SUPERVISOR,))
GENERAL_MANAGER = Actor(id="zheng", roles=(Role.GENERAL_MANAGER,))
TEXT = Bilingual(zh="正在调查", en="We are looking into it")


@cache
def library() -> Pack:
    return parse_pack(TINY + BATCHES, "library.toml")


def received(**intake: Any) -> tuple[Case, Entry]:
    intake = {"product": Product(name="过期罚款"), "region": "上海", **intake}
    event = Received(
        tenant="library", complaint_id="cmp_1", pack="library@2027-01", pack_digest="0" * 64, zone="Asia/Shanghai",
        currency="EUR", group="fees", level="normal", urgent=False,
        intake=Intake(category="wrong_fee", channel="app", customer=Customer(name="王芳"), content="多收了", **intake),
    )  # fmt: skip
    entry = Entry(seq=1, at=AT, by=SYSTEM, event=event)
    return begin(entry), entry


class Told:
    """An incident and its journal under test."""

    def __init__(self) -> None:
        opened = e.IncidentOpened(
            tenant="library", incident_id="inc_1", batch="one_fee", pack="library@2027-01", pack_digest="0" * 64,
            zone="Asia/Shanghai", currency="EUR", about={"category": "wrong_fee", "region": "上海市徐汇区 1 号"},
        )  # fmt: skip
        self.row = library().batch_of("one_fee")
        self.entries = [IncidentEntry(seq=1, at=AT, by=SYSTEM, clauses=self.row.clauses, event=opened)]
        self.incident: Incident = fold.begin(self.entries[0])

    def does(self, by: Actor, command: IncidentCommand) -> Told:
        return self.says(*perform(self.incident, self.row, by, command), by=by)

    def says(self, *events: Happening, by: Actor = SYSTEM) -> Told:
        for event in events:
            clauses = clauses_behind(self.incident, self.row, event)
            entry = IncidentEntry(seq=self.incident.revision + 1, at=AT, by=by, clauses=clauses, event=event)
            self.incident = fold.evolve(self.incident, entry)
            self.entries.append(entry)
        return self

    def refuses(self, by: Actor, command: IncidentCommand) -> str:
        with pytest.raises(Refusal) as refused:
            perform(self.incident, self.row, by, command)
        assert refused.value.zh
        assert refused.value.en
        return refused.value.code


def led() -> Told:
    return Told().does(MANAGER, c.NameTeam(lead="zhou", members=("desk", "lin")))
