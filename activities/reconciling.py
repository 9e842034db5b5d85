"""Reconciling: the ledger against the partners' own books and against the cases, and mail about what does not fit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

from activities.contract import Reconcile, Reconciled, Reconciling
from activities.errors import database_away, of_partner, tenant_for
from activities.mailing import acting, mail_each
from activities.systems import Directory, Systems
from adapters.errors import PartnerError
from adapters.mail import Letter, Mail
from domain.actor import Role
from domain.effects import EffectReport
from domain.ledger import LedgerRow, Partner
from domain.reconciliation import PATIENCE, Finding, FindingKind, compare, compare_cases
from domain.reconciliation_words import letter, subject
from domain.tenant import Staff, Tenant
from storage.ledger import Ledger
from storage.reconciliation import BY_ITSELF, FITS_AGAIN, Done, Findings, KnownFinding
from storage.tenants import TenantShelf

READERS = (Role.SUPERVISOR, Role.MANAGER)
PARTNERS: tuple[Partner, ...] = ("payments", "benefits", "logistics", "accounts", "lots")
# What is looked at again at each run, and may come right by itself. The rest needs a person: money has moved.
_MAY_HEAL: tuple[FindingKind, ...] = ("unknown_to_partner", "ended_differently", "stuck", "case_differs")
# What is under way while it is compared stands in one book and not yet in the other; a moment later it stands in both.
_A_MOMENT = timedelta(seconds=2)


@dataclass
class _Look:
    """What one look has found, and how much it has looked at."""

    found: dict[str, Finding] = field(default_factory=dict)
    away: list[Partner] = field(default_factory=list)
    effects: int = 0
    lines: int = 0
    complaints: int = 0

    def add(self, tenant: str, findings: Iterable[Finding]) -> None:
        self.found |= {each.id(tenant): each for each in findings}


class ReconcilingActivities(Reconciling):
    """`mail` gives the mail system that writes in a tenant's name."""

    def __init__(
        self,
        tenants: TenantShelf,
        directory: Directory,
        ledger: Ledger,
        findings: Findings,
        mail: Callable[[Tenant], Mail],
        a_moment: timedelta = _A_MOMENT,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._ledger = ledger
        self._findings = findings
        self._mail = mail
        self._a_moment = a_moment

    @activity.defn
    async def reconcile(self, ask: Reconcile) -> Reconciled:
        """Raises ApplicationError TenantMissing, DatabaseAway, PartnerUnavailable, or the error of a mail system that is away."""
        tenant = tenant_for(self._tenants, ask.tenant)
        try:
            look, healed = await self._keep(tenant, ask)
            still_open = await self._findings.open_ones(tenant.id)
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from error
        sent_to: tuple[str, ...] = ()
        if still_open or look.away:
            people = acting(tenant, READERS)
            about = f"reconciliation {ask.period}"
            sent_to = (
                await mail_each(self._mail(tenant), people, lambda each: _letter(each, tenant, ask, still_open, look.away), about)
            ).sent_to
        return Reconciled(
            effects=look.effects, lines=look.lines, complaints=look.complaints, found=len(look.found), open=len(still_open),
            healed=healed, away=tuple(look.away), sent_to=sent_to,
        )  # fmt: skip

    async def _keep(self, tenant: Tenant, ask: Reconcile) -> tuple[_Look, int]:
        known = await self._findings.open_ones(tenant.id)
        look = await self._look(tenant, ask, known)
        if look.found:
            await asyncio.sleep(self._a_moment.total_seconds())
            again = await self._look(tenant, ask, known)
            look.found = {id: each for id, each in again.found.items() if id in look.found}
        now = datetime.now(UTC)
        done = Done(
            done_at=now, from_at=ask.period.from_at, to_at=ask.period.to_at, asked_by=ask.asked_by, effects=look.effects,
            lines=look.lines, complaints=look.complaints, found=len(look.found),
        )  # fmt: skip
        await self._findings.enter(tenant.id, tuple(look.found.values()), done)
        healed = 0
        for each in known:
            if each.kind in _MAY_HEAL and each.partner not in look.away and each.finding_id not in look.found:
                healed += await self._findings.settle(tenant.id, each.finding_id, BY_ITSELF, FITS_AGAIN, now)
        return look, healed

    async def _look(self, tenant: Tenant, ask: Reconcile, known: Iterable[KnownFinding]) -> _Look:
        look, now = _Look(), datetime.now(UTC)
        begun = await self._ledger.begun(tenant.id, ask.period.from_at, ask.period.to_at)
        unsure = [row for row in await self._ledger.open_since(tenant.id, now - PATIENCE) if row.state != "placed"]
        doubted = await self._ledger.by_key(tenant.id, (each.key for each in known if each.key and each.kind in _MAY_HEAL))
        rows = {row.key: row for row in (*begun, *unsure, *doubted.values())}
        systems = self._directory.of(tenant)
        for partner in PARTNERS:
            own = {key: row for key, row in rows.items() if row.partner == partner}
            # No money moves there, and not every company has one: without an effect of ours it is not asked.
            if partner in ("accounts", "lots") and not own:
                continue
            try:
                await self._look_at(partner, systems, tenant, ask, own, look, now)
            except PartnerError as error:
                if not ask.without_the_away:
                    raise of_partner(error) from error
                look.away.append(partner)
                # Its books stay closed, but what nobody has heard of for a day is known without them.
                look.add(tenant.id, compare(partner, tenant.id, own.values(), (), {}, now))
        look.effects = len(rows)
        complaints = {row.complaint_id for row in rows.values()} | {each.complaint_id for each in known}
        complaints |= set(await self._ledger.paid_cases(tenant.id, ask.period.from_at, ask.period.to_at))
        paid = await self._ledger.paid(tenant.id, complaints)
        told = await self._ledger.told_paid(tenant.id, complaints)
        look.complaints = len(complaints)
        look.add(tenant.id, compare_cases(paid, told, complaints))
        return look

    async def _look_at(
        self, partner: Partner, systems: Systems, tenant: Tenant, ask: Reconcile, own: dict[str, LedgerRow], look: _Look,
        now: datetime,
    ) -> None:  # fmt: skip
        # A day more: what the partner ended then and nobody here has heard of since is no matter of minutes any more.
        statement = systems.statements[partner].lines(ask.period.from_at - PATIENCE, ask.period.to_at)
        lines = [line async for line in statement if line.key.startswith(f"{tenant.id}:")]
        named = {line.key for line in lines}
        rows = {
            **own,
            **{key: row for key, row in (await self._ledger.by_key(tenant.id, named)).items() if row.partner == partner},
        }
        ask_for = {
            "payments": systems.payments.ask, "benefits": systems.benefits.ask, "logistics": systems.logistics.ask,
            "accounts": systems.accounts.ask, "lots": systems.lots.ask,
        }[partner]  # fmt: skip
        asked: dict[str, EffectReport | None] = {}
        for key in sorted(own.keys() - named):
            asked[key] = await ask_for(key)
            activity.heartbeat(*activity.info().heartbeat_details)
        look.lines += len(lines)
        look.add(tenant.id, compare(partner, tenant.id, rows.values(), lines, asked, now))


def _letter(person: Staff, tenant: Tenant, ask: Reconcile, found: Iterable[KnownFinding], away: list[Partner]) -> Letter:
    """Raises ValidationError for a person without an address."""
    locale = person.locale or tenant.locale
    by_id = {each.finding_id: each for each in found}
    title = f"{tenant.name.in_(locale)} | {subject(len(by_id), ask.period, locale)}"
    text = letter(by_id, away, ask.period, locale)
    return Letter(key=f"{ask.key}/{person.id}", to=person.email or "", subject=title, text=text, locale=locale)
