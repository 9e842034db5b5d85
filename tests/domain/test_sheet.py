"""The numbered complaint sheet, as far as it is known."""

from __future__ import annotations

from documents.sheet import sheet_page
from domain.sheet import sheet_of
from tests.domain.looked_back import AT, DAY, handled, said, satisfied
from tests.moves import AGENT


def test_the_sheet_is_completed_three_times_under_the_complaints_own_number() -> None:
    desk = satisfied()
    first = sheet_of(desk.case, desk.journal, desk.pack, "zh-CN")
    assert (first.number, first.title) == ("cmp_pure", "投诉处理单")
    completed = dict(first.parts[0].fields)
    assert completed["提交处理方案"].endswith("lin")
    assert completed["回复后补填"].startswith("2026年11月24日")
    assert completed["回访后补填"] == "—"
    desk.until(AT + 8 * DAY)
    desk.does(AGENT, said(note="使用正常"))
    last = sheet_of(desk.case, desk.journal, desk.pack, "en")
    assert dict(last.parts[0].fields)["Completed after the follow-up"].endswith("lin")
    page = sheet_page(last, "en")
    for part in ("cmp_pure", "王芳", "Full refund", "approved proposal 1", "satisfied", "使用正常"):
        assert part in page, part


def test_what_a_customer_wrote_is_no_markup_of_the_sheet() -> None:
    desk = handled()
    intake = desk.case.intake.model_copy(update={"content": "<script>alert(1)</script>"})
    made = sheet_page(sheet_of(desk.case.model_copy(update={"intake": intake}), desk.journal, desk.pack, "zh-CN"), "zh-CN")
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
