"""What can be wrong with a pack, and with what people ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.refusal import Refusal


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a pack's file, with what to write instead. `line` counts from 1."""

    source: str
    line: int
    en: str
    zh: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.en}"

    def in_chinese(self) -> str:
        return f"{self.source}:{self.line}：{self.zh}"


class PackInvalid(Exception):
    """A pack's file is wrong; `problems` holds all that could be found at once, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.source, problem.line, problem.en)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PackMissing(Exception):
    """This process does not hold exactly the pack that a complaint is pinned to; it says so and does not guess."""


class PolicyRefused(Refusal):
    """The procedure does not allow what was asked: the field at fault, and what to do, in both languages."""

    reason = "not_in_the_procedure"

    def __init__(self, field: str, *, zh: str, en: str) -> None:
        super().__init__(self.reason, zh=zh, en=en, field=field)


class FactRefused(PolicyRefused):
    """A finding is missing, unknown, or not a value the pack allows."""

    reason = "fact_refused"


class NoRemedy(PolicyRefused):
    """No row of the decision table answers this finding (the pack's check makes sure that one does for every whole finding)."""

    reason = "no_remedy"


class RemedyRefused(PolicyRefused):
    """A choice that the procedure does not allow, whoever approves."""

    reason = "remedy_refused"
