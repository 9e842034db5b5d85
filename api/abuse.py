"""What speaks for malice in a complaint, and its whole file for legal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.blacklist import Limitation, limitations
from api.finding import ComplaintId, find_case, whole_journal
from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.parts import AllParts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    NOT_RECORDED,
    STUCK,
    TEMPORAL_AWAY,
    declared,
)
from domain import abuse
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.intake import Evidence
from domain.journal import Entry, Event, SignNoted
from domain.policy.pack import Pack
from domain.policy.vocabulary import Sign
from domain.policy.wording import Wording
from domain.promise_events import NoticeFailed, NoticeSent
from domain.signs import to_count
from domain.story.tell import tell
from storage.journal import Journal

router = APIRouter(prefix="/v1/complaints", tags=["13 Abuse"], route_class=GuardedRoute)
_ONE = declared(FORBIDDEN, NOT_FOUND, INVALID, NOT_RECORDED, TEMPORAL_AWAY, STUCK, DATABASE_AWAY)


class NotedSign(BaseModel):
    """One sign as it was put on record."""

    model_config = ConfigDict(frozen=True)

    row: str = Field(description="Row of the pack.")
    title: Wording = Field(description="What the pack calls it, in both languages.")
    sign: Sign = Field(description="Kind of sign.")
    weight: int = Field(description="What it adds to the score, once.")
    at: AwareDatetime = Field(description="When (UTC).")
    by: str = Field(description="Staff id; redress for what was found in words or counted.")
    note: str | None = Field(description="What the person saw.")
    found: tuple[str, ...] = Field(description="Words of the customer.")
    count: int | None = Field(description="Complaints of this customer within the row's window.")


class Signs(BaseModel):
    """What speaks for malice. It decides nothing."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    score: int = Field(description="Sum of the weights, each row once.")
    presumed_from: int | None = Field(description="Score from which malice may be presumed; null: this procedure knows none.")
    evidence_overdue: bool = Field(description="Demanded evidence has not come in time, which allows it too.")
    presumed: bool = Field(description="A person has presumed it.")
    with_legal: bool = Field(description="It was referred to legal.")
    signs: tuple[NotedSign, ...] = Field(description="In the order in which they were put on record.")
    repeats: dict[str, int] = Field(description="By row: complaints of this customer by this one's receipt, counted now.")
    blacklisted: tuple[Limitation, ...] = Field(description="What limits this customer now.")


class FileLine(BaseModel):
    """One entry of the journal, told in both languages."""

    model_config = ConfigDict(frozen=True)

    seq: int = Field(description="Counts from 1 without a gap.")
    at: AwareDatetime = Field(description="When it happened (UTC).")
    by: Actor = Field(description="Who did it.")
    clauses: tuple[str, ...] = Field(description="Clauses of the written procedure behind it.")
    zh: str = Field(description="What happened, in Chinese.")
    en: str = Field(description="What happened, in English.")
    event: Event = Field(description="What happened, as data.")


class FiledEvidence(Evidence):
    """A piece of evidence, and when it came."""

    attached_at: AwareDatetime = Field(description="When it was attached (UTC).")
    attached_by: str = Field(description="Who attached it.")


class FiledNotice(BaseModel):
    """A message that went out, or could not."""

    model_config = ConfigDict(frozen=True)

    notice: str = Field(description="Row of the pack.")
    to: str = Field(description="Role written to.")
    at: AwareDatetime = Field(description="When (UTC).")
    delivered: bool = Field(description="False: it could not be delivered.")


class WholeFile(BaseModel):
    """Everything that is on record of a complaint."""

    model_config = ConfigDict(frozen=True)

    made_at: AwareDatetime = Field(description="When this file was put together (UTC).")
    case: Case = Field(description="The complaint as it stands.")
    journal: tuple[FileLine, ...] = Field(description="The whole story, entry by entry.")
    evidence: tuple[FiledEvidence, ...] = Field(description="Every piece by reference, with its digest.")
    notices: tuple[FiledNotice, ...] = Field(description="Every message.")
    blacklisted: tuple[Limitation, ...] = Field(description="What limits this customer now.")


@router.get("/{complaint_id}/signs", operation_id="read_signs", summary="Read the signs of malice", responses=_ONE)
async def read_signs(complaint_id: ComplaintId, me: Caller, parts: AllParts) -> Signs:
    """The signs on record with their score, and how often this customer has complained. People decide what follows."""
    me.must_be(*STAFF)
    case, _ = await find_case(parts, me.tenant, complaint_id)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    rule = pack.malice if pack else None
    entries = await whole_journal(parts, me.tenant, complaint_id)
    counting = to_count(case.model_copy(update={"signs": (), "stage": Stage.RECEIVED}), pack) if pack else ()
    counts = await Journal(parts.database).repeats(case, [each.from_at for each in counting])
    return Signs(
        complaint_id=complaint_id,
        score=abuse.score(case),
        presumed_from=rule.presumed_from if rule else None,
        evidence_overdue=rule is not None and abuse.unanswered(case, rule, datetime.now(UTC)),
        presumed=case.presumed,
        with_legal=case.with_legal,
        signs=tuple(_noted(entry, entry.event, pack) for entry in entries if isinstance(entry.event, SignNoted)),
        repeats={each.row.id: count for each, count in zip(counting, counts, strict=True)},
        blacklisted=await limitations(parts, me.tenant, pack, case.intake.customer.customer_id),
    )


@router.get("/{complaint_id}/file", operation_id="read_file", summary="Read the whole file of a complaint", responses=_ONE)
async def read_file(complaint_id: ComplaintId, me: Caller, parts: AllParts) -> WholeFile:
    """Case, story in both languages, evidence by reference and every message: what legal needs, and nobody has to collect."""
    me.must_be(Role.LEGAL, Role.SUPERVISOR, Role.RISK_CONTROL)
    case, _ = await find_case(parts, me.tenant, complaint_id)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    entries = await whole_journal(parts, me.tenant, complaint_id)
    departments = parts.shelf.departments(me.tenant)
    return WholeFile(
        made_at=datetime.now(UTC),
        case=case,
        journal=tuple(
            FileLine(
                seq=entry.seq, at=entry.at, by=entry.by, clauses=entry.clauses, event=entry.event,
                zh=tell(entry, case, pack, "zh-CN", departments), en=tell(entry, case, pack, "en", departments),
            )
            for entry in entries
        ),
        evidence=tuple(piece for entry in entries for piece in _evidence(entry)),
        notices=notices_of(entries),
        blacklisted=await limitations(parts, me.tenant, pack, case.intake.customer.customer_id),
    )  # fmt: skip


def notices_of(entries: Iterable[Entry]) -> tuple[FiledNotice, ...]:
    """Every message of a journal."""
    return tuple(
        FiledNotice(notice=event.notice, to=event.to, at=entry.at, delivered=isinstance(event, NoticeSent))
        for entry in entries
        if isinstance(event := entry.event, NoticeSent | NoticeFailed)
    )


def _noted(entry: Entry, event: SignNoted, pack: Pack | None) -> NotedSign:
    titles = [row.title for row in pack.abuse if row.id == event.row] if pack else []
    return NotedSign(
        row=event.row, title=titles[0] if titles else Wording(zh=event.row, en=event.row), sign=event.sign, weight=event.weight,
        at=entry.at, by=entry.by.id, note=event.note, found=event.found, count=event.count,
    )  # fmt: skip


def _evidence(entry: Entry) -> list[FiledEvidence]:
    """What came with this entry: with the complaint, with a visit, or by itself."""
    event = entry.event
    pieces: tuple[Evidence, ...] = event.intake.evidence if event.kind == "received" else getattr(event, "evidence", ())
    return [FiledEvidence(**dict(piece), attached_at=entry.at, attached_by=entry.by.id) for piece in pieces]
