"""Effects in the world, each once under its key, and none that the ledger does not know of before.

The intent is entered in a transaction of its own; only then is the partner asked. While the ledger cannot be written nothing is
placed, and what was answered is not told before it stands there: the next attempt asks the partner again under the same key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import CancelEffect, FindOrder, FoundOrder, Partners, PlaceEffect
from activities.errors import database_away, of_partner, tenant_for
from activities.systems import Directory, Systems
from adapters.errors import OutcomeUnknown, PartnerError, PartnerRefused
from adapters.gate import GateState
from domain.effects import EffectReport
from domain.ledger import AFTER, Intent, LedgerState
from domain.route import Route
from storage.ledger import Ledger, LedgerConflict
from storage.tenants import TenantShelf

_Answer = TypeVar("_Answer")
_CARRIER_SAYS_WITHIN = timedelta(seconds=3)


class _Asked(Protocol):
    """What all partners that carry something out have in common."""

    async def ask(self, key: str) -> EffectReport | None: ...


class _Partner(_Asked, Protocol):
    """One that also takes back what it was asked for."""

    async def cancel(self, key: str) -> EffectReport: ...


class PartnersActivities(Partners):
    def __init__(self, tenants: TenantShelf, directory: Directory, ledger: Ledger) -> None:
        self._tenants = tenants
        self._directory = directory
        self._ledger = ledger

    @activity.defn
    async def find_order(self, ask: FindOrder) -> FoundOrder:
        systems = self._systems(ask.tenant)
        order = await _told(systems.orders.find(ask.number))
        return FoundOrder(order=order, route=await _route(systems, ask.number) if order is not None else None)

    @activity.defn
    async def place_effect(self, effect: PlaceEffect) -> EffectReport:
        """Raises ApplicationError PartnerRefused with (code, detail) and LedgerConflict, final.

        OutcomeUnknown, PartnerUnavailable and DatabaseAway are retried.
        """
        systems = self._systems(effect.tenant)
        entered = await _booked(self._ledger.intend(_intent_of(effect), datetime.now(UTC)))
        # Whoever has tried before, this activity or one that a reset of the workflow has forgotten: its effect may stand.
        if activity.info().attempt > 1 or entered.attempts:
            known = await _told(_partner(systems, effect).ask(effect.key), final=False)
            if known is not None:
                return await self._noted(effect.key, known)
        try:
            report = await _place(systems, effect)
        except PartnerRefused as error:
            if error.code == "key_reused":
                return await self._stands_already(systems, effect, error)
            await self._note(effect.key, "refused", said=f"{error.code}: {error.detail}")
            raise of_partner(error) from error
        except OutcomeUnknown as error:
            await self._note(effect.key, "unknown", said=error.detail)
            raise of_partner(error) from error
        except PartnerError as error:
            raise of_partner(error) from error
        return await self._noted(effect.key, report)

    async def _stands_already(self, systems: Systems, effect: PlaceEffect, refused: PartnerRefused) -> EffectReport:
        """The key was used with another body: something happened under it, so it is no refusal, and no second key is made."""
        known = await _told(_partner(systems, effect).ask(effect.key), final=False)
        if known is None:
            await self._note(effect.key, "unknown", said=f"{refused.code}: {refused.detail}")
            raise of_partner(OutcomeUnknown(refused.partner, "the key is taken and nothing is known of it")) from refused
        return await self._noted(effect.key, known)

    @activity.defn
    async def ask_effect(self, effect: PlaceEffect) -> EffectReport:
        known = await _told(_partner(self._systems(effect.tenant), effect).ask(effect.key))
        if known is None:
            raise ApplicationError(
                f"the partner knows no effect {effect.key}", effect.key, type="EffectUnknown", non_retryable=True
            )
        return await self._noted(effect.key, known)

    @activity.defn
    async def cancel_effect(self, effect: CancelEffect) -> EffectReport:
        """Raises ApplicationError PartnerRefused when it is too late or nothing was placed under the key."""
        systems = self._systems(effect.tenant)
        partners: dict[str, _Partner] = {
            "logistics": systems.logistics, "payments": systems.payments, "benefits": systems.benefits,
            "accounts": systems.accounts,
        }  # fmt: skip
        report = await _told(partners[effect.partner].cancel(effect.key))
        await self._note(effect.key, "cancelled", reference=report.reference, said=report.detail)
        return report

    def gates(self) -> tuple[GateState, ...]:
        """How things stand with each partner that this process has called, for metrics and for operators."""
        return self._directory.gates()

    def _systems(self, tenant: str) -> Systems:
        return self._directory.of(tenant_for(self._tenants, tenant))

    async def _noted(self, key: str, report: EffectReport) -> EffectReport:
        await self._note(key, AFTER[report.status], reference=report.reference, said=report.detail)
        return report

    async def _note(self, key: str, state: LedgerState, *, reference: str | None = None, said: str = "") -> None:
        await _booked(self._ledger.note(key, state, datetime.now(UTC), reference=reference, said=said))


async def _booked(entry: Awaitable[_Answer]) -> _Answer:
    """What the ledger answers, or its error as Temporal knows it."""
    try:
        return await entry
    except LedgerConflict as error:
        raise ApplicationError(str(error), "ledger_conflict", str(error), type="LedgerConflict", non_retryable=True) from error
    except (SQLAlchemyError, OSError) as error:
        raise database_away(error) from None


async def _route(systems: Systems, number: str) -> Route | None:
    """Where the parcel is. Verification goes on without a carrier that is away: nobody waits for it here."""
    try:
        async with asyncio.timeout(_CARRIER_SAYS_WITHIN.total_seconds()):
            return await systems.logistics.track(number)
    except (PartnerError, TimeoutError):
        return None


async def _told(answer: Awaitable[_Answer], *, final: bool = True) -> _Answer:
    """The answer, or its error as Temporal knows it; not `final`: even a refusal is tried again."""
    try:
        return await answer
    except PartnerError as error:
        if isinstance(error, PartnerRefused) and not final:
            raise of_partner(OutcomeUnknown(error.partner, f"refused to tell: {error.code}")) from error
        raise of_partner(error) from error


def _place(systems: Systems, effect: PlaceEffect) -> Awaitable[EffectReport]:
    order = effect.shipment or effect.visit
    if order is not None:
        return systems.logistics.place(effect.key, order)
    if effect.payment is not None:
        return systems.payments.place(effect.key, effect.payment)
    if effect.benefit is not None:
        return systems.benefits.place(effect.key, effect.benefit)
    if effect.account is not None:
        return systems.accounts.place(effect.key, effect.account)
    if effect.lot is not None:
        return systems.lots.place(effect.key, effect.lot)
    raise _names_none(effect)


def _partner(systems: Systems, effect: PlaceEffect) -> _Asked:
    if effect.shipment is not None or effect.visit is not None:
        return systems.logistics
    if effect.payment is not None:
        return systems.payments
    if effect.benefit is not None:
        return systems.benefits
    if effect.account is not None:
        return systems.accounts
    if effect.lot is not None:
        return systems.lots
    raise _names_none(effect)


def _intent_of(effect: PlaceEffect) -> Intent:
    named = {"key": effect.key, "tenant": effect.tenant, "decided_by": effect.decided_by, "clause": effect.clause}
    moved = effect.shipment or effect.visit
    if moved is not None:
        return Intent(**named, kind=moved.kind, partner="logistics")
    if effect.payment is not None:
        payment = effect.payment
        return Intent(**{**named, "clause": payment.reason}, kind=payment.kind, partner="payments", money=payment.money)
    if effect.benefit is not None:
        benefit = effect.benefit
        return Intent(**named, kind=benefit.kind, partner="benefits", money=benefit.money, quantity=benefit.points)
    if effect.account is not None:
        return Intent(**named, kind=effect.account.kind, partner="accounts")
    if effect.lot is not None:
        return Intent(**named, kind=effect.lot.kind, partner="lots")
    raise _names_none(effect)


def _names_none(effect: PlaceEffect) -> ApplicationError:
    return ApplicationError(f"{effect.key} names no effect", effect.key, type="BadEffect", non_retryable=True)
