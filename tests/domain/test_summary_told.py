"""Summaries as people read them, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from domain import journal as j
from domain.summary.tally import Complained
from domain.summary.telling import heading, in_words
from tests.domain.summaries import LATE, missed, plan, summary, told


@pytest.mark.clause("HOM-SUM-01", "HOM-INS-10")
def test_a_summary_is_told_in_both_languages() -> None:
    found: dict[str, Any] = {"founded": True, "liable": "installer", "facts": {"workmanship": "minor"}}
    made = summary(
        "installation_summary",
        (Complained("installation_workmanship", "normal", **found),),
        (
            *told(j.Assigned(assignee="lin", why="only_one"), missed("first_contact"), j.Confirmed(satisfied=False, rating=2)),
            *told(j.Proposed(number=1, plan=plan("9.90")), j.Accepted(number=1), j.Closed(outcome="decided")),
        ),
    )
    assert heading(made, "zh-CN") == "安装投诉总结：2026-11-01 – 2026-11-30"
    zh, en = in_words(made, "zh-CN"), in_words(made, "en")
    for line in (
        "# 安装投诉总结：2026-11-01 – 2026-11-30", "条款：HOM-INS-10",
        "收到投诉 1 起，其中已认定 1 起，不成立 0 起，尚未认定 0 起。",
        "- 安装不规范：1", "- 安装人员：1", "- 与客户联系（客服）：按时 0，错过 1 [HOM-INS-02]", "- lin：按时 0，错过 1",
        "- 商定 9.90 CNY，已付 0.00 CNY", "- 满意 0 起，不满意 1 起", "- 二次处理 1 起（其中重新开启 0 起）",
        "- 不规范程度 / 小问题：螺钉松动、接缝偏宽：1", "## 结案 1 起", "## 改进建议",
    ):  # fmt: skip
        assert line in zh.splitlines(), line
    for line in (
        "# Summary of installation complaints, 2026-11-01 – 2026-11-30", "Clauses: HOM-INS-10",
        "Received: 1. Of these assessed: 1, found untrue: 0, not decided yet: 0.", "- Bad workmanship: 1", "- The installer: 1",
        "- First contact (agent): kept 0, missed 1 [HOM-INS-02]", "- lin: kept 0, missed 1", "- Agreed 9.90 CNY, paid 0.00 CNY",
        "- Satisfied 0, dissatisfied 1", "- Handled again: 1 (reopened: 0)", "## Ended: 1", "## Proposed improvements",
    ):  # fmt: skip
        assert line in en.splitlines(), line
    # Both tell the same, section by section and line by line.
    assert [_form(line) for line in zh.splitlines()] == [_form(line) for line in en.splitlines()]


def _form(line: str) -> str:
    """A title, a section, an item, a sentence or nothing."""
    return line.split()[0] if line.startswith(("#", "-")) else "sentence" if line else ""


@pytest.mark.clause("HOM-SUM-02")
def test_routes_are_told_with_their_flag() -> None:
    made = summary("late_routes", (LATE, LATE, LATE._replace(carrier=None), LATE._replace(origin=None)))
    zh, en = in_words(made, "zh-CN"), in_words(made, "en")
    assert "- 浙江 → 广东：3 起（顺丰 2；承运商不详 1）【经常延迟】" in zh
    assert "- 浙江 → 广东: 3 (顺丰 2; carrier not known 1) [often late]" in en
    assert "- 线路不详：1 起" in zh
    assert "- Route not known: 1" in en
    assert "考虑更换承运商或调整路线。 [HOM-SUM-02, HOUSE-ROUTE]" in zh
    assert "Consider another carrier or another route. [HOM-SUM-02, HOUSE-ROUTE]" in en


@pytest.mark.parametrize("report", ["transport_summary", "late_routes", "installation_summary"])
@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02", "HOM-INS-10")
def test_a_month_without_complaints_has_a_summary_that_says_so(report: str) -> None:
    made = summary(report)
    assert made.received == made.closed == 0
    assert in_words(made, "zh-CN").splitlines()[4:] == [
        "本期没有收到投诉。",
        "",
        "## 改进建议",
        "",
        "本期数据未提示需要改进之处。",
    ]
    assert in_words(made, "en").splitlines()[4:] == [
        "No complaint was received.", "", "## Proposed improvements", "", "The figures ask for none.",
    ]  # fmt: skip


def test_rows_of_an_older_version_are_called_by_their_ids() -> None:
    made = summary(complaints=(Complained("transport_flood", "normal"),), entries=told(missed("old_promise")))
    assert (made.by_category[0].title.en, made.promises[0].title.zh) == ("transport_flood", "old_promise")
    assert "old_promise" in in_words(made, "en")
