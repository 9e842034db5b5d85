"""A summary as a workbook: a sheet with every table, and a chart beside those that compare."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from documents.sections import Section, sections
from domain.order import Locale
from domain.summary.figures import Summary
from domain.summary.telling import heading

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART_AT = 6
_CHART_ROWS = 15
_WIDE = 34


def workbook(summary: Summary, locale: Locale) -> bytes:
    """The file. Texts are written as texts, so that none is ever a formula."""
    file = io.BytesIO()
    # In memory: nothing of it lies on a disk.
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet({"zh-CN": "总结"}.get(locale, "Summary"))
        sheet.set_column(0, 0, _WIDE)
        sheet.set_column(1, _CHART_AT - 1, 16)
        sheet.write_string(0, 0, heading(summary, locale), book.add_format({"bold": True, "font_size": 15}))
        sheet.write_string(1, 0, ", ".join(summary.clauses), book.add_format({"font_color": "#5b6673"}))
        row = 3
        for section in sections(summary, locale):
            row = _table(book, sheet, section, row)
    return file.getvalue()


def _table(book: Any, sheet: Any, section: Section, top: int) -> int:
    """Write one table; answers the row where the next one begins."""
    sheet.write_string(top, 0, section.title, book.add_format({"bold": True, "font_size": 12}))
    head = book.add_format({"bold": True, "bottom": 1})
    for column, title in enumerate(section.columns):
        sheet.write_string(top + 1, column, title, head)
    first = top + 2
    for place, cells in enumerate(section.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(first + place, column, cell)
            else:
                sheet.write_number(first + place, column, cell)
    below = first + len(section.rows)
    if section.bars:
        sheet.insert_chart(top, _CHART_AT, _chart(book, sheet.get_name(), section, first))
        return max(below + 1, top + _CHART_ROWS)
    return below + 1


def _chart(book: Any, name: str, section: Section, first: int) -> Any:
    chart = book.add_chart({"type": "bar"})
    last = first + len(section.rows) - 1
    for bar in section.bars:
        chart.add_series(
            {
                "name": section.columns[bar],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, bar, last, bar],
            }
        )
    chart.set_title({"name": section.title, "name_font": {"size": 11}})
    # The first row of the table is the first bar from above.
    chart.set_y_axis({"reverse": True})
    chart.set_size({"height": 270, "width": 520})
    if len(section.bars) == 1:
        chart.set_legend({"none": True})
    return chart
