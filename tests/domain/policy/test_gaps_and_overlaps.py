"""Every finding has exactly one remedy: broken copies of the released pack are found out."""

import pytest

from domain.policy.check import findings
from domain.policy.errors import PackInvalid
from domain.policy.matching import check_facts, remedies_for
from domain.policy.parse import parse_pack
from tests.domain.packs import HOME_FILE, TINY, changed, home, line_of

HOME = HOME_FILE.read_text(encoding="utf-8")


def _problems(text: str) -> list[str]:
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, "home.toml")
    return [str(problem) for problem in caught.value.problems]


def test_a_gap_between_ranges_is_found_and_named() -> None:
    text = changed(TINY, "weeks = { min = 10 }", "weeks = { over = 10 }")
    problems = _problems(text)
    assert problems == [f"home.toml:{line_of(text, '[[category]]')}: gap: no remedy for wrong_fee with weeks = 10; add a row"]


def test_an_overlap_of_ranges_is_found_and_names_both_rows() -> None:
    text = changed(TINY, "weeks = { min = 10 }", "weeks = { min = 9 }")
    (problem,) = _problems(text)
    assert "overlap: remedies fresh and stale both answer wrong_fee with weeks = 9" in problem


@pytest.mark.clause("HOM-DLY-03")
def test_a_long_delay_without_cancelling_would_be_a_gap() -> None:
    text = changed(HOME, 'delay = "long", customer_cancels = false }', 'delay = "long", customer_cancels = true }')
    problems = _problems(text)
    assert any("gap: no remedy for transport_delay" in problem and "customer_cancels = false" in problem for problem in problems)
    assert any("overlap: remedies delay_long_cancelled and delay_long_kept" in problem for problem in problems)


@pytest.mark.clause("HOM-TRN-05")
def test_a_hole_between_classes_of_delay_is_a_gap() -> None:
    text = changed(HOME, "delay_days = { over = 5 }", "delay_days = { over = 6 }")
    assert any("gap: no remedy for transport_delay with delay_days = 6" in problem for problem in _problems(text))


@pytest.mark.clause("HOM-DMG-02")
def test_a_degree_of_damage_without_a_row_is_a_gap() -> None:
    text = changed(HOME, '{ category = "transport_damage", damage = "moderate" }', '{ category = "transport_loss" }')
    problems = _problems(text)
    assert any("gap: no remedy for transport_damage with damage = moderate" in problem for problem in problems)
    assert any("overlap: remedies damage_moderate and loss" in problem for problem in problems)


def test_a_row_that_answers_nothing_is_named() -> None:
    text = changed(HOME, 'when = { category = "installation_delay", delay = "long" }', "when = { delay_days = { over = 400 } }")
    assert any("remedy 'installation_delay_long' answers no finding" in problem for problem in _problems(text))


def test_every_whole_finding_of_the_home_pack_has_one_remedy() -> None:
    pack, answered = home(), set()
    for category in pack.category:
        for finding in findings(pack, category):
            check_facts(pack, category.id, finding)
            rows = remedies_for(pack, category.id, finding)
            assert len(rows) == 1, (category.id, finding)
            answered.add(rows[0].id)
    assert answered == {row.id for row in pack.remedy}
