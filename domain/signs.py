"""Signs that nobody has to note: words of the customer that a pack names, and complaints of theirs that can be counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from domain import journal as j
from domain.case import Case
from domain.journal import Event
from domain.phrases import phrases_in, plain
from domain.policy.abuse_rows import AbuseRule
from domain.policy.pack import Pack


def signs_in(case: Case, pack: Pack, event: Event) -> Sequence[j.SignNoted]:
    """Signs in what the customer wrote with this entry, each row of the pack once in a complaint. `case` is the one after it."""
    rows = [row for row in _open(case, pack) if row.words]
    said = plain("\n".join(_texts(event))) if rows else ""
    return [
        j.SignNoted(row=row.id, sign=row.sign, weight=row.weight, found=found)
        for row in rows
        if (found := phrases_in(said, row.words))
    ]


class Counting(NamedTuple):
    """A row that counts the customer's complaints received from `from_at` on."""

    row: AbuseRule
    from_at: datetime


def to_count(case: Case, pack: Pack) -> tuple[Counting, ...]:
    """What is to be counted for an open complaint; nothing where no customer id is known to count by."""
    if case.intake.customer.customer_id is None or not case.open:
        return ()
    return tuple(Counting(row, case.received_at - row.window) for row in _open(case, pack) if row.window is not None)


def signs_counted(case: Case, asked: Sequence[Counting], counts: Sequence[int]) -> Sequence[j.SignNoted]:
    """The signs in the answers, this complaint counted, as far as nobody has noted them meanwhile."""
    if not case.open:
        return []
    noted = {sign.row for sign in case.signs}
    return [
        j.SignNoted(row=row.id, sign=row.sign, weight=row.weight, count=count)
        for (row, _), count in zip(asked, counts, strict=False)
        if row.at_least is not None and count >= row.at_least and row.id not in noted
    ]


def _open(case: Case, pack: Pack) -> Iterator[AbuseRule]:
    """Rows that are not on record yet."""
    noted = {sign.row for sign in case.signs}
    return (row for row in pack.abuse if row.id not in noted)


def _texts(event: Event) -> Iterator[str]:
    """What the customer wrote, or an agent for them: the complaint, and each answer to us."""
    match event:
        case j.Received():
            yield event.intake.content
            yield event.intake.expectation or ""
        case j.Declined() | j.Reopened():
            yield event.reason
        case j.Appealed():
            yield event.grounds
        case j.Confirmed() | j.SurveyAnswered():
            yield event.comment or ""
