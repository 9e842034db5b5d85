"""Summaries: read from the database, told in each reader's language, mailed to supervisors and managers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

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
# Before the id of a department: people and departments may have the same.
_DEPARTMENT = "department/"


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
            report = _report(pack, ask.report)
            summary = await self._reader.make(ask.tenant, pack, report, ask.period, tenant)
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from error
        people = acting(tenant, READERS)
        readers = [*(_person(each, tenant) for each in people), *_departments(report, summary, tenant)]
        mailed = await mail_each(
            self._mail(tenant),
            [reader for reader in readers if reader.id not in ask.have_it],
            _letters(summary, tenant, ask.key),
            f"summary {ask.report}",
        )
        has_it = {*mailed.sent_to, *ask.have_it}
        leaders = {person.id for person in acting(tenant, (Role.SUPERVISOR,)) or people}
        return SummaryReceipt(
            sent_to=tuple(each for each in mailed.sent_to if not each.startswith(_DEPARTMENT)),
            departments=tuple(each for each in mailed.sent_to if each.startswith(_DEPARTMENT)),
            unreached=mailed.unreached,
            received=summary.received,
            improvements=len(summary.improvements),
            supervised=not leaders.isdisjoint(has_it),
        )

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


class _Reader(NamedTuple):
    """Who gets it. A department gets it without who of the staff did what, and without who the customers are."""

    id: str
    email: str | None
    locale: Locale
    whole: bool


def _person(person: Staff, tenant: Tenant) -> _Reader:
    return _Reader(person.id, person.email, person.locale or tenant.locale, whole=True)


def _departments(report: ReportRule, summary: Summary, tenant: Tenant) -> list[_Reader]:
    """Those of the row, and where something recurs those that hear of it. One that the company does not have is unreached."""
    named = dict.fromkeys((*report.departments, *(report.recurring_to if summary.recurring else ())))
    addresses = {each.id: each.email for each in tenant.departments}
    return [_Reader(f"{_DEPARTMENT}{each}", addresses.get(each), tenant.locale, whole=False) for each in named]


def _letters(summary: Summary, tenant: Tenant, key: str) -> Callable[[_Reader], Letter]:
    """Each reader's letter; page and workbook are made once a language, however many read it."""
    without_people = summary.for_departments()

    @cache
    def documents(locale: Locale, whole: bool) -> tuple[str, str, Attachment]:
        told = summary if whole else without_people
        name = f"{told.report}-{told.period.from_on}.xlsx"
        book = Attachment(name=name, media_type=MEDIA_TYPE, content=workbook(told, locale))
        return in_words(told, locale), html(told, locale), book

    def letter(reader: _Reader) -> Letter:
        """Raises ValidationError for a reader without an address."""
        subject = " ".join(f"{tenant.name.in_(reader.locale)} | {heading(summary, reader.locale)}".split())
        text, page, book = documents(reader.locale, reader.whole)
        return Letter(
            key=f"{key}/{reader.id}",
            to=reader.email or "",
            subject=subject,
            text=text,
            html=page,
            attachments=(book,),
            locale=reader.locale,
        )

    return letter
