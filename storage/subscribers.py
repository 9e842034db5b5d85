"""Who hears of new entries of the journal, from the companies' files as they are now."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from domain.case import Case
from domain.journal import Entry
from domain.tenant_file import TenantInvalid
from domain.webhooks import Announcement, Subscription, announcements
from storage.tenants import TenantShelf, TenantUnknown

_log = structlog.get_logger("redress.webhooks")


class Subscribers:
    """Asked within the journal's own transaction, so it never fails: a file that is broken at this moment counts as it was."""

    def __init__(self, tenants: TenantShelf) -> None:
        self._tenants = tenants
        self._known: dict[str, tuple[Subscription, ...]] = {}

    def __call__(self, entries: Sequence[Entry], case: Case) -> Sequence[Announcement]:
        try:
            self._known[case.tenant] = self._tenants.get(case.tenant).webhooks
        except (TenantInvalid, TenantUnknown) as error:
            _log.warning("subscriptions_as_before", tenant=case.tenant, error=type(error).__name__)
        return announcements(self._known.get(case.tenant, ()), entries, case)
