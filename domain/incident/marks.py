"""What a complaint counts under: for each [[batch]] row that holds, a key that all complaints of one thing share.

Most is known at receipt. What becomes of it later, above all another category, makes it count under other rows or keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.budget import parse_duration
from domain.case import Case
from domain.case_facts import found_facts
from domain.policy.batch_rows import SAME_DAY, BatchRule
from domain.policy.conditions import matches
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.policy.vocabulary import BatchKey
from domain.stored import absent


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnusualRise(_Message):
    """At least so many, and `factor` times the mean of one window over the weeks before."""

    weeks: int
    factor: Decimal
    at_least: int


class BatchMark(_Message):
    """One complaint counted under one row. `key` is a digest, so that what people wrote stays out of the index."""

    batch: str
    key: str = Field(description="SHA-256 (hex) of the row's values.")
    about: dict[str, str] = Field(description="The values as people wrote them: category, product, lot, region.")
    threshold: int | None = Field(default=None, exclude_if=absent)
    window: timedelta | None = Field(default=None, exclude_if=absent, description="None: the day in the company's zone.")
    rise: UnusualRise | None = Field(default=None, exclude_if=absent)


# No row of a pack can be called so: complaints of one lot are found by it when the lot is stopped.
OF_LOT = "lot:"


class JoinedIncident(_Message):
    """The incident that a complaint was counted into."""

    incident: str
    batch: str


class Recount(NamedTuple):
    """What has changed since a complaint was counted last: what is new or has another key, and rows that hold no longer."""

    marks: tuple[BatchMark, ...]
    withdrawn: tuple[str, ...]


def marks_of(case: Case, pack: Pack) -> tuple[BatchMark, ...]:
    """What the complaint counts under by all that is known of it now."""
    if not pack.batch:
        return ()
    facts = known_facts(pack, case.category, found_facts(case))
    marks = (_mark(row, case) for row in pack.batch if matches(row.when, facts))
    lot = _value("lot", case)
    known = () if lot is None else (BatchMark(batch=OF_LOT, key=lot_key(lot), about={}),)
    return (*(mark for mark in marks if mark is not None), *known)


def recount(case: Case, before: Sequence[BatchMark], now: Sequence[BatchMark]) -> Recount:
    """What is to be counted, and what no longer counts. An incident's own complaint stays its own, whatever becomes of it."""
    settled = {member.batch for member in case.incidents}
    marks = tuple(mark for mark in now if mark not in before and mark.batch not in settled)
    kept = settled.union(mark.batch for mark in now)
    return Recount(marks, tuple(mark.batch for mark in before if mark.batch not in kept))


def lot_key(lot: str) -> str:
    """The digest under which complaints of a lot are found."""
    return hashlib.sha256(" ".join(lot.split()).casefold().encode()).hexdigest()


def _mark(row: BatchRule, case: Case) -> BatchMark | None:
    about: dict[str, str] = {}
    for name in row.key:
        value = _value(name, case)
        if value is None or not value.strip():
            return None
        about[name] = " ".join(value.split())
    # Written this way and that it is the same lot and the same place.
    said = json.dumps([each.casefold() for each in about.values()], ensure_ascii=False)
    rise = row.rise
    return BatchMark(
        batch=row.id,
        key=hashlib.sha256(said.encode()).hexdigest(),
        about=about,
        threshold=row.threshold,
        window=None if row.window == SAME_DAY else parse_duration(row.window),
        rise=UnusualRise(weeks=rise.weeks, factor=rise.factor, at_least=rise.at_least) if rise else None,
    )


def _value(name: BatchKey, case: Case) -> str | None:
    product = case.intake.product
    match name:
        case "category":
            return case.category
        case "group":
            return case.group
        case "product":
            return (product.sku or product.name) if product else None
        case "lot":
            return product.lot if product else None
        case "region":
            return case.intake.region
        case "order_origin":
            return case.order.origin if case.order else None
