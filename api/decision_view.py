"""What the decision page says: the complaint, what was found out, the plan with its figures, and what may be decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from api.problems import Problem
from documents.decision import Block, DecisionPage, Form
from domain.case import Case, Proposal, Stage
from domain.journal import Approved, Entry, Event, Proposed, Refused, SentBack, Verified
from domain.order import Locale
from domain.policy.pack import Pack
from domain.story.tell import tell
from domain.story.teller import Teller
from domain.summary.names import CAUSES, named
from domain.words import Words

_BUTTONS = (("approve", "Approve", "批准"), ("send_back", "Send back", "退回修改"), ("refuse", "Refuse", "否决"))
_DONE = {
    "approve": ("Approved. The plan is now put to the customer.", "已批准，方案将告知客户。"),
    "send_back": ("Sent back. The desk will propose again.", "已退回，客服将重新提出方案。"),
    "refuse": (
        "Refused. You have taken over: propose something else or decide how it ends.",
        "已否决。该投诉由您接手：请另提方案或决定如何结案。",
    ),
}


@dataclass(frozen=True)
class View:
    """One reader's page. `address` is where it lies, without the language."""

    locale: Locale
    address: str

    def say(self, en: str, zh: str) -> str:
        return zh if self.locale == "zh-CN" else en

    def empty(self) -> DecisionPage:
        """Nothing but the frame."""
        other: Locale = "en" if self.locale == "zh-CN" else "zh-CN"
        return DecisionPage(
            locale=self.locale,
            title=self.say("Decision on a proposal", "方案审批"),
            other_locale=other,
            other_language="English" if other == "en" else "中文",
            other_address=f"{self.address}?lang={other[:2]}",
        )

    def refused(self, problem: Problem) -> DecisionPage:
        """Why nothing is shown."""
        return replace(self.empty(), told=self.say(problem.en, problem.zh), wrong=True)

    def decided(self, number: int, entries: Sequence[Entry], case: Case, pack: Pack | None) -> DecisionPage:
        """There is nothing left to decide on: who decided, where the journal knows it by now."""
        told = self.say(
            f"Proposal {number} has been decided on or withdrawn. There is nothing left to do here.",
            f"第 {number} 号方案已有决定或已撤回，无需再处理。",
        )
        said = [tell(each, case, pack, self.locale) for each in entries if _decides(each.event, number)]
        blocks = (Block(self.say("Decision", "决定"), points=tuple(said)),) if said else ()
        return replace(self.empty(), told=told, blocks=blocks)

    def done(self, decision: str) -> DecisionPage:
        """It was decided now."""
        return replace(self.empty(), told=self.say(*_DONE[decision]))

    def asked(
        self,
        case: Case,
        pack: Pack | None,
        proposal: Proposal,
        entries: Sequence[Entry],
        words: str = "",
        problem: Problem | None = None,
    ) -> DecisionPage:
        """The whole page with its form; after a decision that was refused, with what was typed and why."""
        teller = Teller(Words("zh" if self.locale == "zh-CN" else "en", ZoneInfo(case.zone)), case, pack)
        form = Form(
            address=f"{self.address}?lang={self.locale[:2]}",
            label=self.say("Remark or reason", "意见或理由"),
            hint=self.say("Needed to send back or refuse; your decision counts once.", "退回或否决时必填；决定只生效一次。"),
            buttons=tuple((value, self.say(en, zh)) for value, en, zh in _BUTTONS),
            words=words,
        )
        return replace(
            self.empty(),
            title=self.say(f"Decide on proposal {proposal.number}", f"审批第 {proposal.number} 号方案"),
            told=self.say(problem.en, problem.zh) if problem else "",
            wrong=problem is not None,
            blocks=(
                Block(self.say("The plan", "方案"), tuple(self._about_plan(case, pack, proposal, entries, teller)),
                      tuple(teller.planned(step) for step in proposal.plan.steps), self._sum(proposal)),
                Block(self.say("The complaint", "投诉"), tuple(self._about_complaint(case, teller))),
                Block(self.say("What was found out", "核实与认定"), tuple(self._found(case, entries, teller))),
            ),
            form=form,
        )  # fmt: skip

    def _about_plan(
        self, case: Case, pack: Pack | None, proposal: Proposal, entries: Sequence[Entry], teller: Teller
    ) -> Iterator[tuple[str, str]]:
        plan = proposal.plan
        yield self.say("Remedy", "方案"), teller.worded(plan.title)
        yield self.say("Proposed by", "提出人"), proposal.proposed_by
        if proposal.approver_role is not None:
            yield self.say("To be approved by", "审批人"), teller.role(proposal.approver_role)
        for each in entries:
            if isinstance(each.event, Proposed) and each.event.number == proposal.number and each.event.reason:
                yield self.say("Reason", "理由"), each.event.reason
        marks = [self.say("outside the procedure's range", "超出规定幅度")] if plan.outside_range else []
        marks += [self.say("something that the order does not hold", "含订单之外的商品")] if plan.outside_order else []
        if marks:
            yield self.say("Note", "注意"), self.say("; ", "；").join(marks)
        yield self.say("Clauses", "条款"), ", ".join(plan.clauses or (plan.clause,))
        # Others may owe something by then too, such as a department its answer: that is no limit of the approver's.
        due = [each.due_at for each in case.deadlines if each.due_at and pack and _limits_approval(pack, each.name)]
        if due:
            yield self.say("Decide by", "审批时限"), teller.words.at(min(due))

    def _sum(self, proposal: Proposal) -> str:
        plan = proposal.plan
        return self.say(
            f"In all {plan.total}, of which {plan.cash} leaves in cash.", f"合计 {plan.total}，其中现金支出 {plan.cash}。"
        )

    def _about_complaint(self, case: Case, teller: Teller) -> Iterator[tuple[str, str]]:
        yield self.say("Number", "编号"), case.complaint_id
        yield self.say("Category", "类别"), teller.category(case.category).strip("“”")
        yield self.say("Customer", "客户"), case.intake.customer.name
        yield self.say("Received", "受理时间"), teller.words.at(case.received_at.replace(microsecond=0))
        if case.intake.order_number:
            paid = self.say(f", {case.order.paid} paid", f"，实付 {case.order.paid}") if case.order else ""
            yield self.say("Order", "订单"), f"{case.intake.order_number}{paid}"
        yield self.say("Content", "内容"), case.intake.content
        if case.intake.expectation:
            yield self.say("Wanted", "期望"), case.intake.expectation

    def _found(self, case: Case, entries: Sequence[Entry], teller: Teller) -> Iterator[tuple[str, str]]:
        if case.founded is not None:
            yield self.say("Founded", "投诉成立"), self.say("yes", "是") if case.founded else self.say("no", "否")
        for each in entries:
            if isinstance(each.event, Verified):
                yield self.say("Findings", "核实情况"), each.event.findings
        if case.facts:
            yield self.say("Found", "认定"), teller.facts(case.facts)
        if case.liable:
            yield self.say("Liable", "责任方"), teller.worded(named(case.liable, CAUSES))


def _limits_approval(pack: Pack, name: str) -> bool:
    return "approval_asked" in pack.deadline_of(name).starts


def _decides(event: Event, number: int) -> bool:
    return isinstance(event, Approved | SentBack | Refused) and event.number == number


def waiting(case: Case, number: int) -> Proposal | None:
    """The proposal, while it is the one that waits for a decision."""
    proposal = case.proposal
    return proposal if proposal is not None and proposal.number == number and case.stage is Stage.APPROVING else None
