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
from settings.language import text


async def show(play: Play) -> None:
    """The table, then the addresses of each complaint."""
    if not play.filed:
        return
    table = Table(title=f"{play.cast.tenant.name.in_(play.cast.tenant.locale)} ({play.cast.tenant.id})", title_justify="left")
    for en, zh in _COLUMNS:
        table.add_column(text(en, zh))
    for complaint in play.filed:
        table.add_row(*await _row(play, complaint))
    play.screen.console.print()
    play.screen.console.print(table)
    for complaint in play.filed:
        await _addresses(play, complaint)
    _token(play)


_COLUMNS = (
    ("Complaint", "投诉"),
    ("Stage", "阶段"),
    ("Outcome", "结果"),
    ("Promises met/late", "承诺 按时/逾期"),
    ("Escalations", "上报"),
    ("Decided", "核定"),
    ("Paid", "已付"),
    ("Partner paid", "合作方实付"),
)


async def _row(play: Play, complaint: Complaint) -> list[str]:
    case = await complaint.case()
    return [
        complaint.title,
        case["stage"],
        case["outcome"] or "-",
        f"{case['deadlines_met']} / {case['breaches']}",
        str(case["escalations"]),
        _money(case["decided"]),
        _money(case["paid"]),
        await _really_paid(play, complaint, case["currency"]),
    ]


async def _really_paid(play: Play, complaint: Complaint, currency: str) -> str:
    """What the payment partner's own books say."""
    effects = await play.edge.effects(f"{play.cast.tenant.id}:{complaint.id}/")
    paid = [
        Decimal(each["request"]["money"]["amount"])
        for each in effects
        if each["system"] == "payments" and each["status"] == "done"
    ]
    return _money({"amount": sum(paid, Decimal(0)), "currency": currency})


async def _addresses(play: Play, complaint: Complaint) -> None:
    settings, case = play.settings, await complaint.case()
    host = settings.temporal_address.rpartition(":")[0]
    run = (await complaint.handle.describe()).run_id
    workflows = f"http://{host}:{settings.temporal_ui_port}/namespaces/{settings.temporal_namespace}/workflows"
    mails = f"http://{settings.smtp_host}:{settings.mail_http_port}/messages?to={case['intake']['customer']['email']}"
    lines = Table.grid(padding=(0, 1))
    for name, address in (
        ("API", f'curl -H "Authorization: Bearer $TOKEN" {settings.api_url}/v1/complaints/{complaint.id}/journal'),
        ("Temporal", f"{workflows}/{quote(complaint.workflow_id, safe='')}/{run}/history"),
        (text("Mails", "邮件"), mails),
    ):
        lines.add_row(Text(f"  {name}", style="dim"), Text(address, no_wrap=True, overflow="ignore"))
    play.screen.console.print(Text(f"{complaint.title}  {complaint.id}", style="bold"))
    # Addresses are copied: they must not be broken at the edge of the terminal.
    play.screen.console.print(lines, soft_wrap=True, crop=False, overflow="ignore")


def _token(play: Play) -> None:
    agent = play.cast.somebody(Role.AGENT)
    python = os.path.relpath(sys.executable)
    command = f"TOKEN=$({python} -m api token --tenant {play.cast.tenant.id} --role agent --id {agent.id})"
    play.screen.console.print(Text(text("A token for these: ", "获取令牌：") + command), soft_wrap=True)


def _money(money: dict[str, Any]) -> str:
    return f"{Decimal(money['amount']):.2f} {money['currency']}"
