"""A policy pack: one written procedure, one version, as data. Released versions never change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field

from domain.intake import Channel
from domain.policy.abuse_rows import AbuseRule, EvidenceRule, MaliceRule
from domain.policy.batch_rows import BatchRule
from domain.policy.classification_rows import ClassificationRule
from domain.policy.knowledge_rows import ArticleRule
from domain.policy.remedy_rows import ApprovalRule, CapRule, RemedyRule
from domain.policy.route_rows import HandoverRule, RouteRule
from domain.policy.rows import Category, ClassRule, Clause, DeadlineRule, FactRule, Ladder
from domain.policy.survey_rows import SurveyRule
from domain.policy.talk_rows import (
    AdviceRule,
    AppealRule,
    ClosingRule,
    ConfirmRule,
    FollowUpRule,
    HintRule,
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
    hint: tuple[HintRule, ...] = ()
    abuse: tuple[AbuseRule, ...] = ()
    article: tuple[ArticleRule, ...] = ()
    classification: tuple[ClassificationRule, ...] = ()
    survey: tuple[SurveyRule, ...] = ()
    route: tuple[RouteRule, ...] = ()
    batch: tuple[BatchRule, ...] = ()


class Removed(Row):
    """Rows of the base that a variant does without, by id."""

    clause: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    fact: tuple[str, ...] = ()
    classes: tuple[str, ...] = Field(default=(), alias="class")
    deadline: tuple[str, ...] = ()
    ladder: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    abuse: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    classification: tuple[str, ...] = ()
    survey: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()


class PackFile(Rows):
    """What one file says: a whole pack, or (`extends`) what a variant replaces, adds and removes."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d{4}-\d{2}(\.\d+)?$", description="Year and month of its release: 2026-11, or 2026-11.2.")
    title: Wording
    source: str = Field(min_length=1, description="Where the procedure comes from.")
    extends: Ref | None = None
    channels: tuple[Channel, ...] | None = Field(default=None, min_length=1)
    remove: Removed = Removed()
    confirm: ConfirmRule | None = None
    appeal: AppealRule | None = None
    closing: ClosingRule | None = None
    cap: CapRule | None = None
    malice: MaliceRule | None = None
    evidence: EvidenceRule | None = None
    handover: HandoverRule | None = None


# Tables of which a pack has exactly one, or (those named below) may do without.
SINGLE_TABLES = ("confirm", "appeal", "closing", "cap", "malice", "evidence", "handover")
OPTIONAL_TABLES = frozenset({"malice", "evidence", "handover"})


def id_of(row: Any) -> str:
    """What a row goes by among those of its table: its id, or the name of a fact."""
    return str(getattr(row, "id", None) or row.name)


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
    channels: tuple[Channel, ...] = Field(default=(), description="How complaints may be filed; empty: in every way there is.")
    digest: str = Field(description="SHA-256 (hex) of the file's text; of a variant, together with its base's digest.")
    confirm: ConfirmRule
    appeal: AppealRule
    closing: ClosingRule
    cap: CapRule
    malice: MaliceRule | None = None
    evidence: EvidenceRule | None = None
    handover: HandoverRule | None = None

    @property
    def ref(self) -> str:
        """Name and version, as a complaint is pinned to it: `home@2026-11`."""
        return f"{self.name}@{self.version}"

    def category_of(self, id: str) -> Category:
        return _by_id(self.category, id)

    def deadline_of(self, id: str) -> DeadlineRule:
        return _by_id(self.deadline, id)

    def batch_of(self, id: str) -> BatchRule:
        return _by_id(self.batch, id)

    def ladder_of(self, id: str) -> Ladder:
        return _by_id(self.ladder, id)

    def remedy_of(self, id: str) -> RemedyRule:
        return _by_id(self.remedy, id)

    def fact_of(self, name: str) -> FactRule:
        for fact in self.fact:
            if fact.name == name:
                return fact
        raise KeyError(name)
