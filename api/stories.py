"""The journal as a story: each entry with a sentence for people."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.finding import find_case
from api.parts import Parts
from domain.actor import Actor
from domain.customer_view import case_for_customer, entry_for_customer
from domain.journal import Event
from domain.order import Locale
from domain.story.tell import tell


class StoryLine(BaseModel):
    """One entry of the journal."""

    model_config = ConfigDict(frozen=True)

    seq: int = Field(description="Counts from 1 without a gap; customers do not see every entry.")
    at: AwareDatetime = Field(description="When it happened (UTC).")
    by: Actor = Field(description="Who did it; redress itself has the role system.")
    clauses: tuple[str, ...] = Field(description="Clauses of the written procedure behind it; see /v1/policies.")
    story: str = Field(description="What happened, as one sentence in the reader's language and the tenant's time zone.")
    event: Event = Field(description="What happened, as data; `kind` says which fields there are.")


class Story(BaseModel):
    """A page of the journal."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    zone: str = Field(description="IANA time zone of the instants in the sentences.")
    locale: Locale = Field(description="Language of the sentences.")
    entries: tuple[StoryLine, ...] = Field(description="In the order in which they happened.")
    next_after: int | None = Field(description="`after` of the next page; null when this is the last one for now.")


async def story_of(
    parts: Parts, tenant: str, complaint_id: str, locale: Locale, after: int, limit: int, *, to_customer: bool = False
) -> Story:
    """Raises NoSuchComplaint when there is none, database errors when the journal cannot be read."""
    entries = await parts.cases.journal(tenant, complaint_id, after, limit)
    case, _ = await find_case(parts, tenant, complaint_id)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    departments = parts.shelf.departments(tenant)
    told = entries
    if to_customer:
        told = tuple(seen for entry in entries if (seen := entry_for_customer(entry, case)) is not None)
        case = case_for_customer(case)
    lines = tuple(
        StoryLine(
            seq=entry.seq, at=entry.at, by=entry.by, clauses=entry.clauses, event=entry.event,
            story=tell(entry, case, pack, locale, departments),
        )
        for entry in told
    )  # fmt: skip
    more = len(entries) == limit and entries[-1].seq < case.revision
    return Story(
        complaint_id=complaint_id, zone=case.zone, locale=locale, entries=lines, next_after=entries[-1].seq if more else None
    )
