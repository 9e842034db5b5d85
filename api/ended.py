"""Commands that come after the end: one given before gets its receipt again, reopening takes it up, all else is refused."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.finding import find_case
from api.parts import Parts
from desk.errors import ComplaintClosed, DeskError, Refused
from domain.commands import Receipt, Reopen, Signed
from domain.given import Given
from domain.receipts import REMEMBERED, Receipts, command_id
from domain.refusal import Refusal


async def after_the_end(
    parts: Parts, tenant: str, complaint_id: str, signed: Signed[Any], key: str | None, met: DeskError
) -> Receipt:
    """Answer a command for which no complaint is at work any more, as `met` says: closed, or forgotten by now.

    Raises ComplaintClosed, Refused (the key was used for something else), NoSuchComplaint, TemporalAway, the problems of finding.
    """
    reopening = isinstance(signed.command, Reopen)
    if key is None and not reopening and isinstance(met, ComplaintClosed):
        raise met
    case, source = await find_case(parts, tenant, complaint_id)
    if case.open and source == "database":  # it has not heard of the end yet
        case = await parts.desk.look(tenant, complaint_id)
    given = await _given(parts, tenant, complaint_id)
    if key is not None and (first := _first(complaint_id, given, signed, key)) is not None:
        return first
    if reopening:
        return await parts.desk.reopen(case, signed, key, given)
    raise ComplaintClosed(complaint_id) from met


async def _given(parts: Parts, tenant: str, complaint_id: str) -> tuple[Given, ...]:
    try:
        return await parts.cases.given(tenant, complaint_id, REMEMBERED)
    except (SQLAlchemyError, OSError):
        return await parts.desk.given(tenant, complaint_id)  # its last run can still be asked


def _first(complaint_id: str, given: tuple[Given, ...], signed: Signed[Any], key: str) -> Receipt | None:
    try:
        return Receipts(given).first(complaint_id, command_id(signed, key))
    except Refusal as refusal:
        raise Refused.of(refusal) from refusal
