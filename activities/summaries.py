"""Summaries: read from the database, told in each reader's language, mailed to supervisors and managers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

from activities.contract import Summaries, Summarise, SummaryReceipt
from activities.errors import database_away, no_row, of_partner, pinned_pack, tenant_for
from adapters.errors import PartnerError, PartnerRefused
from adapters.mail import Letter, Mail
from domain.actor import Role
from domain.calendar import calendar_of
from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import report_of
from domain.summary.figures import Summary
from domain.summary.telling import heading, in_words
from domain.tenant import Staff, Tenant
from storage.summaries import Summaries as Reader
from storage.tenants import TenantShelf

# Who can change how the work is done. The general manager hears of what is wrong by the ladders.
READERS = (Role.SUPERVISOR, Role.MANAGER)


class SummariesActivities(Summaries):
    """`mail` gives the mail system that writes in a tenant's name."""

    def __init__(self, tenants: TenantShelf, reader: Reader, mail: Callable[[Tenant], Mail]) -> None:
        self._tenants = tenants
        self._reader = reader
        self._mail = mail

    @activity.defn
    async def summarise(self, ask: Summarise) -> SummaryReceipt:
        """Raises ApplicationError TenantMissing, PackMissing, DatabaseAway, or the error of a mail system that is away."""
        tenant = tenant_for(self._tenants, ask.tenant)
        pack = pinned_pack(ask.pack, ask.pack_digest)
        try:
            summary = await self._reader.make(ask.tenant, pack, _report(pack, ask.report), ask.period)
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from error
        mail = self._mail(tenant)
        sent = [str(person) for person in activity.info().heartbeat_details]
        unreached: list[str] = []
        waiting: PartnerError | None = None
        for person in _readers(tenant):
            if person.id in sent:
                continue
            try:
                await mail.send(_letter(person, summary, tenant, ask.key))
            except (PartnerRefused, ValidationError) as error:
                # Told without the address.
                activity.logger.warning("summary %s did not reach %s: %s", ask.report, person.id, type(error).__name__)
                unreached.append(person.id)
            except PartnerError as error:
                waiting = error
            else:
                sent.append(person.id)
                activity.heartbeat(*sent)
        if waiting is not None:
            raise of_partner(waiting) from waiting
        return SummaryReceipt(
            sent_to=tuple(sent), unreached=tuple(unreached), received=summary.received, improvements=len(summary.improvements)
        )


def _report(pack: Pack, id: str) -> ReportRule:
    try:
        return report_of(pack, id)
    except KeyError as error:
        raise no_row(pack, "report", id) from error


def _readers(tenant: Tenant) -> tuple[Staff, ...]:
    """Each person once: the present ones and the stand-ins of the absent ones."""
    today = calendar_of(tenant).local_date(datetime.now(UTC))
    acting = (person for role in READERS for person in tenant.acting(role, today) or tenant.staff_with(role))
    return tuple({person.id: person for person in acting}.values())


def _letter(person: Staff, summary: Summary, tenant: Tenant, key: str) -> Letter:
    """Raises ValidationError for a person without an address."""
    locale = person.locale or tenant.locale
    subject = " ".join(f"{tenant.name.in_(locale)} | {heading(summary, locale)}".split())
    return Letter(key=f"{key}/{person.id}", to=person.email or "", subject=subject, text=in_words(summary, locale), locale=locale)
