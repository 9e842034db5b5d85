"""What to say and do now, for the person at work."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from api.finding import find_case, whole_journal
from api.knowledge import Article, offered
from api.parts import Parts
from domain.advice import advice_now
from domain.case import Stage
from domain.order import Locale


class AdviceLine(BaseModel):
    """One piece of advice of the procedure."""

    model_config = ConfigDict(frozen=True)

    row: str = Field(description="Row of the pack: of advice, or of the remedy that the advice belongs to.")
    clauses: tuple[str, ...] = Field(description="Clauses of the written procedure behind it; see /v1/policies.")
    text: str = Field(description="What to say or do, in the reader's language.")


class Advice(BaseModel):
    """What the procedure advises at the present stage."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    stage: Stage = Field(description="How far the procedure has come.")
    locale: Locale = Field(description="Language of the advice.")
    advice: tuple[AdviceLine, ...] = Field(description="In the order in which it came to apply; empty where there is none now.")
    articles: tuple[Article, ...] = Field(description="What the knowledge base has on it; empty where nothing fits.")


async def advice_of(parts: Parts, tenant: str, complaint_id: str, locale: Locale) -> Advice:
    """Raises NoSuchComplaint, the problem `pack_missing`, and database errors when the journal cannot be read."""
    case, _ = await find_case(parts, tenant, complaint_id)
    pack = parts.shelf.needed(case.pack, case.pack_digest)
    entries = await whole_journal(parts, tenant, complaint_id)
    lines = tuple(
        AdviceLine(row=each.row, clauses=each.clauses, text=each.text.in_language(locale)) for each in advice_now(entries, pack)
    )
    articles = await offered(parts, tenant, case, pack)
    return Advice(complaint_id=complaint_id, stage=case.stage, locale=locale, advice=lines, articles=articles)
