"""`python -m api key make | list | revoke`: API keys, for whoever has the database at hand, such as the first of a new tenant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from settings import get_settings
from settings.language import text
from storage.database import DatabaseNotReady, database_of
from storage.keys import ApiKeys, Scope
from storage.pages import MAX_LIMIT
from storage.tenants import TenantShelf, TenantUnknown

T = TypeVar("T")
_BY = "command-line"
Tenant = Annotated[str, typer.Option(help=text("Id of the company.", "租户编号。"))]

keys = typer.Typer(no_args_is_help=True, help=text("API keys of machines.", "机器使用的 API 密钥。"))


@keys.command(help=text("Makes a key and prints it, once.", "生成密钥并显示一次。"))
def make(
    tenant: Tenant,
    name: Annotated[str, typer.Option(help=text("What it is for.", "用途。"))],
    scope: Annotated[list[Scope], typer.Option(help=text("May be given several times.", "可多次指定。"))],
    days: Annotated[
        int, typer.Option(min=0, max=3650, help=text("How long it holds; 0: until it is revoked.", "有效天数；0 表示直至撤销。"))
    ] = 365,
) -> None:
    _check_tenant(tenant)
    now = datetime.now(UTC)
    ends = now + timedelta(days=days) if days else None
    record, key = _with_keys(lambda kept: kept.make(tenant, name[:100], scope, _BY, now, ends))
    typer.echo(
        text(f"Key {record.key_id}. Keep what follows: it is shown once.", f"密钥 {record.key_id}。请保存下行内容，仅显示一次。"),
        err=True,
    )
    typer.echo(key)


@keys.command("list", help=text("Lists the newest 200 keys of a company.", "列出租户最近的 200 个密钥。"))
def list_keys(tenant: Tenant) -> None:
    for each in _with_keys(lambda kept: kept.list(tenant, limit=MAX_LIMIT)).rows:
        state = text("revoked", "已撤销") if each.revoked_at else f"{each.expires_at:%Y-%m-%d}" if each.expires_at else "-"
        used = f"{each.last_used_at:%Y-%m-%d %H:%M}" if each.last_used_at else text("never used", "未使用")
        typer.echo("\t".join((each.key_id, ",".join(each.scopes), state, used, each.created_by, each.name)))


@keys.command(help=text("Ends a key at once.", "立即撤销密钥。"))
def revoke(tenant: Tenant, key_id: Annotated[str, typer.Argument(help=text("Its public part.", "密钥的公开部分。"))]) -> None:
    if not _with_keys(lambda kept: kept.revoke(tenant, key_id, _BY, datetime.now(UTC))):
        typer.echo(text(f"{tenant} has no key {key_id}.", f"租户 {tenant} 没有密钥 {key_id}。"), err=True)
        raise typer.Exit(1)


def _check_tenant(tenant: str) -> None:
    try:
        TenantShelf(get_settings().tenants_dir).get(tenant)
    except TenantUnknown as error:
        typer.echo(text(str(error), error.zh), err=True)
        raise typer.Exit(1) from None


def _with_keys(work: Callable[[ApiKeys], Awaitable[T]]) -> T:
    async def run() -> T:
        database = database_of(get_settings(), "redress-cli")
        try:
            await database.check()
            return await work(ApiKeys(database))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except (DatabaseNotReady, SQLAlchemyError, OSError) as error:
        typer.echo(str(error).splitlines()[0], err=True)
        raise typer.Exit(1) from None
