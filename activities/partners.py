"""Effects in the world, each once under its key: an answer that was lost is asked for before anything is placed again."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import CancelEffect, FindOrder, FoundOrder, Partners, PlaceEffect
from activities.errors import of_partner, tenant_for
from activities.systems import Directory, Systems
from adapters.errors import OutcomeUnknown, PartnerError, PartnerRefused
from domain.effects import EffectReport
from storage.tenants import TenantShelf

_Answer = TypeVar("_Answer")


class PartnersActivities(Partners):
    def __init__(self, tenants: TenantShelf, directory: Directory) -> None:
        self._tenants = tenants
        self._directory = directory

    @activity.defn
    async def find_order(self, ask: FindOrder) -> FoundOrder:
        return FoundOrder(order=await _told(self._systems(ask.tenant).orders.find(ask.number)))

    @activity.defn
    async def place_effect(self, effect: PlaceEffect) -> EffectReport:
        """Raises ApplicationError PartnerRefused with (code, detail), final; OutcomeUnknown, PartnerUnavailable are retried."""
        systems = self._systems(effect.tenant)
        if activity.info().attempt > 1:
            # Whatever this question meets, the effect of an earlier attempt may stand: only an answer ends it.
            known = await _told(_ask(systems, effect), final=False)
            if known is not None:
                return known
        return await _told(_place(systems, effect))

    @activity.defn
    async def ask_effect(self, effect: PlaceEffect) -> EffectReport:
        known = await _told(_ask(self._systems(effect.tenant), effect))
        if known is None:
            raise ApplicationError(
                f"the partner knows no effect {effect.key}", effect.key, type="EffectUnknown", non_retryable=True
            )
        return known

    @activity.defn
    async def cancel_effect(self, effect: CancelEffect) -> EffectReport:
        """Raises ApplicationError PartnerRefused when it is too late or nothing was placed under the key."""
        systems = self._systems(effect.tenant)
        partner = systems.logistics if effect.partner == "logistics" else systems.benefits
        return await _told(partner.cancel(effect.key))

    def _systems(self, tenant: str) -> Systems:
        return self._directory.of(tenant_for(self._tenants, tenant))


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
    raise _names_none(effect)


def _ask(systems: Systems, effect: PlaceEffect) -> Awaitable[EffectReport | None]:
    if effect.shipment is not None or effect.visit is not None:
        return systems.logistics.ask(effect.key)
    if effect.payment is not None:
        return systems.payments.ask(effect.key)
    if effect.benefit is not None:
        return systems.benefits.ask(effect.key)
    raise _names_none(effect)


def _names_none(effect: PlaceEffect) -> ApplicationError:
    return ApplicationError(f"{effect.key} names no effect", effect.key, type="BadEffect", non_retryable=True)
