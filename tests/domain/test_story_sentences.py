"""What stands in the story of a complaint, kind by kind, in both languages: somebody's lawyer reads it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain import commands
from domain import journal as j
from domain import promise_events as p
from domain.actor import SYSTEM, UNNAMED, Actor, Role
from domain.case import StepState
from domain.commands import Command, name_of
from domain.customer_view import case_for_customer, entry_for_customer
from domain.journal import Entry, Event
from domain.money import Money
from domain.order import Item
from domain.policy.wording import Wording
from domain.remedies import PlannedStep
from domain.story.command_names import COMMANDS
from domain.story.tell import tell
from tests.domain.test_story import AT, DUE, EVENTS, LIN, PLAN, WHY, case, home

FIRST = "first_response/2"
DEPARTMENTS = {"warehouse": Wording(zh="仓储物流部", en="Warehouse and transport")}
ZHAO = Actor(id="zhao", roles=(Role.AGENT,))
GUO = Actor(id="guo", roles=(Role.DEPARTMENT,))
ZHOU = Actor(id="zhou", roles=(Role.SUPERVISOR,))
CHINESE_START, ENGLISH_START = "2026年11月21日（周六）09:00：", "Sat 21 Nov 2026 09:00: "
AT_ZH, DUE_ZH, DUE_EN = "2026年11月21日（周六）09:00", "2026年11月21日（周六）10:00", "Sat 21 Nov 2026 10:00"


def told(event: Event, by: Actor = LIN, clauses: tuple[str, ...] = (), **changes: Any) -> tuple[str, str]:
    entry, at_hand = Entry(seq=2, at=AT, by=by, clauses=clauses, event=event), case().model_copy(update=changes)
    chinese, english = (tell(entry, at_hand, home(), locale, DEPARTMENTS) for locale in ("zh-CN", "en"))
    assert chinese.startswith(CHINESE_START)
    assert english.startswith(ENGLISH_START)
    return chinese.removeprefix(CHINESE_START), english.removeprefix(ENGLISH_START)


SENTENCES: list[tuple[Event, Actor, str, str]] = [
    (EVENTS[0], LIN, "客服 lin 受理投诉（渠道：热线，适用规程：“家居岩板建材：运输与安装投诉”（home@2026-11））：“货物损坏”，"
     "订单 SO-1。客户陈述：“碎了”。期望：“退款”。",
     "Agent lin filed a complaint that came by the hotline under “Home stone and building materials: transport and "
     "installation complaints” (home@2026-11): “Goods damaged in transport”, order SO-1. "
     "The customer says “碎了”. Wanted: “退款”."),
    (j.Assigned(assignee="lin", why="least_loaded", loads={"lin": 0, "zhao": 2}), SYSTEM,
     "投诉由 lin 负责（当前负荷最低）。当时各人未结投诉：lin 0、zhao 2。",
     "The complaint was given to lin, who had the least to do. Open complaints of each: lin 0, zhao 2."),
    (j.HandedOver(assignee="zhao", reason="accepted from lin / 接自 lin"), ZHAO, "客服 zhao 接手投诉（由 lin 移交）。",
     "Agent zhao took the complaint over from lin."),
    (j.HandedOver(assignee="zhou", reason="escalated to supervisor"), SYSTEM, "投诉已上报，改由主管 zhou 负责。",
     "The complaint, which was taken up, is now with supervisor zhou."),
    (j.HandedOver(assignee="lin", reason="熟悉客户"), LIN, "客服 lin 自行接手投诉，理由：“熟悉客户”。",
     "Agent lin took the complaint over. Reason: “熟悉客户”."),
    (j.HandedOver(assignee="zhao", reason="休假。"), LIN, "客服 lin 将投诉移交 zhao，理由：“休假。”",
     "Agent lin handed the complaint over to zhao. Reason: “休假。”"),
    (j.Resumed(reason="the term of the pause is over"), SYSTEM, "恢复计时，理由：暂停期限已满。",
     "It goes on. Reason: the term of the pause is over."),
    (j.StepSettled(step="refund", action="drop", reason="called off: cancelled"), SYSTEM,
     "系统对“全额退款”作出处置：放弃该步骤，理由：已撤回。",
     "Redress decided on “Full refund”: to be left out. Reason: it was called off."),
    (j.StepDone(step="refund", detail="succeeded", paid=Money.of("10.00", "CNY")), SYSTEM,
     "“全额退款”已完成，已支付 10.00 CNY：款项已付出。", "“Full refund” is done, 10.00 CNY paid: the money has been paid out."),
    (j.Verified(founded=True, findings="属实。", sources=("承运商",)), LIN, "客服 lin 核实投诉属实：“属实。”查询来源：“承运商”。",
     "Agent lin found the complaint founded: “属实。” Sources: “承运商”."),
    (j.Consulted(department="warehouse", route="x", awaited=True), SYSTEM, "已征询仓储物流部的意见。",
     "The department “Warehouse and transport” was asked for its opinion."),
    (j.OpinionGiven(department="warehouse", opinion="漏检", responsible="三班", asked=7), GUO,
     "责任部门人员 guo 反馈仓储物流部的意见：“漏检”。责任人：“三班”。",
     "Guo of a department gave the opinion of the department “Warehouse and transport”: “漏检”. Responsible: “三班”."),
    (j.OpinionGiven(department="warehouse", opinion="漏检", asked=7, on_behalf=True), ZHOU,
     "主管 zhou 代仓储物流部反馈意见：“漏检”。",
     "Supervisor zhou gave the opinion of the department “Warehouse and transport” in its place: “漏检”."),
    (j.CommandRefused(command="approve", code="own_proposal", reason="nobody decides on it", reason_zh="不得审批本人方案"), LIN,
     "客服 lin 请求批准方案，当时不允许：“不得审批本人方案”。",
     "Agent lin asked to approve the plan, which was not possible at that time: “nobody decides on it”."),
    (j.EscalatedByHand(to=Role.SUPERVISOR, assignee=None, reason="超出权限"), LIN, "客服 lin 将投诉上报主管，理由：“超出权限”。",
     "Agent lin took it up to the supervisor. Reason: “超出权限”."),
    (j.Classified(category="transport_damage", group="transport", level="III", severity="severe", urgent=True, priority=1,
                  before={"level": "I", "urgent": False, "batch": False}), SYSTEM,
     "投诉定级：III级、严重程度严重、紧急（原为I级、严重程度严重）；处理优先级 1；变更依据：属于批量事件。",
     "It is classified as level III, severe, urgent (before: level I, severe); priority 1; what changed: "
     "it is part of an incident."),
    (j.Closed(outcome="unfounded", reason="order_not_found"), SYSTEM, "投诉结案：投诉不成立，理由：没有该订单。",
     "The complaint was closed: the complaint is unfounded. Reason: there is no such order."),
    (p.DeadlineSet(key="customer_reply/9", name="customer_reply", clause="HOUSE-REPLY", start_at=AT, due_at=DUE,
                   owner=Role.CUSTOMER, explanation=WHY), SYSTEM,
     f"请客户于 {DUE_ZH} 前完成：“客户答复方案”。", f"The customer has until {DUE_EN} for “Customer's answer”."),
    (p.DeadlineMissed(key="customer_reply/9", due_at=DUE), SYSTEM, f"客户未在期限内完成“客户答复方案”，期限为 {DUE_ZH}。",
     f"The customer did not keep the time limit “Customer's answer”; it ended {DUE_EN}."),
    (p.DeadlineMissed(key=FIRST, due_at=DUE), SYSTEM, f"承诺“首次回应”逾期，应于 {DUE_ZH} 前履行。",
     f"The promise “First response” was missed; it was due {DUE_EN}."),
    (p.DeadlineDropped(key=FIRST), SYSTEM, "承诺“首次回应”不再适用。", "The promise “First response” no longer applies."),
    (p.Escalated(key=FIRST, rung=0, to=Role.AGENT, person="qian", actions=("notify",)), SYSTEM,
     "就“首次回应”提醒投诉负责人 qian（第 1 级）：已通知。",
     "Whoever has the complaint, qian, was reminded of “First response” (step 1): notified."),
    (p.Escalated(key=FIRST, rung=1, to=Role.SUPERVISOR, person="zhou", actions=("notify", "raise", "hand_over")), SYSTEM,
     "因“首次回应”上报主管 zhou（第 2 级）：已通知；优先级已提高；投诉改由其负责。",
     "Because of “First response” it went up to the supervisor zhou (step 2): notified; the priority was raised; the complaint "
     "is now theirs."),
    (p.NoticeSent(notice="assigned", to="agent", channels=("email", "sms")), SYSTEM,
     "通知“投诉已分派”已发送给投诉负责人（邮件、短信）。",
     "The notice “Complaint assigned” went to whoever has the complaint by e-mail and text message."),
    (j.EvidenceDemanded(what="购买凭证"), LIN, "客服 lin 请客户提供证据：“购买凭证”。",
     "Agent lin asked the customer for evidence: “购买凭证”."),
    (j.Appealed(number=1, grounds="太少", decided_by_role=Role.MANAGER), Actor(id="wang", roles=(Role.CUSTOMER,)),
     "客户对第 1 号方案提出申诉，由部门经理裁定。申诉理由：“太少”。",
     "The customer appealed against plan 1; a department manager now decides. Grounds: “太少”."),
    (j.ReferredToLegal(to=Role.LEGAL, reason="勒索"), LIN, "客服 lin 将投诉连同全部材料移交法务，理由：“勒索”。",
     "Agent lin referred the complaint to legal counsel with its whole file. Reason: “勒索”."),
    (j.FollowedUp(answered=True, satisfied=False, recurred=True, note="又裂了"), LIN,
     "客服 lin 跟踪回访：客户不满意；问题再次出现，将重新处理：“又裂了”。",
     "Agent lin asked the customer again how it went: not satisfied; it has come up again, so it is handled again: “又裂了”."),
]  # fmt: skip


@pytest.mark.parametrize(("event", "by", "chinese", "english"), SENTENCES, ids=lambda each: getattr(each, "kind", None))
def test_an_entry_reads_so(event: Event, by: Actor, chinese: str, english: str) -> None:
    assert told(event, by) == (chinese, english)


# Ids, codes, currencies and levels; what people and companies wrote stands in quotation marks.
_NAMES = {"lin", "zhao", "boss", "lu", "inc_1", "CNY", "account_closed", "too_late", "SO-1", "PY-1", "SM20261117A"}
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_a_chinese_line_holds_no_other_language(event: Event) -> None:
    if isinstance(event, j.Assessed):
        event = event.model_copy(update={"facts": {"damage": "severe"}})
    line, _ = told(event)
    bare = re.sub(r"“[^”]*”|（home@2026-11）|I{1,3}级", "", line)
    assert set(_LATIN.findall(bare)) - _NAMES - {"solved", "no"} == set(), line


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_a_sentence_ends_once(event: Event) -> None:
    chinese, english = told(event)
    assert chinese.endswith(("。", "。”", "！”", "？”")), chinese
    assert english.endswith((".", "。”", ".”", "!”", "?”")), english
    assert not re.search(r"。”。|[.。]”\.|。。|\.\.|，。|：。", chinese + english)


def test_every_command_has_a_name_in_both_languages() -> None:
    kinds = [each for each in vars(commands).values() if isinstance(each, type) and issubclass(each, Command)]
    assert {name_of(each) for each in kinds if each is not Command} <= COMMANDS.keys()


def test_a_clause_is_named_once() -> None:
    chinese, english = told(p.DeadlineMet(key=FIRST, in_time=True), clauses=("HOUSE-REPLY", "HOUSE-REPLY"))
    assert chinese == "承诺“首次回应”按时履行。 [HOUSE-REPLY]"
    assert english == "The promise “First response” was kept in time. [HOUSE-REPLY]"


def test_a_plan_names_the_goods_that_are_sent() -> None:
    step = PlannedStep(
        id="reship", kind="reship", clause="HOM-DMG-03", title=Wording(zh="补发", en="Sent again"), by="software",
        executor="logistics", items=(Item(sku="MG-01", quantity=2), Item(sku="MG-01", part="warranty_card")),
    )  # fmt: skip
    chinese, english = told(j.Proposed(number=1, plan=PLAN.model_copy(update={"steps": (step,)})))
    assert "补发（MG-01 × 2，MG-01 保修卡 × 1）" in chinese
    assert "Sent again (MG-01 × 2, MG-01 warranty card × 1)" in english


def by_hand() -> StepState:
    step = PlannedStep(
        id="apology", kind="apology", clause="HOM-DMG-03", title=Wording(zh="致歉", en="Apology"), by="person", executor="person",
    )  # fmt: skip
    return StepState(step=step, cycle=1, status="ordered", reference="lin")


def test_a_step_of_a_person_says_who_has_it_and_a_customer_hears_only_that_it_began() -> None:
    ordered = j.StepOrdered(step="apology", reference="lin")
    assert told(ordered, SYSTEM, steps=(by_hand(),)) == ("“致歉”已交 lin 办理。", "“Apology” was given to lin.")
    office = told(j.StepOrdered(step="apology", reference="warehouse"), SYSTEM, steps=(by_hand(),))
    assert office == ("“致歉”已交仓储物流部办理。", "“Apology” was given to the department “Warehouse and transport”.")

    whole = case().model_copy(update={"steps": (by_hand(),)})
    seen = entry_for_customer(Entry(seq=2, at=AT, by=SYSTEM, event=ordered), whole)
    assert seen is not None
    assert isinstance(seen.event, j.StepOrdered)
    assert seen.event.reference == UNNAMED
    assert case_for_customer(whole).steps[0].reference == UNNAMED
    line = tell(seen, case_for_customer(whole), home(), "zh-CN")
    assert line.endswith("“致歉”已安排办理。")
