"""By when the loyalty procedure calls back, to the minute, on the calendar of its demo company."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import ServiceCalendar, calendar_of
from domain.policy.conditions import Fact
from domain.policy.matching import deadlines_started_by
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.promise_plan import plan_promise
from domain.tenant_file import parse_tenant

ROOT = Path(__file__).parents[3]
SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY, EVENING = "2026-11-20T16:30", "2026-11-20T20:00"
BEFORE_THE_HOLIDAY = "2026-09-30T10:00"


@pytest.fixture(scope="module")
def pack() -> Pack:
    file = ROOT / "policies" / "loyalty" / "2026-11.toml"
    return parse_pack(file.read_text(encoding="utf-8"), str(file), None)


@pytest.fixture(scope="module")
def company() -> ServiceCalendar:
    file = ROOT / "tenants" / "loyalty-demo.toml"
    return calendar_of(parse_tenant(file.read_text(encoding="utf-8"), str(file)))


@pytest.mark.clause("LOY-I-02", "LOY-II-01", "LOY-II-03", "LOY-II-05", "LOY-III-01", "LOY-III-03", "HOUSE-URGENT")
@pytest.mark.parametrize(
    ("promise", "received", "due"),
    [
        ("callback_level_1", FRIDAY, "2026-11-23T18:00"),
        ("callback_level_1", EVENING, "2026-11-23T18:00"),
        ("callback_level_1", BEFORE_THE_HOLIDAY, "2026-10-08T18:00"),
        ("callback_merchant", FRIDAY, "2026-11-23T18:00"),
        ("callback_attitude", FRIDAY, "2026-11-20T18:00"),
        ("callback_attitude", EVENING, "2026-11-23T18:00"),
        ("callback_efficiency", FRIDAY, "2026-11-20T18:00"),
        ("callback_infringement", FRIDAY, "2026-11-23T18:00"),
        ("callback_security", FRIDAY, "2026-11-24T18:00"),
        ("callback_urgent", FRIDAY, "2026-11-23T09:30"),
        ("freeze", EVENING, "2026-11-20T20:30"),
    ],
)
def test_a_call_is_due_at_the_end_of_its_working_day(
    pack: Pack, company: ServiceCalendar, promise: str, received: str, due: str
) -> None:
    assert plan_promise(pack, promise, _at(received), (), company).due_at == _at(due)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.clause("LOY-I-02", "LOY-II-01", "LOY-II-03", "LOY-II-05", "LOY-III-01", "LOY-III-03", "LOY-LVL-05")
def test_each_kind_has_one_call_of_its_own_and_important_and_urgent_ones_an_earlier_one_beside_it(pack: Pack) -> None:
    for category in pack.category:
        facts: dict[str, Fact] = {"category": category.id, "group": category.group, "urgent": False}
        assert len(_calls(pack, facts)) == 1, category.id
        assert _calls(pack, {**facts, "member_tier": "black_diamond"}) > {"callback_important"}
        assert _calls(pack, {**facts, "urgent": True}) > {"callback_urgent"}


def _calls(pack: Pack, facts: dict[str, Fact]) -> set[str]:
    return {row.id for row in deadlines_started_by(pack, "received", facts) if row.id.startswith("callback_")}
