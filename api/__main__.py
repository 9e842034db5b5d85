"""`python -m api` serves; `python -m api token` prints an access token for development, `python -m api key` makes API keys."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta
from typing import Annotated

import structlog
import typer
import uvicorn

from api.app import create_app
from api.edge import name_request
from api.erase_command import erase_customer_now
from api.key_commands import keys
from api.local_issuer import mint
from api.wire import BoundedRequests
from domain.actor import Actor, Role
from sealing.errors import KeysUnusable
from settings import Settings, get_settings
from settings.language import text
from storage.database import database_of
from storage.start import CannotStart, check_files, check_tables
from telemetry.process import begin

_OWN_MACHINE = ("127.0.0.1", "::1", "localhost")

app = typer.Typer(add_completion=False, help=text("The HTTP API of Redress.", "Redress 的 HTTP 接口。"))


@app.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    settings = _with_key()
    begin(settings, name_request)
    if not settings.oidc_issuer and settings.api_host not in _OWN_MACHINE:
        # For more than development: whoever has the token key makes tokens for anybody.
        structlog.get_logger("api").warning("own_tokens_count", host=settings.api_host, better="REDRESS_OIDC_ISSUER")
    if settings.codec_key and settings.api_host not in _OWN_MACHINE:
        # Whoever has that one key reads the complaints of every tenant, and it stands in an address.
        structlog.get_logger("api").warning("codec_key_counts", host=settings.api_host, better="TEMPORAL_CODEC_PASS_ACCESS_TOKEN")
    try:
        check_files(settings)
        application = create_app(settings)
        asyncio.run(_check_tables(settings))
    except (KeysUnusable, CannotStart) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    # The server passes the signal on to whoever was there before it, and nobody would end the process by the signal itself.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        application, host=settings.api_host, port=settings.api_port, loop="uvloop", http=BoundedRequests,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies, server_header=False,
        access_log=False, log_config=None, timeout_graceful_shutdown=15, timeout_keep_alive=75,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.run()
    raise typer.Exit(0 if server.started else 1)


@app.command(help=text("Prints an access token for development.", "打印用于开发的访问令牌。"))
def token(
    role: Annotated[list[Role], typer.Option(help=text("May be given several times.", "可多次指定。"))],
    tenant: Annotated[str, typer.Option(help=text("Id of the company.", "租户编号。"))],
    id: Annotated[str, typer.Option(help=text("Id of the person or program.", "人员或程序的编号。"))] = "dev",
    complaint: Annotated[
        str | None, typer.Option(help=text("For a customer: the complaint it is for.", "客户令牌：所限定的投诉。"))
    ] = None,
    hours: Annotated[float, typer.Option(min=0.001, max=24 * 366, help=text("How long it holds.", "有效小时数。"))] = 12,
) -> None:
    if get_settings().oidc_issuer:
        issuer = get_settings().oidc_issuer
        typer.echo(
            text(f"Tokens come from {issuer} (REDRESS_OIDC_ISSUER).", f"令牌由 {issuer} 颁发（REDRESS_OIDC_ISSUER）。"), err=True
        )
        raise typer.Exit(1)
    try:
        made = mint(_with_key().token_key, Actor(id=id, roles=tuple(role)), tenant, timedelta(hours=hours), complaint)
    except ValueError as error:
        raise typer.BadParameter(
            text(
                "A customer's token is for one complaint, and nobody else's is: add --complaint, or leave it out.",
                "只有客户令牌限于一件投诉：请加上 --complaint，其他角色请去掉。",
            )
        ) from error
    typer.echo(made)


app.command("erase-customer", help=text("Erases a customer, for good.", "永久删除一位客户的个人信息。"))(erase_customer_now)


app.add_typer(keys, name="key")


async def _check_tables(settings: Settings) -> None:
    database = database_of(settings, "redress-api")
    try:
        await check_tables(database)
    finally:
        await database.close()


def _with_key() -> Settings:
    settings = get_settings()
    if not settings.token_key and not settings.oidc_issuer:
        typer.echo(
            text(
                "REDRESS_TOKEN_KEY is not set and var/dev.key is missing: set it, or run make up once.",
                "未设置 REDRESS_TOKEN_KEY，也没有 var/dev.key：请设置，或先运行一次 make up。",
            ),
            err=True,
        )
        raise typer.Exit(1)
    return settings


if __name__ == "__main__":
    app()
