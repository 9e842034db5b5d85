"""Summaries of a November, made from what was complained of and what happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain import promise_events as p
from domain.journal import Event
from domain.money import Money
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from domain.summary.compose import compose, report_of
from domain.summary.figures import Summary
from domain.summary.period import Period
from domain.summary.tally import Complained, Happened, Tally
from tests.domain.packs import home

NOVEMBER = Period(from_on=date(2026, 11, 1), to_on=date(2026, 12, 1), zone="Asia/Shanghai")
MIDDLE = datetime(2026, 11, 15, 4, tzinfo=UTC)
LATE = Complained("transport_delay", "normal", origin="浙江", destination="广东", carrier="顺丰")
TITLE = Wording(zh="退款", en="Refund")


def summary(
    report: str = "transport_summary",
    complaints: tuple[Complained, ...] = (),
    entries: tuple[Happened, ...] = (),
    pack: Pack | None = None,
) -> Summary:
    pack = pack or home()
    tally = Tally(pack, NOVEMBER)
    for complaint in complaints:
        tally.complaint(complaint)
    for entry in entries:
        tally.entry(entry)
    return compose(tally, report_of(pack, report), "shop")


def told(*events: Event, complaint: str = "c1", at: datetime = MIDDLE) -> tuple[Happened, ...]:
    return tuple(Happened(complaint, at + timedelta(seconds=n), event) for n, event in enumerate(events))


def met(name: str, in_time: bool = True) -> p.DeadlineMet:
    return p.DeadlineMet(key=f"{name}/3", in_time=in_time)


def missed(name: str) -> p.DeadlineMissed:
    return p.DeadlineMissed(key=f"{name}/3", due_at=MIDDLE)


def plan(amount: str, step: str = "refund") -> RemedyPlan:
    money = Money.of(amount, "CNY")
    one = PlannedStep(id=step, kind="refund", clause="HOM-LOS-01", title=TITLE, by="software", executor="payments", money=money)
    return RemedyPlan(row_id="lost", clause="HOM-LOS-01", title=TITLE, steps=(one,), total=money, cash=money)
