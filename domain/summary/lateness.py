"""A report that has not reached its readers by its day: what the manager is told of it."""

from __future__ import annotations

from datetime import date

from domain.order import Locale
from domain.policy.talk_rows import ReportRule
from domain.summary.period import Period


def late_subject(report: ReportRule, period: Period, locale: Locale) -> str:
    if locale == "zh-CN":
        return f"逾期：{report.title.zh}（{period}）"
    return f"Late: {report.title.en}, {period}"


def late_letter(report: ReportRule, period: Period, due_on: date, locale: Locale) -> str:
    """What was promised, that it is tried on, and where to look and read it meanwhile."""
    clauses = ", ".join(report.clauses)
    if locale == "zh-CN":
        return (
            f"“{report.title.zh}”（{period}）应在 {due_on} 之内送达主管，至今未送达。[{clauses}]\n\n"
            "系统会继续尝试发送。请检查主管的邮箱地址和邮件服务；原因见 Temporal 中的 ReviewWorkflow。\n"
            f"也可随时读取：GET /v1/reports/{report.id}?from={period.from_on}&to={period.to_on}\n"
        )
    return (
        f"“{report.title.en}” ({period}) was to reach a supervisor by the end of {due_on} and has not. [{clauses}]\n\n"
        "It is tried on. Look at the supervisors' addresses and the mail server; Temporal shows the reason at ReviewWorkflow.\n"
        f"It can be read at any time: GET /v1/reports/{report.id}?from={period.from_on}&to={period.to_on}\n"
    )
