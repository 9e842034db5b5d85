"""What must be right in the folders of packs and companies before a program starts with them."""

from __future__ import annotations

import structlog

from domain.policy.errors import PackInvalid
from domain.tenant_file import TenantInvalid
from settings import Settings
from settings.language import reads_chinese, text
from storage.database import Database, DatabaseNotReady, TablesTooOld
from storage.packs import load_packs
from storage.tenants import load_tenants

_log = structlog.get_logger("redress.database")


class CannotStart(Exception):
    """A file must be put right first. The message has one line for each fault, in the language of who reads the terminal."""


async def check_tables(database: Database) -> None:
    """No migration is missing. Away is another matter: it may come, and programs start without. Raises CannotStart."""
    try:
        await database.check()
    except TablesTooOld as error:
        raise CannotStart(str(error)) from error
    except DatabaseNotReady as error:
        _log.warning(str(error))


def check_files(settings: Settings) -> None:
    """Every pack and every company's file can be used, and each company's packs are there. Raises CannotStart."""
    try:
        packs = {pack.ref for pack in load_packs(settings.policies_dir)}
    except PackInvalid as error:
        told = [problem.in_chinese() if reads_chinese() else str(problem) for problem in error.problems]
        raise CannotStart("\n".join(told)) from error
    try:
        tenants = load_tenants(settings.tenants_dir)
    except TenantInvalid as error:
        raise CannotStart("\n".join(error.in_words(text("en", "zh")))) from error
    if not tenants:
        raise CannotStart(
            text(
                f"{settings.tenants_dir}: no company's file here, expected <id>.toml",
                f"{settings.tenants_dir}：此处没有租户文件，应有 <编号>.toml",
            )
        )
    missing = [(id, ref) for id, each in tenants.items() for ref in (each.pack, *each.variants) if ref not in packs]
    if missing:
        folder = settings.tenants_dir
        told = [
            text(
                f"{folder}/{id}.toml: names the pack {ref}, which {settings.policies_dir} does not hold",
                f"{folder}/{id}.toml：所用的制度包 {ref} 不在 {settings.policies_dir} 中",
            )
            for id, ref in missing
        ]
        raise CannotStart("\n".join(told))
