"""Whatever people do in whatever order: malice is presumed and refused by people only, after what has to stand before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bench import laws
from domain import commands as c
from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.journal import Entry
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import AGENT, CATEGORIES, CUSTOMER, MANAGER, PHOTO, STAFF, any_move, likely_move
from tests.wary import wary

AT = datetime(2026, 9, 28, 3, tzinfo=UTC)
MALICE: tuple[Callable[[Random], c.Command], ...] = (
    lambda chance: c.NoteSign(sign=chance.choice(("contradiction", "excessive_demand", "threat", "unreasonable")), note="见录音"),
    lambda chance: c.DemandEvidence(what="购买凭证"),
    lambda chance: c.AttachEvidence(evidence=(PHOTO,)),
    lambda chance: c.PresumeMalice(reason="前后矛盾"),
    lambda chance: c.CloseByDecision(outcome="refused_as_malicious", reason="恶意"),
    lambda chance: c.ReferToLegal(reason="勒索"),
    lambda chance: c.Reopen(reason="有新证据"),
)


def check(entries: list[Entry]) -> None:
    score, presumed, weighed, overdue = 0, False, set[str](), False
    for entry in entries:
        event = entry.event
        match event:
            case j.SignNoted():
                score += 0 if event.row in weighed else event.weight
                weighed.add(event.row)
            case j.EvidenceAttached():
                overdue = False
            case p.DeadlineMissed() if event.key.startswith("proof/"):
                overdue = True
            case j.MalicePresumed():
                assert Role.SYSTEM not in entry.by.roles
                assert event.score == score
                assert score >= 5 or event.unanswered
                assert not presumed
                presumed = True
            case j.Closed() if event.outcome == "refused_as_malicious":
                assert presumed
                assert entry.by.has(Role.MANAGER)
            case j.Reopened():
                presumed = False
    assert not overdue or any(isinstance(entry.event, j.EvidenceDemanded) for entry in entries)


@pytest.mark.clause("FOO-ABU-02", "FOO-ABU-03")
@pytest.mark.parametrize("seed", range(16))
def test_no_order_of_commands_presumes_or_refuses_what_the_procedure_does_not_allow(seed: int) -> None:
    chance = Random(seed)
    at = AT + timedelta(hours=chance.randrange(400))
    content = chance.choice(("石板碎了。", "不赔我就曝光。"))
    desk = PureDesk(at, CATEGORIES[seed % len(CATEGORIES)], sample_order("1000.00", at), pack=wary(), content=content)
    desk.plan()
    for _ in range(60):
        desk.until(desk.now + timedelta(minutes=chance.randrange(1, 600)))
        desk.does(*chance.choice((likely_move, any_move))(chance.choice, desk.case, desk.now))
        if chance.random() < 0.5:
            by = chance.choice((*STAFF, CUSTOMER, AGENT, MANAGER))
            desk.does(by, chance.choice(MALICE)(chance))
        desk.carry_out(lambda state: "done")
        desk.plan()
    check(list(desk.journal))
    laws.check_all(desk.pack, list(desk.journal), desk.case)
