"""The ledger: the intent first, then what is known for sure, and never less than was known before."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain import journal as j
from domain.case import StepState
from domain.journal import Event
from domain.ledger import AFTER, FINAL, OPEN, Intent, LedgerState, name_of_effect
from domain.money import Money
from domain.policy.wording import Wording
from domain.remedies import PlannedStep
from storage.database import Database
from storage.journal import Journal
from storage.ledger import Entered, Ledger, LedgerConflict
from tests.storage.stories import Story

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIFTY = Money.of("50.00", "CNY")


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def intent(tenant: str) -> Intent:
    key = f"{tenant}:cmp_{uuid.uuid4().hex[:26]}/1/refund"
    return Intent(
        key=key, tenant=tenant, kind="refund", partner="payments", money=FIFTY, clause="HOM-DMG-03", decided_by="zhou"
    )  # fmt: skip


async def state_of(ledger: Ledger, intent: Intent) -> LedgerState:
    return (await ledger.by_key(intent.tenant, [intent.key]))[intent.key].state


async def test_an_intent_is_entered_with_all_that_is_meant_and_each_attempt_is_counted(ledger: Ledger, intent: Intent) -> None:
    assert await ledger.intend(intent, AT) == Entered("intended", 0)
    await ledger.note(intent.key, "unknown", AT, said="no answer")
    assert await ledger.intend(intent, AT + timedelta(minutes=1)) == Entered("unknown", 1)
    name = name_of_effect(intent.key)
    assert name is not None
    (row,) = await ledger.of_complaint(intent.tenant, name.complaint_id)
    assert (row.key, row.cycle, row.step, row.kind, row.partner) == (intent.key, 1, "refund", "refund", "payments")
    assert (row.money, row.quantity, row.clause, row.decided_by) == (FIFTY, None, "HOM-DMG-03", "zhou")
    assert (row.state, row.said, row.attempts) == ("unknown", "no answer", 2)
    assert (row.first_at, row.last_at) == (AT, AT + timedelta(minutes=1))


async def test_a_partner_that_says_more_than_fits_holds_nothing_up(ledger: Ledger, intent: Intent) -> None:
    await ledger.intend(intent, AT)
    await ledger.note(intent.key, "placed", AT, reference="R" * 1000, said="why " * 1000)
    row = (await ledger.by_key(intent.tenant, [intent.key]))[intent.key]
    assert (row.state, row.reference) == ("placed", "R" * 200)
    assert row.said.startswith("why why")


@pytest.mark.parametrize("change", [{"money": Money.of("51.00", "CNY")}, {"kind": "extra_payment"}, {"partner": "benefits"}])
async def test_a_key_never_stands_for_something_else(ledger: Ledger, intent: Intent, change: dict[str, object]) -> None:
    await ledger.intend(intent, AT)
    with pytest.raises(LedgerConflict, match=intent.key):
        await ledger.intend(intent.model_copy(update=change), AT)
    assert (await ledger.by_key(intent.tenant, [intent.key]))[intent.key].attempts == 1, "nothing was entered"


@pytest.mark.parametrize("known", [*OPEN, *FINAL])
@pytest.mark.parametrize("heard", ["unknown", "placed", "done", "refused", "cancelled"])
async def test_what_is_known_is_not_forgotten_for_something_less_sure(
    ledger: Ledger, intent: Intent, known: LedgerState, heard: LedgerState
) -> None:
    await ledger.intend(intent, AT)
    if known != "intended":
        await ledger.note(intent.key, known, AT, reference="PY-1")
    await ledger.note(intent.key, heard, AT)
    order = ("intended", "unknown", "placed")
    stays = (known in FINAL and heard in OPEN) or (known in order and heard in order and order.index(known) > order.index(heard))
    assert await state_of(ledger, intent) == (known if stays else heard)


async def test_many_attempts_at_once_are_all_counted(ledger: Ledger, intent: Intent) -> None:
    entered = await asyncio.gather(*(ledger.intend(intent, AT) for _ in range(20)))
    assert sorted(each.attempts for each in entered) == list(range(20))


def test_only_our_own_keys_have_a_name() -> None:
    assert name_of_effect("shop:cmp_1/2/refund/r1") == ("shop", "cmp_1", 2, "refund/r1")
    for foreign in ("refund-77", "shop:cmp_1/refund", "shop:cmp_1/x/refund", "", "shop:cmp_1/²/refund"):
        assert name_of_effect(foreign) is None
    assert set(AFTER.values()) <= {*OPEN, *FINAL}


def _step(id: str, cycle: int, attempt: int = 0) -> StepState:
    title = Wording(zh="退款", en="Refund")
    planned = PlannedStep(id=id, kind="refund", clause="HOM-DMG-03", title=title, by="partner", executor="payments", money=FIFTY)
    return StepState(step=planned, cycle=cycle, attempt=attempt)


async def _heard(
    database: Database, tenant: str, events: list[Event], steps: list[StepState], cycle: int = 1
) -> dict[str, LedgerState]:
    """What the ledger says after a burst of entries that lead to these steps; every key of theirs stood there as intended."""
    ledger, story = Ledger(database), Story(tenant)
    name = f"{tenant}:{story.complaint_id}"
    keys = [f"{name}/{c}/refund{suffix}" for c in (1, 2) for suffix in ("", "/r1")]
    for key in keys:
        await ledger.intend(Intent(key=key, tenant=tenant, kind="refund", partner="payments", money=FIFTY), AT)
    for event in events:
        story.tell(event)
    case = story.case.model_copy(update={"steps": tuple(steps), "cycle": cycle})
    await Journal(database).record(story.entries, case)
    rows = await ledger.by_key(tenant, keys)
    return {key.removeprefix(f"{name}/"): row.state for key, row in rows.items() if row.state != "intended"}


async def test_the_journal_brings_the_ledger_along_in_its_own_transaction(database: Database, tenant: str) -> None:
    ordered, done = j.StepOrdered(step="refund", reference="PY-1"), j.StepDone(step="refund", paid=FIFTY)
    assert await _heard(database, tenant, [ordered], [_step("refund", 1)]) == {"1/refund": "placed"}
    assert await _heard(database, tenant, [ordered, done], [_step("refund", 1)]) == {"1/refund": "done"}


async def test_a_retry_in_the_same_write_leaves_the_new_key_alone(database: Database, tenant: str) -> None:
    failed = j.StepFailed(step="refund", code="refused", detail="account closed")
    retried = j.StepSettled(step="refund", action="retry", reason="另一账户")
    assert await _heard(database, tenant, [failed, retried], [_step("refund", 1, attempt=1)]) == {"1/refund": "refused"}


async def test_news_of_the_cycle_before_stays_there(database: Database, tenant: str) -> None:
    done, again = j.StepDone(step="refund", paid=FIFTY), j.Confirmed(satisfied=False)
    heard = await _heard(database, tenant, [done, again], [_step("refund", 1), _step("refund", 2)], cycle=2)
    assert heard == {"1/refund": "done"}


async def test_a_step_that_failed_without_the_partners_no_is_not_refused(database: Database, tenant: str) -> None:
    failed = j.StepFailed(step="refund", code="LedgerConflict", detail="")
    assert await _heard(database, tenant, [failed], [_step("refund", 1)]) == {}


async def test_paid_is_what_was_done_by_the_payment_partner(ledger: Ledger, tenant: str) -> None:
    for step, kind, partner, state in (
        ("refund", "refund", "payments", "done"), ("extra", "extra_payment", "payments", "done"),
        ("late", "refund", "payments", "placed"), ("coupon", "coupon", "benefits", "done"),
    ):  # fmt: skip
        key = f"{tenant}:cmp_1/1/{step}"
        await ledger.intend(
            Intent.model_validate({"key": key, "tenant": tenant, "kind": kind, "partner": partner, "money": FIFTY}), AT
        )
        await ledger.note(key, state, AT)  # type: ignore[arg-type]
    assert await ledger.paid(tenant, ["cmp_1", "cmp_2"]) == {"cmp_1": Decimal(100)}
    assert {row.step for row in await ledger.open_since(tenant, AT + timedelta(seconds=1))} == {"late"}
    assert await ledger.open_since(tenant, AT) == ()
    assert len(await ledger.begun(tenant, AT, AT + timedelta(seconds=1))) == 4
    assert await ledger.begun("another", AT, AT + timedelta(days=1)) == ()
