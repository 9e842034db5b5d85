"""A page of the work list out of 100,000 rows, through storage and over HTTP."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

from bench.goals import Figure, Findings, quantile, shown
from bench.http import Line
from bench.life import DAMAGE, DELAY, intake
from bench.stand import TENANT, Stand, stand
from domain.actor import Role
from domain.budget import Budget
from domain.case import Case, OpenDeadline, Stage
from domain.explanation import Explanation
from domain.money import Money
from storage.case_row import row_of
from storage.cases import Cases
from storage.tables import complaints

_BATCH = 2_000
_PEOPLE = ("lin", "zhao", "chen", "zhou", "wu")
_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.CUSTOMER)
_OPEN = (Stage.RECEIVED, Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED, Stage.CONFIRMING)


async def measure(quick: bool) -> Findings:
    rows, looks = (20_000, 200) if quick else (100_000, 1_000)
    async with stand("api") as built:
        await _fill(built, rows)
        token = await built.token("agent", "lin")
        direct, over_http = await _through_storage(built, looks), await _over_http(built, looks, token)
    note = f"{rows:,} rows, two thirds open; first pages and pages behind a cursor of 5 people and 3 roles"
    return Findings(
        figures=[
            Figure("work list page (50 rows), p99", quantile(direct, 0.99), "ms", most=60, aim="< 20", note=note),
            Figure("work list page, p50", quantile(direct, 0.5), "ms"),
            Figure(
                "work list page over HTTP, p99", quantile(over_http, 0.99), "ms", note=f"p50 {shown(quantile(over_http, 0.5))} ms"
            ),
        ]
    )


async def _through_storage(built: Stand, looks: int) -> list[float]:
    cases, dice = Cases(built.database), random.Random(7)
    cursor: str | None = None
    asked: tuple[Role, str | None] = (Role.AGENT, None)
    seen: list[float] = []
    for number in range(looks + 20):
        if number % 2 == 0:
            cursor, asked = None, (dice.choice(_ROLES), dice.choice((*_PEOPLE, None)))
        begun = time.perf_counter()
        page = await cases.work(TENANT, *asked, datetime.now(UTC), cursor=cursor, limit=50)
        seen.append((time.perf_counter() - begun) * 1000)
        cursor = page.next_cursor
    return seen[20:]


async def _over_http(built: Stand, looks: int, token: str) -> list[float]:
    dice, headers = random.Random(7), {"Authorization": f"Bearer {token}"}
    seen: list[float] = []
    async with Line(built.settings.api_url) as line:
        for _ in range(looks + 20):
            path = f"/v1/work?limit=50&role={dice.choice(_ROLES)}&assignee={dice.choice(_PEOPLE)}"
            begun = time.perf_counter()
            status, body = await line.ask("GET", path, headers)
            seen.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                raise RuntimeError(f"{path}: {status} {body[:300]!r}")
    return seen[20:]


async def _fill(built: Stand, rows: int) -> None:
    """Cases as they would stand in the table, without their journals; nobody could file so many in time."""
    dice, now = random.Random(11), datetime.now(UTC)
    for first in range(0, rows, _BATCH):
        cases = [_case(built, number, dice, now) for number in range(first, min(first + _BATCH, rows))]
        async with built.database.writing() as connection:
            await connection.execute(
                complaints.insert(), [row_of(case, f"complaint/{TENANT}/{case.complaint_id}") for case in cases]
            )


def _case(built: Stand, number: int, dice: random.Random, now: datetime) -> Case:
    path = dice.choice((DELAY, DAMAGE))
    received_at = now - timedelta(seconds=dice.randrange(90 * 86_400))
    stage = dice.choice(_OPEN) if dice.random() < 2 / 3 else Stage.CLOSED
    due_at = now + timedelta(seconds=dice.randrange(-86_400, 5 * 86_400))
    deadline = OpenDeadline(
        key=f"verification/{number}", name="verification", clause="HOUSE-VERIFY", start_at=received_at, due_at=due_at, rungs=(),
        explanation=Explanation(start_at=received_at, due_at=due_at, budget=Budget.by_workday(1), clause="HOUSE-VERIFY"),
    )  # fmt: skip
    none = Money.of("0", "CNY")
    return Case(
        tenant=TENANT, complaint_id=f"cmp_{number:026d}", pack=built.terms.pack.ref, pack_digest=built.terms.pack.digest,
        zone="Asia/Shanghai", currency="CNY", revision=10, received_at=received_at, updated_at=now, group="transport",
        category=path.category, level="normal", urgent=False, priority=dice.choice((2, 3, 3, 3)),
        intake=intake(path, f"HM-{number}"), stage=stage, assignee=dice.choice(_PEOPLE), decided=none, paid=none,
        deadlines=(deadline,) if stage is not Stage.CLOSED else (),
        closed_at=now if stage is Stage.CLOSED else None, outcome="satisfied" if stage is Stage.CLOSED else None,
    )  # fmt: skip
