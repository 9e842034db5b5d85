"""A time that somebody named is a promise: due exactly then, replaced by another one, kept wherever the complaint stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import commands as c
from domain.budget import Budget
from domain.deadline import plan
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.promise_plan import WALL_CLOCK
from domain.story.tell import tell
from tests import after_care
from tests.domain.packs import changed, home
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import AGENT, CUSTOMER

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
# The end of one row, and a ladder that it cannot have.
LADDER = 'ladder = "hours"\n\n[[deadline]]\nid = "second_handling"'
SHARES = """
[[ladder]]
id = "shares"
clause = "AFT-CALL-01"

[[ladder.rung]]
id = "half"
before = "50%"
to = "owner"
do = ["notify"]
"""


def a_desk() -> PureDesk:
    desk = PureDesk(AT, order=sample_order(), pack=after_care.after_care())
    desk.plan()
    return desk


def promise(desk: PureDesk, after: timedelta, about: Any = "callback") -> None:
    assert desk.does(AGENT, c.PromiseTime(about=about, at=desk.now + after)) is None
    desk.plan()


def running(desk: PureDesk, name: str) -> list[datetime | None]:
    return [deadline.due_at for deadline in desk.case.deadlines if deadline.name == name]


def kinds(desk: PureDesk, *wanted: str) -> list[str]:
    return [entry.event.kind for entry in desk.journal if entry.event.kind in wanted]


def test_a_promised_call_is_due_at_the_very_instant_that_was_named() -> None:
    desk = a_desk()
    at = AT + timedelta(hours=29, minutes=7, seconds=30)
    promise(desk, at - AT)
    assert running(desk, "promised_call") == [at]
    [entry] = [each for each in desk.journal if each.event.kind == "time_promised"]
    assert entry.clauses == ("AFT-CALL-01",)
    assert "客服 lin 向客户承诺回电时间：2026年11月25日（周三）15:07:30" in tell(entry, desk.case, desk.pack, "zh-CN")
    assert "Agent lin promised the customer a call back by Wed 25 Nov 2026 15:07:30" in tell(entry, desk.case, desk.pack, "en")


def test_nobody_called_so_the_promise_is_missed_and_climbs_its_ladder() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR)
    [due] = running(desk, "promised_call")
    assert due is not None
    desk.until(due)
    told = [(entry.at, entry.event.kind) for entry in desk.journal if getattr(entry.event, "key", "").startswith("promised_call")]
    # The warning 4 hours before, the miss and the supervisor at the instant itself.
    assert told[1:] == [(due - 4 * HOUR, "escalated"), (due, "deadline_missed"), (due, "escalated")]


def test_a_call_made_in_time_keeps_it_long_before_anything_is_carried_out() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR)
    desk.until(AT + 7 * HOUR)
    assert desk.does(AGENT, c.RecordCallback(answered=True, note="已说明进展")) is None
    assert running(desk, "promised_call") == []
    met = [entry.event for entry in desk.journal if entry.event.kind == "deadline_met" and "promised_call" in entry.event.key]
    assert [each.in_time for each in met] == [True]


def test_without_a_promise_to_call_a_call_back_belongs_to_its_stage() -> None:
    refused = a_desk().does(AGENT, c.RecordCallback(answered=True))
    assert refused is not None
    assert refused.code == "wrong_stage"


def test_another_time_for_the_same_takes_the_place_of_the_first_and_leaves_other_promises_alone() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR)
    promise(desk, 20 * HOUR, "answer")
    promise(desk, 9 * HOUR)
    assert running(desk, "promised_call") == [AT + 9 * HOUR]
    assert running(desk, "promised_word") == [AT + 20 * HOUR]
    assert kinds(desk, "deadline_dropped") == ["deadline_dropped"]


def test_a_time_that_was_missed_before_another_one_is_named_stays_missed() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR)
    desk.until(AT + 10 * HOUR)
    promise(desk, HOUR)
    missed = [
        entry.event.key for entry in desk.journal if entry.event.kind == "deadline_missed" and "promised_call" in entry.event.key
    ]
    assert len(missed) == 1
    assert desk.case.breaches >= 1
    assert running(desk, "promised_call") == [AT + 11 * HOUR]


def test_a_promise_about_something_else_starts_no_call() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR, "arrival")
    assert running(desk, "promised_call") == running(desk, "promised_word") == []


def test_a_time_in_the_past_cannot_be_promised() -> None:
    refused = a_desk().does(AGENT, c.PromiseTime(about="callback", at=AT))
    assert refused is not None
    assert (refused.code, refused.field) == ("not_in_the_future", "at")


def test_a_customer_promises_nothing() -> None:
    refused = a_desk().does(CUSTOMER, c.PromiseTime(about="callback", at=AT + HOUR))
    assert refused is not None
    assert refused.code == "wrong_role"


def test_a_pause_does_not_move_what_was_named() -> None:
    desk = a_desk()
    promise(desk, 8 * HOUR)
    desk.does(AGENT, c.Pause(reason="等照片"))
    desk.until(AT + 3 * HOUR)
    desk.does(AGENT, c.Resume())
    assert running(desk, "promised_call") == [AT + 8 * HOUR]


def test_the_explanation_says_that_nothing_was_counted() -> None:
    planned = plan(Budget.named(), AT, (), WALL_CLOCK, clause="AFT-CALL-01", named_at=AT + HOUR)
    assert planned.due_at == AT + HOUR
    assert planned.explanation.in_words("en", "Asia/Shanghai") == [
        "Named Tue 24 Nov 2026 10:00 as an instant; nothing is counted.",
        "Due Tue 24 Nov 2026 11:00 (AFT-CALL-01).",
    ]
    assert planned.explanation.in_words("zh-CN", "Asia/Shanghai") == [
        "2026年11月24日（周二）10:00约定具体时刻，不另行计时。",
        "到期时间：2026年11月24日（周二）11:00（AFT-CALL-01）。",
    ]


def test_a_named_instant_that_has_passed_is_due_at_once() -> None:
    assert plan(Budget.named(), AT, (), WALL_CLOCK, named_at=AT - HOUR).due_at == AT
    with pytest.raises(ValueError, match="needs its instant"):
        plan(Budget.named(), AT, (), WALL_CLOCK)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('starts = ["time_promised"]\nmet_by = ["offered"]', 'starts = ["responded"]\nmet_by = ["offered"]', "names no instant"),
        ('met_by = ["offered"]\nat = "named"', 'met_by = ["offered"]\npausable = true\nat = "named"', "cannot be pausable"),
        ('met_by = ["offered"]\nat = "named"', 'met_by = ["offered"]\nat = "noon"', "named"),
        ('met_by = ["offered"]\nat = "named"', 'met_by = ["offered"]\nat = "named"\nwithin = "2h"', "write either within"),
        (LADDER, LADDER.replace("hours", "chase"), "no partner to ask"),
        (LADDER, LADDER.replace("hours", "shares"), "counts in shares"),
        ('id = "money_arrives"', 'id = "claim_settled"', "step 'claim' of remedy 'loss' is done by no partner"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_at_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(PackInvalid, match=told):
        parse_pack(changed(after_care.TEXT, old, new) + SHARES, "x.toml", home())
