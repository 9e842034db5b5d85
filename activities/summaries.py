"""Summaries: read from the database, told in each reader's language, mailed to supervisors and managers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

from activities.contract import LateTold, Summaries, Summarise, SummaryReceipt, TellLate
from activities.errors import database_away, no_row, pinned_pack, tenant_for
from activities.mailing import acting, mail_each
from adapters.mail import Attachment, Letter, Mail
from documents.web import html
from documents.workbook import MEDIA_TYPE, workbook
from domain.actor import Role
from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import report_of
from domain.summary.figures import Summary
from domain.summary.lateness import late_letter, late_subject
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
        readers = acting(tenant, READERS)
        mailed = await mail_each(
            self._mail(tenant),
            [person for person in readers if person.id not in ask.have_it],
            _letters(summary, tenant, ask.key),
            f"summary {ask.report}",
        )
        leaders = {person.id for person in acting(tenant, (Role.SUPERVISOR,)) or readers}
        return SummaryReceipt(
            sent_to=mailed.sent_to, unreached=mailed.unreached, received=summary.received, improvements=len(summary.improvements),
            supervised=not leaders.isdisjoint({*mailed.sent_to, *ask.have_it}),
        )  # fmt: skip

    @activity.defn
    async def tell_late(self, ask: TellLate) -> LateTold:
        """Raises ApplicationError TenantMissing, PackMissing, or the error of a mail system that is away."""
        tenant = tenant_for(self._tenants, ask.tenant)
        report = _report(pinned_pack(ask.pack, ask.pack_digest), ask.report)

        def letter(person: Staff) -> Letter:
            """Raises ValidationError for a person without an address."""
            locale = person.locale or tenant.locale
            return Letter(
                key=f"{ask.key}/{person.id}",
                to=person.email or "",
                subject=f"{tenant.name.in_(locale)} | {late_subject(report, ask.period, locale)}",
                text=late_letter(report, ask.period, ask.due_on, locale),
                locale=locale,
            )

        managers = acting(tenant, (Role.MANAGER,)) or acting(tenant, (Role.GENERAL_MANAGER,))
        mailed = await mail_each(self._mail(tenant), managers, letter, f"late summary {ask.report}")
        return LateTold(sent_to=mailed.sent_to, unreached=mailed.unreached)


def _report(pack: Pack, id: str) -> ReportRule:
    try:
        return report_of(pack, id)
    except KeyError as error:
        raise no_row(pack, "report", id) from error


def _letters(summary: Summary, tenant: Tenant, key: str) -> Callable[[Staff], Letter]:
    """Each person's letter; page and workbook are made once a language, however many read it."""

    @cache
    def documents(locale: Locale) -> tuple[str, Attachment]:
        name = f"{summary.report}-{summary.period.from_on}.xlsx"
        return html(summary, locale), Attachment(name=name, media_type=MEDIA_TYPE, content=workbook(summary, locale))

    def letter(person: Staff) -> Letter:
        """Raises ValidationError for a person without an address."""
        locale = person.locale or tenant.locale
        subject = " ".join(f"{tenant.name.in_(locale)} | {heading(summary, locale)}".split())
        page, book = documents(locale)
        return Letter(
            key=f"{key}/{person.id}",
            to=person.email or "",
            subject=subject,
            text=in_words(summary, locale),
            html=page,
            attachments=(book,),
            locale=locale,
        )

    return letter
