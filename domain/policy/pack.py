"""A policy pack: one written procedure, one version, as data. Released versions never change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Protocol, TypeVar

from pydantic import Field

from domain.policy.remedy_rows import ApprovalRule, CapRule, RemedyRule
from domain.policy.rows import (
    AdviceRule,
    AppealRule,
    Category,
    ClassRule,
    Clause,
    ClosingRule,
    ConfirmRule,
    DeadlineRule,
    FactRule,
    FollowUpRule,
    Ladder,
    NoticeRule,
    ReportRule,
)
from domain.policy.wording import Row, Wording

Ref = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*@\d{4}-\d{2}(\.\d+)?$", description="Such as home@2026-11.")]


class Rows(Row):
    """The tables of a pack, named as in its file."""

    clause: tuple[Clause, ...] = ()
    category: tuple[Category, ...] = ()
    fact: tuple[FactRule, ...] = ()
    # `class` is a word of Python, so the attribute cannot have the file's name.
    classes: tuple[ClassRule, ...] = Field(default=(), alias="class")
    deadline: tuple[DeadlineRule, ...] = ()
    ladder: tuple[Ladder, ...] = ()
    remedy: tuple[RemedyRule, ...] = ()
    approval: tuple[ApprovalRule, ...] = ()
    notice: tuple[NoticeRule, ...] = ()
    advice: tuple[AdviceRule, ...] = ()
    follow_up: tuple[FollowUpRule, ...] = ()
    report: tuple[ReportRule, ...] = ()


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_R = TypeVar("_R", bound=_Named)


def _by_id(rows: Iterable[_R], id: str) -> _R:
    for row in rows:
        if row.id == id:
            return row
    raise KeyError(id)


class Pack(Rows):
    """A checked pack. Look-ups by id raise KeyError; nothing that a checked pack refers to is missing from it."""

    name: str
    version: str
    title: Wording
    source: str
    extends: Ref | None = None
    digest: str = Field(description="SHA-256 (hex) of the file's text; of a variant, together with its base's digest.")
    confirm: ConfirmRule
    appeal: AppealRule
    closing: ClosingRule
    cap: CapRule

    @property
    def ref(self) -> str:
        """Name and version, as a complaint is pinned to it: `home@2026-11`."""
        return f"{self.name}@{self.version}"

    def clause_of(self, id: str) -> Clause:
        return _by_id(self.clause, id)

    def category_of(self, id: str) -> Category:
        return _by_id(self.category, id)

    def deadline_of(self, id: str) -> DeadlineRule:
        return _by_id(self.deadline, id)

    def ladder_of(self, id: str) -> Ladder:
        return _by_id(self.ladder, id)

    def remedy_of(self, id: str) -> RemedyRule:
        return _by_id(self.remedy, id)

    def fact_of(self, name: str) -> FactRule:
        for fact in self.fact:
            if fact.name == name:
                return fact
        raise KeyError(name)
