"""The end of the demo: how each complaint stands, what partners really paid, and where to look at it."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from rich.table import Table
from rich.text import Text

from demo.complaint import Complaint
from demo.play import Play
from domain.actor import Role
from settings.language import reads_chinese, text


async def show(play: Play) -> None:
    """The table, then the addresses of each complaint."""
    if not play.filed:
        return
    tenant = play.cast.tenant
    table = Table(
        title=f"{tenant.name.in_('zh-CN' if reads_chinese() else 'en')} ({tenant.id}), {tenant.currency}", title_justify="left"
    )
    table.add_column(text("Complaint", "投诉"), overflow="fold")
    table.add_column(text("Outcome", "结果"), overflow="fold")
    for en, zh in _FIGURES:
        table.add_column(text(en, zh), justify="right")
    for complaint in play.filed:
        table.add_row(*await _row(play, complaint))
    play.screen.console.print()
    play.screen.console.print(table)
    _token(play)
    for complaint in play.filed:
        await _addresses(play, complaint)


_FIGURES = (
    ("Kept", "按时"),
    ("Missed", "逾期"),
    ("Escal.", "上报"),
    ("Decided", "核定"),
    ("Paid", "已付"),
    ("Partner paid", "合作方实付"),
)


async def _row(play: Play, complaint: Complaint) -> list[str]:
    case = await complaint.case()
    return [
        complaint.title,
        complaint.outcome() or case["stage"],
        str(case["deadlines_met"]),
        str(case["breaches"]),
        str(case["escalations"]),
        _amount(case["decided"]["amount"]),
        _amount(case["paid"]["amount"]),
        await _really_paid(play, complaint),
    ]


async def _really_paid(play: Play, complaint: Complaint) -> str:
    """What the payment partner's own books say."""
    effects = await play.edge.effects(f"{play.cast.tenant.id}:{complaint.id}/")
    paid = [
        Decimal(each["request"]["money"]["amount"])
        for each in effects
        if each["system"] == "payments" and each["status"] == "done"
    ]
    return _amount(sum(paid, Decimal(0)))


async def _addresses(play: Play, complaint: Complaint) -> None:
    settings, case = play.settings, await complaint.case()
    host = settings.temporal_address.rpartition(":")[0]
    run = (await complaint.handle.describe()).run_id
    workflows = f"http://{host}:{settings.temporal_ui_port}/namespaces/{settings.temporal_namespace}/workflows"
    mails = f"http://{settings.smtp_host}:{settings.mail_http_port}/messages?to={case['intake']['customer']['email']}"
    play.screen.console.print(Text(f"{complaint.title}  {complaint.id}", style="bold"))
    for name, address in (
        ("API", f'curl -H "Authorization: Bearer $TOKEN" {settings.api_url}/v1/complaints/{complaint.id}/journal'),
        ("Temporal", f"{workflows}/{quote(complaint.workflow_id, safe='')}/{run}/history"),
        (text("Mails", "邮件"), mails),
    ):
        # Addresses are copied: they must not be broken at the edge of the terminal.
        play.screen.console.print(Text.assemble((f"  {name}  ", "dim"), address), soft_wrap=True)


def _token(play: Play) -> None:
    agent = play.cast.somebody(Role.AGENT)
    python = os.path.relpath(sys.executable)
    command = f"TOKEN=$({python} -m api token --tenant {play.cast.tenant.id} --role agent --id {agent.id})"
    play.screen.console.print(Text(text("A token for what follows: ", "先获取令牌：") + command), soft_wrap=True)


def _amount(amount: Any) -> str:
    return f"{Decimal(amount):.2f}"
