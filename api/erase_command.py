"""`python -m api erase-customer`: the same erasure as over HTTP, for who has no administrator's token at hand."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from api.erasing import NothingKnown, NotTheirs, Outcome, StillOpen, erase_customer
from api.erasure import receipt
from desk.client import connect
from desk.door import Desk
from desk.errors import DeskError, KeysNotWritable
from sealing.converter import sealing_converter
from sealing.errors import KeysUnusable
from settings import Settings, get_settings
from settings.language import text
from storage.database import DatabaseNotReady, database_of
from storage.erasures import Erasures


def erase_customer_now(
    tenant: Annotated[str, typer.Option(help=text("Id of the company.", "租户编号。"))],
    customer: Annotated[str, typer.Option(help=text("The shop's id of the customer.", "客户编号。"))],
    reason: Annotated[str, typer.Option(help=text("Why; it is kept, so no names.", "原因；将被保留，请勿填写姓名。"))],
    by: Annotated[str, typer.Option(help=text("Id of who does it.", "操作人编号。"))],
    complaint: Annotated[
        list[str] | None,
        typer.Option(
            help=text("One that was filed without the customer id; may be given several times.", "未填客户编号的投诉。")
        ),
    ] = None,
) -> None:
    try:
        done = asyncio.run(_erase(get_settings(), tenant, customer, tuple(complaint or ()), by, reason))
    except NothingKnown:
        _end("There is no complaint of this customer.", "没有此客户的投诉。")
    except StillOpen as error:
        _end(f"Close these complaints first, or have them withdrawn: {error}.", f"请先结案或撤回以下投诉：{error}。")
    except NotTheirs as error:
        _end(f"These do not exist or are another customer's: {error}.", f"不存在或属于其他客户：{error}。")
    except (KeysUnusable, DatabaseNotReady, OSError) as error:
        _end(str(error), str(error))
    except KeysNotWritable as error:
        _end(
            f"The key file cannot be rewritten, and nothing was erased: {error}.", f"密钥文件无法改写，未删除任何内容：{error}。"
        )
    except SQLAlchemyError:
        _end("The database broke off; the same command later does it all.", "数据库中断；稍后用同一命令重试。")
    except DeskError:
        _end("Temporal does not answer; the same command later does it all.", "Temporal 无响应；稍后用同一命令重试。")
    typer.echo(receipt(done).model_dump_json(indent=2))


async def _erase(settings: Settings, tenant: str, customer: str, more: tuple[str, ...], by: str, reason: str) -> Outcome:
    database = database_of(settings, "redress-erase")
    try:
        await database.check()
        client = await connect(settings, sealing_converter(settings.data_keys_file), [])
        return await erase_customer(Desk(client, settings.task_queue), Erasures(database), tenant, customer, more, by, reason)
    finally:
        await database.close()
        # Temporal's threads may crash a process that ends in their sight (sdk-python #300).
        await asyncio.sleep(0.3)


def _end(en: str, zh: str) -> None:
    typer.echo(text(en, zh), err=True)
    raise typer.Exit(1)
