"""The audit of the chaos run sees what it is there to see."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bench.chaos.audit import Findings, examine
from bench.chaos.kinds import KINDS
from bench.chaos.letters import delivered, missing, told_of
from domain import journal as j
from domain.actor import Actor, Role
from domain.budget import Budget
from domain.case import Case
from domain.explanation import Explanation
from domain.fold import replay
from domain.journal import Entry
from domain.ledger import LedgerRow
from domain.money import Money
from domain.promise_events import DeadlineMet, DeadlineSet, Escalated, NoticeSent
from tests.domain.packs import home
from tests.storage.stories import Story

KIND = next(kind for kind in KINDS if "1/discount" in kind.effects)
AGENT = Actor(id="lin", roles=(Role.AGENT,))


def effect(story: Story, step: str, amount: str | None, system: str = "payments") -> dict[str, Any]:
    money = {"money": {"amount": amount, "currency": "CNY"}} if amount else {}
    key = f"{story.tenant}:{story.complaint_id}/1/{step}"
    return {"key": key, "system": system, "status": "done", "reference": "R-1", "request": money}


def lived() -> tuple[Story, Case, list[Entry], list[dict[str, Any]]]:
    """A complaint with journal, row and effects that fit, as far as the audit looks."""
    story = Story("shop")
    for event in (
        j.Responded(message="已登记"),
        j.Verified(founded=True, findings="属实"),
        j.Assessed(facts={"damage": "slight"}, liable="carrier"),
    ):
        story.tell(event, AGENT)
    eighty = Money.of("80.00", "CNY")
    case = story.case.model_copy(update={"paid": eighty, "decided": eighty})
    return story, case, list(story.entries), [effect(story, "discount", "80.00"), effect(story, "repair", None, "logistics")]


def found(case: Case | None, entries: list[Entry], effects: list[dict[str, Any]]) -> Findings:
    findings = Findings()
    examine(findings, "complaint 1", KIND, home(), case, entries, effects, [])
    return findings


def test_a_complaint_that_is_not_there_or_not_ended_is_lost() -> None:
    _, case, entries, effects = lived()
    assert found(None, entries, effects).lost == ["complaint 1 is not in the database"]
    assert any("stands at" in each for each in found(case, entries, effects).lost)
    assert "complaint 1: 0 times accepted in the journal, not 1" in found(case, entries, effects).lost


def test_a_second_payment_is_doubled_and_breaks_the_ledger() -> None:
    story, case, entries, effects = lived()
    twice = found(case, entries, [*effects, effect(story, "discount", "80.00")])
    assert any("2 times" in each for each in twice.doubled)
    assert any("partners moved 160.00" in each for each in twice.mismatched)
    another_key = found(case, entries, [*effects, effect(story, "discount/r1", "80.00")])
    assert any("discount/r1" in each for each in another_key.doubled)
    assert found(case, entries, effects).doubled == []


def test_an_effect_that_never_came_is_lost_and_a_wrong_amount_does_not_fit() -> None:
    story, case, entries, effects = lived()
    assert any("repair never reached the partner" in each for each in found(case, entries, effects[:1]).lost)
    wrong = found(case, entries, [effect(story, "discount", "8.00"), effects[1]])
    assert any("moved 8.00, not 80.00" in each for each in wrong.mismatched)


@pytest.mark.parametrize("missing", [0, 2, -1])
def test_a_journal_with_a_hole_does_not_add_up(missing: int) -> None:
    story, _, entries, effects = lived()
    row = replay(entries)
    del entries[missing]
    assert any("journal" in each for each in found(row, entries, effects).mismatched)
    assert story.case == row


def test_a_command_applied_twice_is_doubled() -> None:
    story, case, _, effects = lived()
    story.tell(j.Responded(message="已登记"), AGENT)
    assert found(case, list(story.entries), effects).doubled == ["complaint 1: 2 times responded, not 1"]


def test_a_ledger_that_tells_another_story_than_the_partner_does_not_fit() -> None:
    story, case, entries, effects = lived()
    effects = [{**each, "reference": f"R-{number}"} for number, each in enumerate(effects)]
    at = story.case.received_at
    rows = [
        LedgerRow(
            key=each["key"], complaint_id=story.complaint_id, cycle=1, step="s", kind="refund", partner="payments",
            money=Money.of(each["request"]["money"]["amount"], "CNY") if each["request"] else None, quantity=None, clause=None,
            decided_by=None, state="done", reference=each["reference"], said="", attempts=1, first_at=at, last_at=at,
        )
        for each in effects
    ]  # fmt: skip

    def ledger_says(rows: list[LedgerRow]) -> list[str]:
        findings = Findings()
        examine(findings, "complaint 1", KIND, home(), case, entries, effects, rows)
        return [each for each in findings.mismatched if "the ledger says" in each]

    assert ledger_says(rows) == []
    assert len(ledger_says(rows[:1])) == 1
    assert len(ledger_says([rows[0].model_copy(update={"state": "unknown"}), rows[1]])) == 1
    assert len(ledger_says([rows[0].model_copy(update={"money": Money.of("81.00", "CNY")}), rows[1]])) == 1


def test_a_rung_that_never_came_before_its_promise_ended_is_lost() -> None:
    story = Story("shop")
    start = story.at
    rungs = tuple(start + timedelta(minutes=minutes) for minutes in (5, 10, 20))
    explanation = Explanation(start_at=start, due_at=rungs[1], budget=Budget.within(timedelta(minutes=10), "calendar"))
    story.tell(
        DeadlineSet(
            key="first_response/1", name="first_response", clause="X", start_at=start, due_at=rungs[1], rungs=rungs,
            explanation=explanation,
        )
    )  # fmt: skip
    story.tell(Escalated(key="first_response/1", rung=0, to=Role.AGENT, person=None, actions=()), after=timedelta(minutes=5))
    met = DeadlineMet(key="first_response/1", in_time=False)
    soon = Story("shop", complaint_id=story.complaint_id)
    soon.entries, soon.case, soon.at = list(story.entries), story.case, story.at
    lost = found(story.case, story.tell(met, after=timedelta(minutes=12)).entries, []).lost
    assert [each for each in lost if "never came" in each] == ["complaint 1: rung 1 of first_response/1 never came"]
    lost = found(soon.case, soon.tell(met, after=timedelta(minutes=5, seconds=10)).entries, []).lost
    assert not [each for each in lost if "never came" in each], "it was overtaken by whoever kept the promise"


def test_a_notice_whose_mail_never_came_is_seen_and_one_that_came_twice_is_one(tmp_path: Path) -> None:
    story = Story("shop")
    for notice in ("received", "yours"):
        story.tell(NoticeSent(notice=notice, to="customer", channels=("email", "chat")))
    with closing(sqlite3.connect(tmp_path / "mail.db")) as sink:
        sink.execute("CREATE TABLE mails (id INTEGER PRIMARY KEY, raw BLOB)")
        for number, subject in ((1, story.complaint_id), (1, story.complaint_id), (2, "another")):
            mail = EmailMessage()
            mail["Message-ID"], mail["Subject"] = f"<{number}@shop>", f"投诉 {subject} 已登记"
            mail.set_content("您好")
            sink.execute("INSERT INTO mails (raw) VALUES (?)", (mail.as_bytes(),))
        sink.commit()
    told = told_of(story.complaint_id, delivered(tmp_path / "mail.db"))
    assert told == ["<1@shop>", "<1@shop>"]
    assert missing(story.entries, told) == 1
    assert missing(story.entries, [*told, "<3@shop>"]) == 0
