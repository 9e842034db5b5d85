"""What must hold of every complaint, whatever people, partners and the clock do, in any order: the laws of `bench/laws.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bench import laws
from domain.actor import Actor
from domain.case import Case, Stage
from domain.commands import Command
from domain.journal import Entry
from tests.domain.pure_desk import Answer, PureDesk, sample_order
from tests.moves import CATEGORIES, any_move, likely_move

T = TypeVar("T")


class AnyComplaint(RuleBasedStateMachine):
    """One complaint; likely moves are drawn more often than wild ones, so that runs get past the first stages."""

    desk: PureDesk

    @initialize(
        category=st.sampled_from(CATEGORIES),
        paid=st.sampled_from(("1000.00", "80.01", "5200.00", "0.01", None)),
        at=st.integers(0, 60 * 24 * 40),
    )
    def a_complaint_is_filed(self, category: str, paid: str | None, at: int) -> None:
        received_at = datetime(2026, 9, 15, tzinfo=UTC) + timedelta(minutes=at)
        self.desk = PureDesk(received_at, category, sample_order(paid, received_at) if paid else None)
        self.looked_at = 0

    @rule(data=st.data())
    def somebody_does_what_comes_next(self, data: st.DataObject) -> None:
        self._try(*likely_move(_chooser(data), self.desk.case, self.desk.now))

    @rule(data=st.data())
    def somebody_does_what_comes_next_and_partners_are_prompt(self, data: st.DataObject) -> None:
        self._try(*likely_move(_chooser(data), self.desk.case, self.desk.now))
        self.desk.carry_out(lambda state: "done")

    @rule(data=st.data())
    def anybody_does_anything(self, data: st.DataObject) -> None:
        self._try(*any_move(_chooser(data), self.desk.case, self.desk.now))

    @rule(data=st.data())
    def partners_are_given_what_is_planned(self, data: st.DataObject) -> None:
        answers: tuple[Answer, ...] = ("done", "done", "accepted", "refused")
        self.desk.carry_out(lambda state: data.draw(st.sampled_from(answers)))

    @rule(data=st.data(), answer=st.sampled_from(("done", "done", "accepted", "refused")))
    def a_partner_sends_news_perhaps_old(self, data: st.DataObject, answer: Answer) -> None:
        known = self.desk.at_partners()
        if known:
            self.desk.hears(data.draw(st.sampled_from(known)), answer)

    @rule()
    def the_calendar_answers(self) -> None:
        self.desk.plan()

    @rule(minutes=st.sampled_from((1, 9, 11, 45, 240, 1440, 3 * 1440, 20 * 1440)))
    def time_passes(self, minutes: int) -> None:
        self.desk.until(self.desk.now + timedelta(minutes=minutes))
        laws.nothing_is_overdue_unseen(self.desk.case, self.desk.now)

    def _try(self, by: Actor, command: Command) -> None:
        before, length = self.desk.case, len(self.desk.journal)
        if self.desk.does(by, command) is not None:
            assert self.desk.case is before
            assert len(self.desk.journal) == length

    @invariant()
    def what_is_written_reads_back_equal(self) -> None:
        for entry in self.desk.journal[self.looked_at :]:
            assert Entry.model_validate_json(entry.model_dump_json()) == entry
        if self.looked_at != len(self.desk.journal):
            assert Case.model_validate_json(self.desk.case.model_dump_json()) == self.desk.case
        self.looked_at = len(self.desk.journal)

    @invariant()
    def what_a_partner_owes_keeps_the_complaint_at_carrying_out(self) -> None:
        # There its partner is asked when it is late, and nowhere else.
        case = self.desk.case
        owed = [s for s in case.steps if s.status in ("planned", "ordered") and s.step.executor not in ("person", "none")]
        assert not owed or case.stage is Stage.CARRYING_OUT

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.plan()
            laws.check_all(self.desk.pack, self.desk.journal, self.desk.case)


def _chooser(data: st.DataObject):  # type: ignore[no-untyped-def]
    def choose(options: Sequence[T]) -> T:
        return data.draw(st.sampled_from(options))

    return choose


TestAnyComplaint = pytest.mark.clause("HOM-EXE-01", "home:HOUSE-MONEY", "home:HOUSE-CAP", "home:HOUSE-LADDER", "HOM-CLS-01")(
    AnyComplaint.TestCase
)
TestAnyComplaint.settings = settings(
    max_examples=80,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
