"""Summaries as HTML pages and workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from documents.sections import sections
from documents.web import html
from documents.workbook import workbook
from domain import journal as j
from domain.order import Locale
from domain.summary.figures import Summary
from domain.summary.tally import Complained
from tests.domain.summaries import LATE, met, missed, plan, summary, told

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def made() -> Summary:
    found: dict[str, Any] = {"founded": True, "liable": "installer", "facts": {"workmanship": "minor"}}
    return summary(
        "installation_summary",
        (Complained("installation_workmanship", "normal", **found), Complained("installation_delay", "normal")),
        (
            *told(j.Assigned(assignee="lin", why="only_one"), missed("first_contact"), j.Confirmed(satisfied=True, rating=4)),
            *told(j.Proposed(number=1, plan=plan("9.90")), j.Accepted(number=1), j.Closed(outcome="decided")),
            *told(met("first_contact"), complaint="c2"),
        ),
    )


def hostile() -> Summary:
    return summary(
        "late_routes",
        (
            *[Complained("transport_delay", "normal", origin="<script>alert(1)</script>", destination="=1+2", carrier='a"b&c')]
            * 3,
        ),
    )


class Page(HTMLParser):
    """What a browser would see: tags that were opened, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] != "style":
            self.said.append(data.strip())


def cells(file: bytes) -> list[str]:
    """Every text of the only sheet, in order."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        strings = ["".join(each.itertext()) for each in shared.findall(f"{_SHEET}si")]
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{_SHEET}f")), "a formula"
    values = [(cell.get("t"), cell.findtext(f"{_SHEET}v") or "") for cell in sheet.iter(f"{_SHEET}c")]
    return [strings[int(value)] if kind == "s" else value for kind, value in values]


@pytest.mark.clause("HOM-SUM-01", "HOM-INS-10")
@pytest.mark.parametrize(
    ("locale", "title"), [("zh-CN", "安装投诉总结：2026-11-01 – 2026-11-30"), ("en", "Summary of installation")]
)
def test_a_page_holds_every_table_in_one_language(locale: Locale, title: str) -> None:
    page = Page(html(made(), locale))
    assert page.said[0].startswith(title)
    assert page.open == []
    for section in sections(made(), locale):
        assert section.title in page.said
        for row in section.rows:
            assert {str(cell) for cell in row if str(cell)} <= set(page.said)
    if locale == "en":
        assert not re.search(r"[\u4e00-\u9fff]", " ".join(page.said))


def test_bars_are_as_long_as_their_figures() -> None:
    found = re.findall(r"background:#2f6f9f;width:(\d+)%", html(summary("late_routes", (LATE, LATE, LATE)), "en"))
    assert found == ["100"]


@pytest.mark.clause("HOM-SUM-01")
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_workbook_holds_the_same_tables_and_charts(locale: Locale) -> None:
    file = workbook(made(), locale)
    written = cells(file)
    tables = sections(made(), locale)
    for section in tables:
        assert section.title in written
        assert {str(cell) for row in section.rows for cell in row if str(cell)} <= set(written) | {""}
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == sum(bool(section.bars) for section in tables)


def test_what_people_wrote_is_text_and_never_markup_or_formula() -> None:
    page = Page(html(hostile(), "en"))
    assert "script" not in page.tags
    assert "<script>alert(1)</script> → =1+2" in page.said
    assert "<script>alert(1)</script> → =1+2" in cells(workbook(hostile(), "en"))


def test_a_summary_of_nothing_is_a_document_too() -> None:
    page = Page(html(summary(), "en"))
    assert "The figures ask for none." in page.said
    assert "The figures ask for none." in cells(workbook(summary(), "en"))
