"""What two versions of a procedure say differently."""

from __future__ import annotations

from domain.policy.parse import parse_pack
from handbook.changes import changes
from tests.domain.packs import HOME_FILE, TINY, home, tiny


def test_two_readings_of_one_version_say_the_same() -> None:
    assert changes(home(), home(), "en") == []


def test_a_figure_that_moved_is_named_with_both_values() -> None:
    text = HOME_FILE.read_text(encoding="utf-8").replace('version = "2026-11"', 'version = "2026-12"', 1)
    text = text.replace('within = "10m"', 'within = "8m"').replace(
        "min = 10, max = 20, default = 15", "min = 10, max = 20, default = 12"
    )
    found = {(change.table, change.row): change for change in changes(home(), parse_pack(text, "later"), "zh-CN")}
    assert set(found) == {("deadline", "first_response"), ("remedy", "damage_severe")}
    first = found["deadline", "first_response"]
    assert (first.kind, first.title, first.fields) == ("changed", "首次回应", (("within", "10m", "8m"),))
    assert found["remedy", "damage_severe"].fields == (("step.compensation.percent.default", "15", "12"),)


def test_rows_that_came_and_went_are_told_in_the_order_of_the_tables() -> None:
    row = '\n[[notice]]\nid = "thanks"\nclause = "LIB-RSP-01"\non = ["closed"]\nto = "customer"\n'
    row += 'subject = { zh = "谢谢", en = "Thanks" }\nbody = { zh = "谢谢", en = "Thanks" }\n'
    later = parse_pack(TINY.replace('"2027-01"', '"2027-02"') + row, "later")
    assert [(change.kind, change.table, change.row) for change in changes(tiny(), later, "en")] == [("added", "notice", "thanks")]
    assert [(change.kind, change.table, change.row) for change in changes(later, tiny(), "en")] == [
        ("removed", "notice", "thanks")
    ]


def test_a_rule_of_its_own_that_changed_is_told() -> None:
    text = HOME_FILE.read_text(encoding="utf-8").replace("extra_percent = 50", "extra_percent = 40")
    [change] = changes(home(), parse_pack(text, "later"), "en")
    assert (change.table, change.fields) == ("cap", (("extra_percent", "50", "40"),))
