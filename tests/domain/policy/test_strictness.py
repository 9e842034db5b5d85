"""A pack is read strictly: whatever is wrong is named with file and line, everything at once, in both languages."""

import pytest

from domain.policy.errors import PackInvalid
from domain.policy.lines import Lines
from domain.policy.parse import parse_pack
from tests.domain.packs import TINY, changed, line_of, tiny

DEADLINE_BY = 'by = "same_day"'

SLIPS = [
    # what stands there, what stands there instead, and what the message says
    ('clock = "business"', 'clokc = "business"', "no key 'clokc'"),
    ('clock = "business"', 'clock = "stellar"', "clock"),
    ("attempts = 1", 'attempts = "1"', "attempts"),
    ("extra_percent = 40", "extra_percent = 140", "extra_percent"),
    ("extra_percent = 40", 'extra_percent = "40"', "plain number"),
    ('kinds = ["refund"]', 'kinds = ["refnud"]', "refund"),
    ('met_by = ["responded"]', 'met_by = ["answered"]', "unknown journal entry 'answered'"),
    ('id = "any_refund"\nclause = "LIB-FEE-01"', 'id = "any_refund"\nclause = "LIB-FEE-09"', "unknown clause 'LIB-FEE-09'"),
    ('starts = ["approval_asked"]', 'starts = ["aproval_asked"]', "unknown journal entry 'aproval_asked'"),
    ('owner = "agent"', 'owner = "butler"', "owner"),
    ("weeks = { under = 10 }", "months = { under = 10 }", "unknown fact 'months'"),
    ("weeks = { under = 10 }", 'weeks = "ten"', "never 'ten'"),
    ('when = { category = "wrong_fee", weeks = { min', 'when = { category = "wrong_toll", weeks = { min', "never 'wrong_toll'"),
    ('outcomes = ["satisfied", "decided"]', 'outcomes = ["satisfied", "won"]', "unknown outcome 'won'"),
    ('deadline = "approval"', 'deadline = "aproval"', "unknown deadline 'aproval'"),
    ("points = { min = 10, max = 50, default = 20", "points = { min = 10, max = 50, default = 70", "does not lie between"),
    ("percent = { min = 5", "percnt = { min = 5", "no key 'percnt'"),
    (DEADLINE_BY, 'by = "tomorrow"', "tomorrow"),
    ('title = { zh = "积分", en = "Points" }', 'title = { zh = "积分" }', "needs the key 'en'"),
]


@pytest.mark.parametrize(("old", "new", "says"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_is_named_with_file_and_line(old: str, new: str, says: str) -> None:
    text = changed(TINY, old, new)
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, "packs/tiny.toml")
    first_bad_line = next(n for n, (a, b) in enumerate(zip(TINY.splitlines(), text.splitlines(), strict=True), 1) if a != b)
    named = [problem for problem in caught.value.problems if says in problem.en]
    assert named, caught.value
    # A slip in the ways of counting time belongs to the whole row, which begins where its header stands.
    assert any(problem.line == first_bad_line for problem in named) or _header_before(text, first_bad_line) == named[0].line
    assert str(named[0]).startswith(f"packs/tiny.toml:{named[0].line}: ")
    assert any("\u4e00" <= character <= "\u9fff" for character in named[0].in_chinese())


@pytest.mark.parametrize("condition", ["1.5", "[]", "{ mn = 5 }", "{ min = 5, max = 4 }", "{}"])
def test_a_slip_in_a_condition_is_one_problem_and_not_one_for_every_form(condition: str) -> None:
    text = changed(TINY, "weeks = { under = 10 }", f"weeks = {condition}")
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, "tiny.toml")
    shape = [problem for problem in caught.value.problems if "[remedy]" in problem.en]
    assert len(shape) == 1
    assert {problem.line for problem in caught.value.problems} == {line_of(text, f"weeks = {condition}")}


def _header_before(text: str, line: int) -> int:
    return max(n for n, each in enumerate(text.splitlines()[:line], 1) if each.startswith("["))


def test_all_slips_are_reported_at_once() -> None:
    text = changed(TINY, "attempts = 1", "atempts = 1")
    text = changed(text, 'met_by = ["responded"]', 'met_by = ["answered"]')
    text = changed(text, "weeks = { under = 10 }", "months = { under = 10 }")
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, "tiny.toml")
    lines = {problem.line for problem in caught.value.problems}
    assert {line_of(text, "atempts = 1"), line_of(text, '"answered"'), line_of(text, "months = {")} <= lines
    assert [problem.line for problem in caught.value.problems] == sorted(problem.line for problem in caught.value.problems)


def test_text_that_is_not_toml_is_named_with_its_line() -> None:
    text = changed(TINY, "attempts = 1", "attempts = = 1")
    with pytest.raises(PackInvalid, match=rf"^tiny.toml:{line_of(text, '= = 1')}: not valid TOML"):
        parse_pack(text, "tiny.toml")


def test_a_row_that_stands_there_twice_is_refused() -> None:
    text = changed(TINY, 'id = "stale"', 'id = "fresh"')
    with pytest.raises(PackInvalid, match=r"\[\[remedy\]\] 'fresh' stands here twice"):
        parse_pack(text, "tiny.toml")


def test_a_missing_table_is_named() -> None:
    text = changed(TINY, "[cap]\n", "").replace('clause = "LIB-FEE-01"\nextra_percent = 40\n', "")
    with pytest.raises(PackInvalid, match=r"\[cap\] is missing"):
        parse_pack(text, "tiny.toml")


def test_a_notice_may_only_name_fields_there_are() -> None:
    notice = """
[[notice]]
id = "hello"
clause = "LIB-RSP-01"
on = ["received"]
to = "customer"
subject = { zh = "{complaint_id}", en = "{complaint_id}" }
body = { zh = "您好", en = "Dear {custmer_name}" }
"""
    text = TINY + notice
    with pytest.raises(PackInvalid, match="unknown field of a notice 'custmer_name'") as caught:
        parse_pack(text, "tiny.toml")
    assert caught.value.problems[0].line == line_of(text, "custmer_name")
    parse_pack(text.replace("custmer", "customer"), "tiny.toml")


def test_a_choice_of_one_is_no_choice() -> None:
    text = changed(TINY, "optional = true", 'one_of = "thanks"')
    with pytest.raises(PackInvalid, match="stands alone"):
        parse_pack(text, "tiny.toml")


@pytest.mark.parametrize("where", ["if_chosen = true", 'optional = true\none_of = "thanks"\nif_chosen = true'])
def test_what_only_the_agent_chooses_is_optional_and_no_alternative(where: str) -> None:
    with pytest.raises(PackInvalid, match="`if_chosen` belongs to a step that is `optional`"):
        parse_pack(changed(TINY, "optional = true", where), "tiny.toml")


def test_a_figure_a_step_cannot_have_is_refused() -> None:
    text = changed(TINY, 'kind = "points"', 'kind = "apology"')
    with pytest.raises(PackInvalid, match="`points` belong to a step of kind points"):
        parse_pack(text, "tiny.toml")


def test_a_house_rule_without_a_reason_is_refused() -> None:
    text = TINY.replace("LIB-RSP-01", "HOUSE-RSP")
    with pytest.raises(PackInvalid, match="house = true"):
        parse_pack(text, "tiny.toml")
    text = changed(text, 'by = "person"\n', 'by = "person"\nhouse = true\n')
    with pytest.raises(PackInvalid, match="a house rule needs a reason"):
        parse_pack(text, "tiny.toml")


def test_a_clause_that_nothing_carries_is_named() -> None:
    text = TINY + '\n[[clause]]\nid = "LIB-LOST-01"\nzh = "遗失"\nen = "Lost"\nby = "software"\n'
    with pytest.raises(PackInvalid, match="LIB-LOST-01 is carried by no row") as caught:
        parse_pack(text, "tiny.toml")
    assert caught.value.problems[0].line == line_of(text, "LIB-LOST-01") - 1
    parse_pack(text + 'carried_by = "journal"\n', "tiny.toml")


def test_lines_are_found_in_lists_and_texts_over_many_lines() -> None:
    lines = Lines('a = [\n  1,\n  2,\n]\nb = """\n[no.header]\n"""\n\n[[t]]\nx = 1\n[[t]]\n# note\n[[t.u]]\ny = { z = 1 }\n')
    assert lines.of(("a", 1)) == 1
    assert lines.of(("b",)) == 5
    assert lines.of(("t", 0, "x")) == 10
    assert lines.of(("t", 1, "u", 0, "y", "z")) == 14
    assert lines.of(("t", 1, "u", 0, "absent")) == 13
    assert lines.of(("nowhere",)) == 1


def test_a_sixth_procedure_needs_no_code() -> None:
    pack = tiny()
    assert (pack.ref, pack.title.en) == ("library@2027-01", "Library")
    assert pack.deadline_of("answer").budget.duration is not None
