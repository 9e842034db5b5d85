"""What is stored comes back as it was: amounts to the last digit, instants aware and in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from domain.case import Case
from domain.money import Money
from storage.cases import CaseFilter, Cases
from storage.columns import Amount, Instant
from storage.journal import Journal
from tests.storage.stories import START_AT, Story

SQLITE = sqlite.dialect()


@given(st.decimals(min_value=0, max_value=Decimal("99999999999.999"), places=3))
def test_any_amount_comes_back_exactly(amount: Decimal) -> None:
    column = Amount()
    stored = column.process_bind_param(amount, SQLITE)
    assert isinstance(stored, int)
    assert column.process_result_value(stored, SQLITE) == amount


def test_an_amount_finer_than_any_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 3 decimals"):
        Amount().process_bind_param(Decimal("0.0001"), SQLITE)


_zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
_instants = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9999, 12, 30), timezones=_zones)  # noqa: DTZ001


@given(_instants, _instants)
def test_instants_come_back_and_sort_as_stored_texts(one: datetime, other: datetime) -> None:
    column = Instant()
    texts = [column.process_bind_param(each, SQLITE) for each in (one, other)]
    assert [column.process_result_value(each, SQLITE) for each in texts] == [one, other]
    assert (texts[0] < texts[1]) == (one < other)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Instant().process_bind_param(datetime(2026, 11, 21), SQLITE)  # noqa: DTZ001


def _with_money(case: Case, decided: str, paid: str, currency: str) -> Case:
    money = {"currency": currency, "decided": Money.of(decided, currency), "paid": Money.of(paid, currency)}
    return case.model_copy(update=money)


@pytest.mark.parametrize(
    ("decided", "paid", "currency"),
    [("0.10", "0.30", "CNY"), ("99999999999.99", "0.01", "CNY"), ("1234567", "0", "JPY"), ("0.001", "12.345", "KWD")],
)
async def test_money_goes_round_through_the_database_exactly(
    tenant: str, journal: Journal, cases: Cases, decided: str, paid: str, currency: str
) -> None:
    story = Story(tenant)
    await journal.record(story.entries, _with_money(story.case, decided, paid, currency))
    (row,) = (await cases.list(tenant, CaseFilter(), START_AT)).rows
    assert (row.decided, row.paid) == (Money.of(decided, currency), Money.of(paid, currency))
    assert str(row.decided.amount) == str(Decimal(decided))


async def test_instants_come_back_aware_and_in_utc(tenant: str, journal: Journal, cases: Cases) -> None:
    shanghai = timezone(timedelta(hours=8))
    story = Story(tenant, at=START_AT.astimezone(shanghai)).due(START_AT + timedelta(minutes=10))
    await journal.record(story.entries, story.case)
    (row,) = (await cases.list(tenant, CaseFilter(), START_AT)).rows
    assert row.received_at == START_AT
    assert row.received_at.tzinfo is row.next_due_at.tzinfo is UTC if row.next_due_at else False
    first, _ = await cases.journal(tenant, story.complaint_id)
    assert first.at == START_AT
    assert first.at.tzinfo is UTC


async def test_what_is_not_there_is_not_there_as_json_either(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant).responded()
    await journal.record(story.entries, story.case)
    assert await cases.given(tenant, story.complaint_id, 10) == ()
