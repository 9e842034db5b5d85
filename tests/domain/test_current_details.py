"""What operators read of a complaint in the Temporal UI: what is waited for, in words, and nothing about a person."""

from __future__ import annotations

import pytest

from domain import journal as j
from domain.case import Case
from domain.current_details import current_details
from tests.domain.looked_back import satisfied
from tests.domain.packs import home
from tests.storage.stories import Story


def shown(case: Case) -> str:
    return current_details(case, home())


def test_a_look_back_says_from_when_on_and_by_whom() -> None:
    desk = satisfied()
    told = current_details(desk.case, desk.pack)
    assert "look back from 2026-12-01" in told
    assert "by the agent" in told


def test_how_grave_and_urgent_it_is_and_why() -> None:
    case = Story().case
    assert "level normal · priority 3 ·" in shown(case)
    grave = case.model_copy(update={"level": "III", "severity": "severe", "urgent": True, "urgent_causes": ("public_harm",)})
    assert "level III · severe · priority 3 · urgent (public_harm)" in shown(grave)


def test_signs_are_named_and_the_customers_words_are_not() -> None:
    threat = j.SignNoted(row="threats", sign="threat", weight=3, found=("曝光",))
    told = shown(Story().tell(threat).case)
    assert "signs noted: threat (weight 3)" in told
    assert "曝光" not in told


@pytest.mark.parametrize("secret", ["王小明", "wang@example.com", "SO-1", "石板"])
def test_nothing_about_a_person_is_shown(secret: str) -> None:
    assert secret not in shown(Story().tell(j.EscalatedByHand(to="supervisor", assignee=None, reason=secret)).case)
