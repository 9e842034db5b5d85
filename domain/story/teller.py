"""What every sentence is made of: people, steps, promises and plans as a reader calls them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actor import UNNAMED, Actor, Role
from domain.case import Case
from domain.journal import Outcome
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
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
    Role.LEGAL: ("legal", "法务"),
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


@dataclass(frozen=True)
class Teller:
    """One reader's words for one complaint. Without its pack, rows are called by their ids."""

    words: Words
    case: Case
    pack: Pack | None

    def say(self, en: str, zh: str) -> str:
        return self.words.say(en, zh)

    def worded(self, wording: Wording) -> str:
        return self.words.say(wording.en, wording.zh)

    def role(self, role: Role | str) -> str:
        known = ROLES.get(Role(role)) if role in set(Role) else None
        return self.say(*known) if known else str(role)

    def reader(self, role: Role | str) -> str:
        """Who gets a message: the customer, the supervisor."""
        return self.say(f"the {self.role(role).removeprefix('the ')}", self.role(role))

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
        return self.say(f"{self.role(role)} {actor.id}", f"{self.role(role)} {actor.id} ")

    def quoted(self, text: str) -> str:
        """What somebody said, on one line."""
        return self.say(f"“{' '.join(text.split())}”", f"“{' '.join(text.split())}”")

    def saying(self, text: str | None) -> str:
        """Colon and quotation, or nothing."""
        return self.say(f": {self.quoted(text)}", f"：{self.quoted(text)}") if text else ""

    def because(self, text: str | None) -> str:
        """The reason as somebody gave it, or nothing."""
        return self.say(f" Reason: {self.quoted(text)}", f"，理由：{self.quoted(text)}") if text else ""

    def promise(self, key: str) -> str:
        """What the pack calls the promise behind a deadline's key."""
        name = key.split("/")[0]
        if self.pack is None:
            return self.quoted(name)
        return self.quoted(next((self.worded(row.title) for row in self.pack.deadline if row.id == name), name))

    def notice(self, name: str) -> str:
        """What the pack calls a notice."""
        rows = [row for row in self.pack.notice if row.id == name] if self.pack else []
        return self.quoted(self.worded(rows[0].title) if rows and rows[0].title else name)

    def step(self, step_id: str) -> str:
        """What the plan calls a step; one of an earlier handling is looked up in the pack."""
        state = self.case.step(step_id)
        if state is None and self.case.inspection is not None and self.case.inspection.step.id == step_id:
            state = self.case.inspection
        if state is not None:
            return self.quoted(self.worded(state.step.title))
        rules = [rule for row in self.pack.remedy for rule in row.step if rule.id == step_id] if self.pack else []
        return self.quoted(self.worded(rules[0].title) if rules else step_id)

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
        # What a share is a share of; what moves goods is told by its title.
        figures += [f"{item.sku} × {item.quantity}" for item in step.items] if step.money is not None else []
        title = self.worded(step.title)
        return self.say(f"{title} ({', '.join(figures)})", f"{title}（{'，'.join(figures)}）") if figures else title

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
