"""Mail to many: each person once, however often the activity is tried, and nobody waits for another's address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, TypeVar

from pydantic import ValidationError
from temporalio import activity

from activities.errors import of_partner
from adapters.errors import PartnerError, PartnerRefused
from adapters.mail import Letter, Mail
from domain.actor import Role
from domain.calendar import calendar_of
from domain.tenant import Staff, Tenant


class Mailed(NamedTuple):
    """Staff ids. `unreached`: people without an address, or whose address is refused."""

    sent_to: tuple[str, ...]
    unreached: tuple[str, ...]


class _Reader(Protocol):
    @property
    def id(self) -> str: ...


_Someone = TypeVar("_Someone", bound=_Reader)


def acting(tenant: Tenant, roles: Iterable[Role]) -> tuple[Staff, ...]:
    """Each person of the roles once: the present ones and the stand-ins of the absent ones."""
    today = calendar_of(tenant).local_date(datetime.now(UTC))
    people = (person for role in roles for person in tenant.acting(role, today) or tenant.staff_with(role))
    return tuple({person.id: person for person in people}.values())


async def mail_each(mail: Mail, people: Iterable[_Someone], letter: Callable[[_Someone], Letter], about: str) -> Mailed:
    """Send everybody their letter; who has got it is remembered over attempts by the activity's heartbeat.

    `letter` may raise ValidationError for a person without an address. Raises the error of a mail system that is away, once all
    others have theirs.
    """
    sent = [str(person) for person in activity.info().heartbeat_details]
    unreached: list[str] = []
    waiting: PartnerError | None = None
    for person in people:
        if person.id in sent:
            continue
        try:
            await mail.send(letter(person))
        except (PartnerRefused, ValidationError) as error:
            # Told without the address.
            activity.logger.warning("%s did not reach %s: %s", about, person.id, type(error).__name__)
            unreached.append(person.id)
        except PartnerError as error:
            waiting = error
        else:
            sent.append(person.id)
            activity.heartbeat(*sent)
    if waiting is not None:
        raise of_partner(waiting) from waiting
    return Mailed(tuple(sent), tuple(unreached))
