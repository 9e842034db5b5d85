"""The people of a tenant, played: each acts through the API with a token of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from demo.failure import DemoFailed
from domain.actor import Actor, Role
from domain.tenant import Tenant
from settings import Settings
from settings.language import text
from settings.signing import DEV_ISSUER, sign

_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class Person:
    """Somebody with the Authorization header that says who they are."""

    actor: Actor
    headers: dict[str, str]

    @property
    def id(self) -> str:
        return self.actor.id


class Cast:
    """Who works for a tenant, by its own file; its shop software; and its customers."""

    def __init__(self, settings: Settings, tenant: Tenant) -> None:
        self._key = settings.token_key
        self.tenant = tenant

    def shop(self) -> Person:
        """The software that files complaints."""
        return self._person("shop", Role.INTAKE)

    def customer(self, customer_id: str, complaint: str) -> Person:
        return self._person(customer_id, Role.CUSTOMER, complaint=complaint)

    def known(self, staff_id: str) -> Person:
        """Somebody of the staff. Raises DemoFailed when the file has nobody of that id."""
        for staff in self.tenant.staff:
            if staff.id == staff_id:
                return self._person(staff.id, *(Role(role) for role in staff.roles))
        raise DemoFailed(text(f"{self.tenant.id} has no {staff_id}.", f"{self.tenant.id} 没有人员 {staff_id}。"))

    def somebody(self, role: Role, *, but: Person | None = None) -> Person:
        """The first of a role, or the first other than one person, or whoever stands higher."""
        for wanted in (role, *_above(role)):
            for staff in self.tenant.staff_with(wanted):
                if but is None or staff.id != but.id:
                    return self.known(staff.id)
        raise DemoFailed(text(f"{self.tenant.id} has nobody who is a {role}.", f"{self.tenant.id} 没有 {role}。"))

    def _person(self, name: str, *roles: Role, complaint: str | None = None) -> Person:
        return Person(Actor(id=name, roles=roles), {"Authorization": f"Bearer {self._token(name, roles, complaint)}"})

    def _token(self, name: str, roles: tuple[Role, ...], complaint: str | None) -> str:
        """A token as the API's reference describes it; `python -m api token` prints the same."""
        now = int(time.time())
        claims = {"sub": name, "tenant": self.tenant.id, "roles": list(roles), "iat": now}
        claims |= {"exp": now + int(_LIFETIME.total_seconds()), **({"complaint": complaint} if complaint else {})}
        return sign(self._key, DEV_ISSUER, claims)


def _above(role: Role) -> tuple[Role, ...]:
    line = (Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)
    return line[line.index(role) + 1 :] if role in line else ()
