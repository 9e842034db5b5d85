"""Suggestions of a category from a text, by the pack's hints."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.suggestion import suggest
from tests.domain.packs import ROOT, TINY

FILE = ROOT / "policies" / "grocery" / "2026-11.toml"
GROCERY = parse_pack(FILE.read_text(encoding="utf-8"), str(FILE))


def first(text: str) -> str | None:
    found = suggest(GROCERY, text)
    return found[0].category if found else None


@pytest.mark.clause("GRO-MIS-01", "GRO-QTY-01", "GRO-LST-01", "GRO-PRC-01", "GRO-INV-01")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("点了两份面，一双筷子都没有，没给筷子！", "missing_components"),
        ("There was no spoon with my soup", "missing_components"),
        ("鸡蛋有三个是坏的，番茄也不新鲜", "quality_or_shortage"),
        ("ordered four yoghurts and one was missing", "quality_or_shortage"),
        ("买的是红苹果，结果送错了，是青苹果", "listing_mismatch"),
        ("昨天刚买，今天就降价了", "price"),
        ("发票抬头开错了", "invoice"),
        ("货到付款的鱼客户拒收", "cod_refusal"),
        ("送餐太慢了，等了一个小时", None),
        ("送错地方了，害我走了一站路", None),
    ],
)
def test_words_speak_for_a_category(text: str, category: str | None) -> None:
    assert first(text) == category


def test_parts_of_a_hint_stand_close_together_in_one_sentence() -> None:
    assert first("没带筷子") == "missing_components"
    assert first("没人接电话。筷子倒是有") is None
    assert first("没有想到今天会下这么大的雨所以晚了，筷子有") is None


def test_the_likeliest_comes_first_and_says_what_was_found() -> None:
    invoice, missing = suggest(GROCERY, "没有勺子，发票也没给")
    assert (invoice.category, invoice.weight, invoice.because) == ("invoice", 4, ("发票",))
    assert (missing.category, missing.weight, missing.because) == ("missing_components", 3, ("没有勺",))
    assert missing.clauses == ("GRO-MIS-01",)


def test_case_and_white_space_do_not_matter() -> None:
    assert suggest(GROCERY, "NO\n  Spoon") == suggest(GROCERY, "no spoon")


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    for found in suggest(GROCERY, text):
        assert found.weight > 0
        assert found.because


def test_a_hint_for_a_category_that_does_not_exist_is_a_slip_with_its_line() -> None:
    hint = '\n[[hint]]\nid = "odd"\nclause = "LIB-FEE-01"\ncategory = "books"\nwords = ["book"]\n'
    with pytest.raises(PackInvalid) as invalid:
        parse_pack(TINY + hint, "tiny.toml")
    [problem] = invalid.value.problems
    assert "unknown category 'books'" in problem.en
    assert (TINY + hint).splitlines()[problem.line - 1].startswith("category")


@pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data" / "takeaway_complaints.csv").is_file(),
    reason="the file of complaints that the labels were made for is not beside this folder",
)
def test_most_suggestions_are_what_a_reader_would_have_chosen() -> None:
    from bench.suggestion.__main__ import measure

    found = measure(ROOT.parent / "shared" / "data" / "takeaway_complaints.csv", "grocery@2026-11", Path(ROOT / "policies"))
    right, wrong = (sum(each[name] for each in found.values()) for name in ("right", "wrong"))
    assert sum(sum(each.values()) for each in found.values()) == 470
    assert right > 5 * wrong
