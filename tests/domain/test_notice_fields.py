"""What a notice says to whoever receives it: the time that it is about, and words instead of the program's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from domain import commands as c
from domain.actor import Role
from domain.case import Stage
from domain.journal import Appealed, Assigned
from domain.notice_fields import compose
from domain.policy.pack import Pack
from domain.stage_names import STAGES
from storage.packs import load_packs
from tests.domain.packs import ROOT
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@cache
def packs() -> dict[str, Pack]:
    return {pack.name: pack for pack in load_packs(ROOT / "policies")}


def a_complaint() -> PureDesk:
    return PureDesk(AT, "spoilage", pack=packs()["food"])


def notice(desk: PureDesk, id: str, kind: str) -> dict[str, str]:
    """The fields of the notice on the last entry of a kind, as a Chinese reader sees them."""
    desk.plan()
    entry = next(entry for entry in reversed(desk.journal) if entry.event.kind == kind)
    rule = next(rule for rule in desk.pack.notice if rule.id == id)
    fields, worded = compose(desk.case, desk.pack, rule, entry)
    return fields | {name: words.zh for name, words in worded.items()}


def test_a_customer_who_is_to_send_proof_reads_their_own_time_and_not_the_next_one_of_the_desk() -> None:
    desk = a_complaint()
    assert desk.does(AGENT, c.Respond(message="请提供凭证")) is None
    assert desk.does(AGENT, c.DemandEvidence(what="购买凭证")) is None
    desk.plan()
    [proof] = [each for each in desk.case.deadlines if each.owner is Role.CUSTOMER]
    assert proof.due_at is not None
    assert desk.case.next_due is not None
    assert desk.case.next_due.due_at != proof.due_at
    expected = (proof.due_at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
    assert notice(desk, "proof_demanded", "evidence_demanded")["due_at"] == expected


def test_who_is_told_of_an_assignment_reads_the_stage_in_words_and_the_next_time() -> None:
    desk = a_complaint()
    desk.file.say(Assigned(assignee="mai", why="least_loaded"))
    told = notice(desk, "assigned", "assigned")
    assert told["stage"] == "待首次回应"
    assert told["due_at"] == "2026-11-24 12:00"
    assert STAGES.keys() == set(Stage)


def test_a_plan_that_is_appealed_against_is_called_by_its_number() -> None:
    desk = a_complaint()
    desk.file.say(Appealed(number=2, grounds="太少", decided_by_role=Role.SUPERVISOR))
    assert notice(desk, "appealed", "appealed")["plan"] == "第 2 号方案"


@pytest.mark.parametrize("name", ["loyalty", "food", "marketplace", "grocery"])
def test_every_notice_has_a_title_and_a_reason_ends_what_a_customer_reads(name: str) -> None:
    pack = packs()[name]
    assert [rule.id for rule in pack.notice if rule.title is None] == []
    for rule in pack.notice:
        for text in (rule.body.zh, rule.body.en) if rule.to == "customer" else ():
            after = text.partition("{reason}")[2]
            assert not after or after[0] in "。.；;，,", f"{rule.id}: {text}"
