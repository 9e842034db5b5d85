"""What must hold of every complaint holds of those that are looked back at too: the laws of `bench/laws.py`, over drawn lives."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from bench import laws
from domain.case import Stage
from tests.after_care import after_care
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import CATEGORIES, any_move, likely_move

AT = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
LOOKED_BACK_AT = [category for category in CATEGORIES if category.startswith("transport")]


def test_every_drawn_life_keeps_the_laws_and_many_are_looked_back_at() -> None:
    met: Counter[str] = Counter()
    for seed in range(50):
        dice = random.Random(seed)
        desk = PureDesk(AT, dice.choice(LOOKED_BACK_AT), sample_order("1000.00", AT), pack=after_care())
        for _ in range(60):
            move = any_move if dice.random() < 0.05 else likely_move
            desk.does(*move(dice.choice, desk.case, desk.now))
            desk.carry_out(lambda _: "done")
            desk.plan()
            if dice.random() < 0.3:
                hours = dice.choice((1, 30, 24 * 8))
                desk.until(desk.now + timedelta(hours=hours))
                laws.nothing_is_overdue_unseen(desk.case, desk.now)
        desk.plan()
        laws.check_all(desk.pack, desk.journal, desk.case)
        met.update(entry.event.kind for entry in desk.journal)
        # Nobody is looked back at twice for one word, and nobody's promise to do so outlives its stage.
        visits = [deadline for deadline in desk.case.deadlines if deadline.name == "visit"]
        assert len(visits) == (desk.case.stage is Stage.FOLLOWING_UP)
    # Rare enough to be drawn only now and then, but drawn.
    for kind in ("time_promised", "follow_up_planned", "follow_up_due", "followed_up", "survey_answered"):
        assert met[kind], kind
