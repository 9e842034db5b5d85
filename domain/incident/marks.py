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
    about: dict[str, str] = Field(description="The values as people read them: category, product, lot, region.")
    threshold: int | None = Field(default=None, exclude_if=absent)
    window: timedelta | None = Field(default=None, exclude_if=absent, description="None: the day in the company's zone.")
    rise: UnusualRise | None = Field(default=None, exclude_if=absent)


# No row of a pack can be called so: complaints of one lot are found by it when the lot is stopped.
OF_LOT = "lot:"


class JoinedIncident(_Message):
    """The incident that a complaint was counted into."""

    incident: str
    batch: str


class _Shared(NamedTuple):
    """A value that complaints may share: what tells it apart from others, and how people call it."""

    identity: str
    called: str


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
    known = () if lot is None else (BatchMark(batch=OF_LOT, key=lot_key(lot.identity), about={}),)
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
    identities: list[str] = []
    for name in row.key:
        value = _value(name, case)
        if value is None or not value.identity.strip():
            return None
        about[name] = " ".join(value.called.split())
        identities.append(_alike(value.identity))
    said = json.dumps(identities, ensure_ascii=False)
    rise = row.rise
    return BatchMark(
        batch=row.id,
        key=hashlib.sha256(said.encode()).hexdigest(),
        about=about,
        threshold=row.threshold,
        window=None if row.window == SAME_DAY else parse_duration(row.window),
        rise=UnusualRise(weeks=rise.weeks, factor=rise.factor, at_least=rise.at_least) if rise else None,
    )


def _alike(text: str) -> str:
    """Written this way and that it is the same lot and the same place."""
    return " ".join(text.split()).casefold()


def _value(name: BatchKey, case: Case) -> _Shared | None:
    match name:
        case "category":
            value: str | None = case.category
        case "group":
            value = case.group
        case "product":
            return _product(case)
        case "lot":
            value = case.intake.product.lot if case.intake.product else None
        case "region":
            value = case.intake.region or (case.order.destination if case.order else None)
        case "order_origin":
            value = case.order.origin if case.order else None
        case "against":
            value = case.intake.against
    return None if value is None else _Shared(value, value)


def _product(case: Case) -> _Shared | None:
    """What it is about, by its sku where that is known, so that who gives the sku and who gives the name count together.

    The order knows the sku of a name; a name waits for it, or a burst would count under the one and then under the other. One
    that ends before waits no longer. Who names nothing complains of the one thing that the order holds.
    """
    said, lines = case.intake.product, case.order.lines if case.order else ()
    sku, name = (said.sku, said.name) if said else (None, None)
    if sku:
        return _Shared(sku, name or next((line.name for line in lines if _alike(line.sku) == _alike(sku)), sku))
    if case.open and case.order_check == "pending" and case.intake.order_number is not None:
        return None
    if name:
        found = next((line.sku for line in lines if _alike(line.name) == _alike(name)), name)
        return _Shared(found, name)
    only = {_alike(line.sku): line for line in lines}
    return _Shared(lines[0].sku, lines[0].name) if len(only) == 1 else None
