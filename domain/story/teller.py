"""What every sentence is made of: people, steps, promises and plans as a reader calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.actor import UNNAMED, Actor, Role
from domain.case import Case
from domain.invoice import Invoice
from domain.journal import Outcome
from domain.order import Item
from domain.policy.pack import Pack
from domain.policy.rows import DeadlineRule
from domain.policy.talk_rows import NoticeRule
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from domain.story.own_words import PARTS, STATES, own_reason
from domain.words import Words

ROLES: dict[Role, tuple[str, str]] = {
    Role.INTAKE: ("the intake", "受理渠道"),
    Role.CUSTOMER: ("the customer", "客户"),
    Role.AGENT: ("agent", "客服"),
    Role.SENIOR_AGENT: ("senior agent", "高级客服"),
    Role.DEPARTMENT: ("the department", "责任部门"),
    Role.SUPERVISOR: ("supervisor", "主管"),
    Role.MANAGER: ("department manager", "部门经理"),
    Role.GENERAL_MANAGER: ("general manager", "总经理"),
    Role.RISK_CONTROL: ("risk control", "风控"),
    Role.LEGAL: ("legal counsel", "法务"),
    Role.OPERATOR: ("operator", "运维人员"),
    Role.ADMINISTRATOR: ("administrator", "管理员"),
    Role.SYSTEM: ("Redress", "系统"),
}
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "satisfied": ("the customer is satisfied", "客户满意"),
    "explanation_accepted": ("the customer accepted the explanation", "客户接受说明"),
    "unfounded": ("the complaint is unfounded", "投诉不成立"),
    "withdrawn": ("the customer took it back", "客户撤回"),
    "refused_as_malicious": ("refused as malicious", "认定为恶意投诉，不予受理"),
    "referred_outside": ("referred to an authority outside", "移交外部机构"),
    "decided": ("by a reasoned decision", "经说明理由的决定"),
}
_PARTIES = {
    "owner": ("whoever has the complaint", "投诉负责人"),
    "approver": ("whoever decides on it", "审批人"),
    "offered_to": ("whoever is to take it over", "拟接手人"),
}


@dataclass(frozen=True)
class Teller:
    """One reader's words for one complaint. Without its pack, rows are called by their ids."""

    words: Words
    case: Case
    pack: Pack | None
    departments: Mapping[str, Wording] = field(default_factory=dict)
    """What the company calls its departments, by id."""

    def say(self, en: str, zh: str) -> str:
        return self.words.say(en, zh)

    def worded(self, wording: Wording) -> str:
        return self.words.say(wording.en, wording.zh)

    def role(self, role: Role | str) -> str:
        known = ROLES.get(Role(role)) if role in set(Role) else None
        return self.say(*known) if known else str(role)

    def reader(self, role: Role | str) -> str:
        """Who gets a message: the customer, the supervisor."""
        said = self.role(role).removeprefix("the ")
        return self.say(said if role in (Role.LEGAL, Role.RISK_CONTROL) else f"the {said}", self.role(role))

    def who(self, actor: Actor) -> str:
        """Agent lin, the customer, Redress: the role they acted in, and who of several it was."""
        role = actor.highest
        if role in (Role.SYSTEM, Role.CUSTOMER):
            return self.role(role)
        if actor.id == UNNAMED:
            return self.reader(role)
        if actor.acting_for is not None:
            return self.say(
                f"for {self.role(role)} {actor.acting_for}, {actor.id}",
                f"{self.role(role)} {actor.acting_for} 的代理人 {actor.id} ",
            )
        if role is Role.DEPARTMENT:
            return self.say(f"{actor.id} of a department", f"责任部门人员 {actor.id} ")
        return self.say(f"{self.role(role)} {actor.id}", f"{self.role(role)} {actor.id} ")

    def how(self, actor: Actor) -> str:
        """By whose means they came, and that they came past every door; nothing where neither is to be told."""
        link = actor.made_by if actor.highest is Role.CUSTOMER else None
        by_link = self.say(f" (By a link that {link} made.)", f"（经 {link} 生成的链接。）") if link else ""
        unchecked = self.say(" (By Signal: nobody checked who it was.)", "（经 Signal，未核实身份。）") if actor.via else ""
        return by_link + unchecked

    def quoted(self, text: str) -> str:
        """What somebody said, on one line."""
        return self.say(f"“{' '.join(text.split())}”", f"“{' '.join(text.split())}”")

    def saying(self, text: str | None) -> str:
        """Colon and quotation to the end of the sentence, or nothing. What the software said itself is no quotation."""
        if not text:
            return ""
        if text in STATES:
            return self.say(f": {STATES[text][0]}.", f"：{STATES[text][1]}。")
        if (own := own_reason(text)) is not None:
            return self.say(f": {own[0]}.", f"：{own[1]}。")
        return self.say(f": {self.quoted(text)}.", f"：{self.quoted(text)}。")

    def because(self, text: str | None) -> str:
        """The reason as somebody gave it, or nothing; a sentence of its own in English, the end of one in Chinese."""
        if not text:
            return ""
        if (own := own_reason(text)) is not None:
            return self.say(f" Reason: {own[0]}.", f"，理由：{own[1]}")
        return self.say(f" Reason: {self.quoted(text)}.", f"，理由：{self.quoted(text)}")

    def promise(self, key: str) -> str:
        """What the pack calls the promise behind a deadline's key."""
        row = self._deadline(key)
        return self.quoted(self.worded(row.title) if row else key.split("/")[0])

    def is_customers(self, key: str) -> bool:
        """Whether it is the customer who has to do something by then: no promise of the company."""
        row = self._deadline(key)
        return row is not None and row.owner is Role.CUSTOMER

    def _deadline(self, key: str) -> DeadlineRule | None:
        name = key.split("/")[0]
        return next((row for row in self.pack.deadline if row.id == name), None) if self.pack else None

    def department(self, department: str) -> str:
        """What the company calls it, or its id."""
        name = self.departments.get(department)
        if name is None:
            return self.say(f"the department {department}", f"责任部门 {department} ")
        return self.say(f"the department “{name.en}”", name.zh)

    def notice(self, name: str) -> str:
        """What the pack calls a notice."""
        row = self._notice(name)
        return self.quoted(self.worded(row.title) if row and row.title else name)

    def reader_of(self, name: str, to: str) -> str:
        """Whom a notice went to: the part they have in the complaint where the pack says so, or else the role."""
        row = self._notice(name)
        if row is not None and row.department is not None:
            return self.department(row.department)
        if row is not None and row.to in _PARTIES:
            return self.say(*_PARTIES[row.to])
        return self.reader(to)

    def _notice(self, name: str) -> NoticeRule | None:
        return next((row for row in self.pack.notice if row.id == name), None) if self.pack else None

    def step(self, step_id: str) -> str:
        """What the plan calls a step; one that was never begun is looked up in the pack."""
        state = self.case.step(step_id) or next((s for s in self.case.earlier_steps if s.step.id == step_id), None)
        if state is None and self.case.inspection is not None and self.case.inspection.step.id == step_id:
            state = self.case.inspection
        if state is not None:
            return self.quoted(self.worded(state.step.title))
        rules = [rule for row in self.pack.remedy for rule in row.step if rule.id == step_id] if self.pack else []
        return self.quoted(self.worded(rules[0].title) if rules else step_id)

    def by_hand(self, step_id: str) -> bool:
        """Whether somebody of the house does the step, and not a partner or the software."""
        states = (*self.case.steps, *self.case.extras, *self.case.earlier_steps)
        return any(state.step.id == step_id and state.step.executor == "person" for state in states)

    def procedure(self, ref: str) -> str:
        """Which procedure it is under, by title and version."""
        if self.pack is None:
            return ref
        title = self.quoted(self.worded(self.pack.title))
        return self.say(f"{title} ({ref})", f"{title}（{ref}）")

    def batch(self, batch: str) -> str:
        """What the pack calls complaints that count together."""
        rows = [row for row in self.pack.batch if row.id == batch] if self.pack else []
        return self.quoted(self.worded(rows[0].title) if rows else batch)

    def category(self, category: str) -> str:
        rows = [row for row in self.pack.category if row.id == category] if self.pack else []
        return self.quoted(self.worded(rows[0].title) if rows else category)

    def plan(self, plan: RemedyPlan) -> str:
        """The remedy with every step and figure: Full refund (1000.00 CNY, 100 %); Extra payment (150.00 CNY, 15 %)."""
        steps = self.words.list(self.planned(step) for step in plan.steps)
        outside = self.say(" It leaves the range of the procedure.", "（超出规定幅度）") if plan.outside_range else ""
        return self.say(
            f"{self.quoted(self.worded(plan.title))}: {steps}.{outside}",
            f"{self.quoted(self.worded(plan.title))}：{steps}{outside}",
        )

    def planned(self, step: PlannedStep) -> str:
        """A step with its figures."""
        figures = [str(step.money)] if step.money is not None else []
        figures += [f"{step.percent.normalize():f} %"] if step.percent is not None else []
        figures += [self.say(f"{step.points} points", f"{step.points} 积分")] if step.points is not None else []
        figures += [self.worded(step.item)] if step.item is not None else []
        figures += [self._item(item) for item in step.items]
        figures += [self._invoice(step.invoice)] if step.invoice is not None else []
        title = self.worded(step.title)
        return self.say(f"{title} ({', '.join(figures)})", f"{title}（{'，'.join(figures)}）") if figures else title

    def _item(self, item: Item) -> str:
        part = self.say(*PARTS[item.part])
        return f"{item.sku}{part and ' '}{part} × {item.quantity}"

    def _invoice(self, invoice: Invoice) -> str:
        number = f" {invoice.tax_number}" if invoice.tax_number else ""
        return self.say(
            f"in the name of {self.quoted(invoice.title)}{number}, for {self.quoted(invoice.content)}",
            f"抬头{self.quoted(invoice.title)}{number}，内容{self.quoted(invoice.content)}",
        )

    def facts(self, facts: dict[str, bool | int | str]) -> str:
        """What was found out, by the pack's own names for facts and choices."""
        return self.words.list(
            self._fact(name, value) for name, value in facts.items() if name not in ("category", "group", "level")
        )

    def _fact(self, name: str, value: bool | int | str) -> str:
        rule = next((fact for fact in self.pack.fact if fact.name == name), None) if self.pack else None
        said = self.say("yes" if value else "no", "是" if value else "否") if isinstance(value, bool) else str(value)
        if rule is None:
            return f"{name} = {said}"
        choice = next((choice for choice in rule.values if choice.id == value), None)
        said = self.say(choice.en, choice.zh) if choice else said
        unit = f" {self.worded(rule.unit)}" if rule.unit and not choice else ""
        return f"{self.worded(rule.title)} = {said}{unit}"

    def outcome(self, outcome: Outcome) -> str:
        return self.say(*OUTCOMES[outcome])
