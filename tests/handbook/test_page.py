"""A pack reads as a document in both languages, and leaves nothing out that it says."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from domain.entry_kinds import ENTRY_KINDS
from domain.order import Locale
from domain.policy import vocabulary as v
from handbook import names
from handbook.page import page
from tests.domain.packs import home, tiny

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_document_names_every_row_of_its_pack(locale: Locale) -> None:
    pack, text = home(), page(home(), locale)
    for category in pack.category:
        assert category.title.in_language(locale) in text
    for deadline in pack.deadline:
        assert f"| {deadline.title.in_language(locale)}" in text
    for remedy in pack.remedy:
        assert f"### {remedy.title.in_language(locale)} ({', '.join(remedy.clauses)})" in text
        for step in remedy.step:
            assert f"- **{step.title.in_language(locale)}**" in text
    for clause in pack.clause:
        assert f"| {clause.id} | {clause.zh if locale == 'zh-CN' else clause.en} |" in text
    for notice in pack.notice:
        assert notice.subject.in_language(locale) in text
    for advice in pack.advice:
        assert advice.text.in_language(locale) in text


def test_an_english_document_has_no_chinese_in_it() -> None:
    assert _CHINESE.findall(page(home(), "en")) == []


@pytest.mark.clause("HOM-DMG-03", "HOM-DLY-02", "HOM-TRN-03", "home:HOUSE-MONEY")
def test_figures_stand_in_the_document_as_the_procedure_gives_them() -> None:
    text = page(home(), "en")
    assert "**Full refund**: refund; by the software; 100 % of what was paid, freight included" in text
    assert "10–20 % (15 % proposed) of what was paid" in text
    assert "1 % of what was paid, freight included for each of Days of delay, at most 30 %" in text
    assert "| First response (group: transport) | within 10 minutes (wall clock) | receipt | the first response | agent |" in text
    assert "over 5000 CNY, 700 USD, 650 EUR, 3500 BRL | department manager | HOUSE-MONEY" in text
    chinese = page(home(), "zh-CN")
    assert "10–20%（默认 15%）" in chinese
    assert "10分钟内（自然时间）" in chinese


def test_a_ladder_reads_rung_by_rung() -> None:
    text = page(home(), "en")
    assert "  - 3 minutes before: owner is told\n  - when due: supervisor is told, the priority rises\n" in text
    assert "  - 30 minutes after: department manager is told, takes the complaint over\n" in text


def test_sections_without_rows_are_left_out() -> None:
    assert "## What people at work are told" not in page(tiny(), "en")
    assert "## What people at work are told" in page(home(), "en")


def test_everything_a_pack_may_name_has_a_word_in_both_languages() -> None:
    assert set(names.ENTRIES) == ENTRY_KINDS
    assert set(names.KINDS) == set(get_args(v.StepKind))
    assert set(names.ACTIONS) == set(get_args(v.RungAction))
    assert set(names.READERS) >= set(get_args(v.NoticeTo))
    assert set(names.CARRIERS) == set(get_args(v.CarriedBy))
    assert set(names.FACTS) == set(v.BUILT_IN_FACTS) | v.BUILT_IN_BOOLEANS | v.BUILT_IN_WORDS
    assert set(names.VALUES) >= {value for values in v.BUILT_IN_FACTS.values() for value in values}
