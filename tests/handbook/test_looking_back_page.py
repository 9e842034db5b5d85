"""Named times, looks back and the survey in the procedure as a document, and in what two versions change."""

import pytest

from domain.order import Locale
from handbook.changes import changes
from handbook.page import page
from tests.after_care import after_care
from tests.domain.packs import home


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "en",
            (
                "## After the remedy",
                "- **Look back** (group: transport): 7 days after the customer's word that they are satisfied; agent; "
                "promise: Looked back at within 15 days (AFT-VISIT-01).",
                "  - No: not satisfied, handled again",
                "at the instant named",
                "the partner is asked how far it is",
            ),
        ),
        (
            "zh-CN",
            (
                "## 处理之后",
                "- **跟踪回访** (大类：transport)：客户确认满意后7天；客服；时限：15天内回访（AFT-VISIT-01）。",
                "  - 没有：视为不满意，重新处理",
                "约定的时刻",
                "向合作方催办",
            ),
        ),
    ],
)
def test_a_manager_reads_what_follows_the_remedy(locale: Locale, lines: tuple[str, ...]) -> None:
    document = page(after_care(), locale)
    for line in lines:
        assert line in document, line


def test_a_procedure_without_either_has_no_such_section() -> None:
    assert "## After the remedy" not in page(home(), "en")


def test_a_question_that_came_is_told_by_its_words() -> None:
    told = {(each.table, each.row): each.title for each in changes(home(), after_care(), "en")}
    assert told["survey", "solved"] == "Is it solved?"
    assert told["follow_up", "visit"] == "Look back"
