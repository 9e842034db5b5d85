"""Tenants as files: `tenants/<id>.toml`, read again when they change, for calendars change while complaints live."""

from __future__ import annotations

from pathlib import Path

from domain.tenant import Tenant
from domain.tenant_file import Fault, TenantInvalid, parse_tenant

_Stamp = tuple[int, int]


class TenantUnknown(LookupError):
    """No file describes this tenant. The message is English, `zh` the same in Chinese."""

    def __init__(self, tenant: str) -> None:
        super().__init__(f'tenant "{tenant}" is not known; its file tenants/{tenant}.toml is missing')
        self.tenant = tenant
        self.zh = f"未知的租户“{tenant}”；缺少文件 tenants/{tenant}.toml"


def load_tenants(directory: Path) -> dict[str, Tenant]:
    """All tenants of a folder by id. Raises TenantInvalid with the faults of all files."""
    tenants: dict[str, Tenant] = {}
    faults: list[tuple[str, tuple[Fault, ...]]] = []
    for file in sorted(directory.glob("*.toml")):
        try:
            tenants[file.stem] = _read(file)
        except TenantInvalid as error:
            faults.append((error.source, error.faults))
    if faults:
        # One source names the message; the other files' faults carry their own name in the key.
        source = faults[0][0]
        told = [Fault(f.key if s == source else f"{s}: {f.key}", f.line, f.en, f.zh) for s, each in faults for f in each]
        raise TenantInvalid(source, tuple(told))
    return tenants


class TenantShelf:
    """The tenants of a folder, each file read again when its time or size changed. Cheap enough to ask for every deadline."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[str, tuple[_Stamp, Tenant]] = {}

    def get(self, tenant: str) -> Tenant:
        """The tenant as its file says now.

        A file that was changed into an invalid one raises TenantInvalid: silently going on with the old one would hide it.
        Raises TenantUnknown when there is no such file.
        """
        file = self._directory / f"{tenant}.toml"
        if Path(tenant).name != tenant:  # an id from outside must not walk through folders
            raise TenantUnknown(tenant)
        try:
            status = file.stat()
        except (OSError, ValueError) as error:  # a NUL in an id is a ValueError
            raise TenantUnknown(tenant) from error
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(tenant)
        if known is None or known[0] != stamp:
            known = self._read[tenant] = (stamp, _read(file))
        return known[1]

    def all(self) -> dict[str, Tenant]:
        """All tenants of the folder by id, in the order of their ids."""
        return {tenant: self.get(tenant) for tenant in self.ids()}

    def ids(self) -> tuple[str, ...]:
        """Of all tenants of the folder, also of those whose file is broken."""
        return tuple(file.stem for file in sorted(self._directory.glob("*.toml")))


def _read(file: Path) -> Tenant:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TenantInvalid(str(file), (Fault("file", None, "is not UTF-8 text", "不是 UTF-8 文本"),)) from error
    tenant = parse_tenant(text, str(file))
    if tenant.id != file.stem:
        en = f'is "{tenant.id}", but the file is called {file.name}; both must be the same'
        raise TenantInvalid(str(file), (Fault("id", None, en, f"为“{tenant.id}”，与文件名 {file.name} 不一致"),))
    return tenant
