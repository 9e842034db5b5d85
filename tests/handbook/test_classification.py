"""How grave and how urgent a complaint is, as a manager reads it."""

from __future__ import annotations

import pytest

from domain.order import Locale
from domain.policy.parse import parse_pack
from handbook.changes import changes
from handbook.page import page
from tests.domain.packs import changed, home
from tests.domain.ranked import RANKED, ranked

WITH_CHANNELS = changed(RANKED, 'version = "2027-01"', 'version = "2027-02"\nchannels = ["hotline", "email"]')


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en", [
            "## How grave and how urgent it is",
            "- When escalated (late, dissatisfied or taken up): yes → level III (LIB-LVL-02)",
            "- When member's tier: gold or platinum → level III (LIB-LVL-01)",
            "- When Harm: small → slight, priority 5 (LIB-LVL-01)",
            "## How it may be filed",
            "hotline, e-mail",
        ]),
        ("zh-CN", [
            "## 定级与紧急程度",
            "- 条件：上级部门限时要求：是 → 紧急 (LIB-URG-01, LIB-LVL-01)",
            "- 条件：损失：大 → 严重 (LIB-LVL-01)",
            "## 受理渠道",
            "热线、邮件",
        ]),
    ],
)  # fmt: skip
def test_every_row_stands_in_the_handbook(locale: Locale, lines: list[str]) -> None:
    shown = page(parse_pack(WITH_CHANNELS, "ranked.toml"), locale).splitlines()
    for line in lines:
        assert line in shown, line


def test_a_procedure_that_does_not_classify_has_no_such_section() -> None:
    assert "How grave" not in page(home(), "en")
    assert "How it may be filed" not in page(ranked(), "en")


def test_other_channels_are_a_change() -> None:
    [change] = changes(ranked(), parse_pack(WITH_CHANNELS, "ranked.toml"), "en")
    assert change.fields == (("channels", "-", "hotline, email"),)
