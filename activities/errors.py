"""What activities raise: errors that workflows and operators know by their type, with one line that says what is wrong.

Only what can never succeed is non-retryable; everything else is tried again until it does.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from temporalio.exceptions import ApplicationError

from adapters.errors import OutcomeUnknown, PartnerError, PartnerRefused, PartnerUnavailable
from domain.policy.errors import PackMissing
from domain.policy.pack import Pack
from domain.policy.registry import pack_for
from domain.tenant import Tenant
from domain.tenant_file import TenantInvalid
from storage.tenants import TenantShelf, TenantUnknown

_LONGEST_WAIT = timedelta(minutes=30)
_REFUSALS = (DataError, IntegrityError, ProgrammingError)


def tenant_for(shelf: TenantShelf, tenant: str) -> Tenant:
    """The tenant as it is now. Raises ApplicationError TenantMissing, to be tried again: somebody has to mend the file."""
    try:
        return shelf.get(tenant)
    except (TenantUnknown, TenantInvalid) as error:
        raise ApplicationError(str(error), tenant, type="TenantMissing") from error


def pinned_pack(ref: str, digest: str) -> Pack:
    """Exactly this pack. Raises ApplicationError PackMissing, to be tried again: another worker may hold it."""
    try:
        return pack_for(ref, digest)
    except PackMissing as error:
        raise ApplicationError(str(error), ref, digest, type="PackMissing") from error


def no_row(pack: Pack, what: str, name: str) -> ApplicationError:
    """The pack is there and has no such row: the workflow was made for another one."""
    return ApplicationError(f"{pack.ref} has no {what} {name}", pack.ref, name, type="PackMissing")


def database_away(error: SQLAlchemyError | OSError) -> ApplicationError:
    """In the driver's words: SQLAlchemy's own message holds the statement, which is of no use in a history.

    Their first line only: PostgreSQL's DETAIL behind it shows the row, which holds what a customer wrote.
    """
    reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
    if isinstance(error, _REFUSALS):
        # There, and it will not take what is written: a fault of ours that waits for a new version, in the sight of operators.
        return ApplicationError(f"the database refuses it: {reason}", type="DatabaseRefused")
    return ApplicationError(f"the database is away: {reason}", type="DatabaseAway")


def _bounded(wait: timedelta | None) -> timedelta | None:
    """A partner's wish, within reason: a wrong date must not make a payment wait for a year."""
    return min(wait, _LONGEST_WAIT) if wait is not None else None


def of_partner(error: PartnerError) -> ApplicationError:
    """The error of an adapter as Temporal knows it. A refusal is final and carries (code, detail)."""
    match error:
        case PartnerRefused():
            return ApplicationError(str(error), error.code, error.detail, type="PartnerRefused", non_retryable=True)
        case PartnerUnavailable():
            return ApplicationError(str(error), type="PartnerUnavailable", next_retry_delay=_bounded(error.retry_after))
        case OutcomeUnknown():
            return ApplicationError(str(error), type="OutcomeUnknown", next_retry_delay=_bounded(error.retry_after))
    return ApplicationError(str(error), type="PartnerError")
