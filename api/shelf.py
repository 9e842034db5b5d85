"""What this process knows of companies and procedures, in memory: a complaint is filed without reading any database."""

from __future__ import annotations

from collections.abc import Iterable

from api.problems import NOT_FOUND, PACK_MISSING, UNKNOWN_TENANT, Problem
from desk.opening import Terms
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.tenant import Tenant
from domain.tenant_file import TenantInvalid
from storage.tenants import TenantShelf, TenantUnknown


class Shelf:
    """Packs as they were at start (a released one never changes), companies as their files are now."""

    def __init__(self, packs: Iterable[Pack], tenants: TenantShelf) -> None:
        self._packs = {pack.ref: pack for pack in packs}
        self._tenants = tenants

    def tenant(self, tenant: str) -> Tenant:
        """Raises the problem `unknown_tenant`."""
        try:
            return self._tenants.get(tenant)
        except TenantUnknown as error:
            zh, en = f"本系统没有租户“{tenant}”，请更换令牌", f"no tenant {tenant!r} is known here; use a token of another tenant"
            raise Problem(UNKNOWN_TENANT, zh, en) from error

    def departments(self, tenant: str) -> dict[str, Wording]:
        """What the company calls its departments, by id; nothing while its file is gone or broken: a story is told without."""
        try:
            return {each.id: Wording(zh=each.name.zh, en=each.name.en) for each in self._tenants.get(tenant).departments}
        except (TenantUnknown, TenantInvalid):
            return {}

    def tenants(self) -> tuple[str, ...]:
        """Ids of all companies. Raises TenantInvalid for a broken file."""
        return tuple(self._tenants.all())

    def terms(self, tenant: str) -> Terms:
        """What a complaint of this company is opened under now. Raises `unknown_tenant`, `pack_missing`."""
        company = self.tenant(tenant)
        return Terms(company, self._pack(company.pack))

    def packs(self, tenant: str) -> tuple[Pack, ...]:
        """The packs that complaints of this company may be opened under. Raises `unknown_tenant`, `pack_missing`."""
        company = self.tenant(tenant)
        return tuple(self._pack(ref) for ref in (company.pack, *company.variants))

    def pack(self, tenant: str, ref: str) -> Pack:
        """One version of a procedure of this company, old ones too. Raises `unknown_tenant`, `not_found`."""
        names = {pack.name for pack in self.packs(tenant)}
        pack = self._packs.get(ref)
        if pack is None or pack.name not in names:
            raise Problem(NOT_FOUND, f"没有制度包“{ref}”", f"there is no policy pack {ref!r}")
        return pack

    def pinned(self, ref: str, digest: str) -> Pack | None:
        """Exactly the pack that a complaint was opened under; None when this process has another one or none."""
        pack = self._packs.get(ref)
        return pack if pack is not None and pack.digest == digest else None

    def needed(self, ref: str, digest: str) -> Pack:
        """As `pinned`, for what nobody knows without it. Raises `pack_missing`."""
        pack = self.pinned(ref, digest)
        if pack is None:
            raise _not_here(ref)
        return pack

    def missing(self) -> tuple[str, ...]:
        """Why intake cannot work for some company; empty when it can for all. Raises TenantInvalid for a broken file."""
        companies = self._tenants.all().values()
        if not companies:
            return ("no tenant",)
        return tuple(f"{each.id}: {ref}" for each in companies for ref in (each.pack, *each.variants) if ref not in self._packs)

    def _pack(self, ref: str) -> Pack:
        try:
            return self._packs[ref]
        except KeyError:
            raise _not_here(ref) from None


def _not_here(ref: str) -> Problem:
    return Problem(PACK_MISSING, f"缺少制度包 {ref}，请联系管理员", f"the pack {ref} is not here; tell an administrator")
