"""Erasing a customer: nothing open, histories deleted, keys destroyed, the read model rewritten and all put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.door import Desk
from desk.erasing import forget, keyring_of, still_running
from desk.ids import ComplaintName
from storage.erasures import Erasure, Erasures


class NothingKnown(Exception):
    """No complaint of this customer is here, and none ever was erased."""


class StillOpen(Exception):
    """`ids`: complaints that have to be closed first."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = tuple(ids)


class NotTheirs(Exception):
    """`ids`: complaints that were named beside the customer and are another's, or nobody's."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = tuple(ids)


@dataclass(frozen=True)
class Outcome:
    """`again`: there was nothing left to erase, and this is what was done before. `histories`: deleted now."""

    erasure: Erasure
    histories: int
    again: bool


async def erase_customer(
    desk: Desk, records: Erasures, tenant: str, customer_id: str, more: Sequence[str], by: str, reason: str
) -> Outcome:
    """Erase all complaints of a customer, and those of `more` that were filed without a customer id.

    The database is written last: whatever fails before, the same request again finds the same complaints and does it all.
    Raises NothingKnown, StillOpen, NotTheirs, the desk's errors, SQLAlchemyError or OSError when the database is away.
    """
    customer = keyring_of(desk.client).pseudonym(f"{tenant}/{customer_id}")
    found = await records.complaints_of(tenant, customer_id, more)
    known = {each.complaint_id: each for each in found}
    earlier = await records.latest(tenant, customer)
    done = set(earlier.complaints) if earlier else set()
    wrong = [id for id in more if id not in done and (id not in known or known[id].customer_id not in (None, customer_id))]
    if wrong:
        raise NotTheirs(wrong)
    left = [id for id, each in known.items() if id not in done or each.customer_id == customer_id]
    if not left:
        if earlier is None:
            raise NothingKnown(customer_id)
        return Outcome(earlier, 0, again=True)
    names = [ComplaintName(tenant, id) for id in left]
    open_ones = [id for id in left if known[id].open] or await still_running(desk.client, names)
    if open_ones:
        raise StillOpen(open_ones)
    histories = await forget(desk.client, names)
    return Outcome(await records.erase(tenant, customer, left, by, reason), histories, again=False)
