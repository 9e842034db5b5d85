"""The work log as a file: CSV for anything, a workbook for people. No text in it is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import xlsxwriter

from domain.order import Locale
from domain.policy.wording import Wording
from domain.summary.names import LEVELS, OUTCOMES, SEVERITIES, named
from domain.summary.work_log import WorkLine

_COLUMNS = (
    ("编号", "Complaint"), ("类别", "Kind"), ("等级", "Level"), ("严重程度", "Severity"), ("渠道", "Channel"),
    ("负责人", "In charge"), ("经手人", "Worked on by"), ("处理方式", "Remedy"), ("已办步骤", "Steps done"),
    ("收到", "Received"), ("首次回应", "First answer"), ("结案", "Ended"), ("超时", "Promises missed"),
    ("处理次数", "Handlings"), ("结果", "Result"), ("满意", "Satisfied"), ("评分", "Rating"),
    ("金额", "Paid"), ("币种", "Currency"),
)  # fmt: skip
# What spreadsheet programs take for the beginning of a formula when they read text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(lines: Iterable[WorkLine], zone: str, locale: Locale) -> str:
    """With a byte order mark, so that spreadsheets read Chinese; a cell that a program would calculate begins with '."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in rows(lines, zone, locale):
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + file.getvalue()


def as_workbook(lines: Iterable[WorkLine], zone: str, locale: Locale) -> bytes:
    """The file. Texts are written as texts."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet({"zh-CN": "工作日志"}.get(locale, "Work log"))
        sheet.set_column(0, len(_COLUMNS) - 1, 16)
        sheet.freeze_panes(1, 1)
        head = book.add_format({"bold": True, "bottom": 1})
        for place, row in enumerate(rows(lines, zone, locale)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, head if place == 0 else None)
    return file.getvalue()


def rows(lines: Iterable[WorkLine], zone: str, locale: Locale) -> Iterable[Sequence[str]]:
    """The heads of the columns and then one row a complaint; instants in the company's zone."""
    place = ZoneInfo(zone)

    def word(wording: Wording | None) -> str:
        return wording.in_language(locale) if wording else ""

    def at(instant: datetime | None) -> str:
        return instant.astimezone(place).strftime("%Y-%m-%d %H:%M") if instant else ""

    def yes(answer: bool | None) -> str:
        return "" if answer is None else {"zh-CN": "是" if answer else "否"}.get(locale, "yes" if answer else "no")

    yield [zh if locale == "zh-CN" else en for zh, en in _COLUMNS]
    for each in lines:
        yield [
            each.complaint_id,
            word(each.category_title),
            word(named(each.level, LEVELS)),
            word(named(each.severity, SEVERITIES)) if each.severity else "",
            each.channel,
            each.person or "",
            ", ".join(each.worked_on_by),
            word(each.remedy),
            ", ".join(word(step) for step in each.done),
            at(each.received_at),
            at(each.responded_at),
            at(each.closed_at),
            str(each.missed),
            str(each.handlings),
            word(named(each.outcome, OUTCOMES)) if each.outcome else {"zh-CN": "处理中"}.get(locale, "in hand"),
            yes(each.satisfied),
            "" if each.rating is None else str(each.rating),
            str(each.paid.amount),
            each.paid.currency,
        ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
