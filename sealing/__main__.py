"""`python -m sealing make | rotate | keys | retire ID`: the key file of the personal data in Temporal."""

from __future__ import annotations

from typing import Annotated

import typer

from sealing import key_file
from sealing.errors import KeysUnusable
from settings import get_settings
from settings.language import text

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=text("The keys of the personal data in Temporal.", "Temporal 中个人信息的加密密钥。"),
)


@app.command(help=text("Makes the key file, unless there is one.", "生成密钥文件（已存在则不变）。"))
def make() -> None:
    file = get_settings().data_keys_file
    try:
        key_file.make(file)
    except FileExistsError:
        _end(f"{file} is there already and stays as it is.", f"{file} 已存在，保持不变。")
    except OSError as error:
        _end(f"{file} cannot be written: {error.strerror}.", f"无法写入 {file}：{error.strerror}。")
    typer.echo(text(f"Made {file}. Keep a copy apart from the data.", f"已生成 {file}。请与数据分开备份。"))


@app.command(help=text("Adds a key that seals from now on; old ones still open.", "新增密钥用于此后加密；旧密钥仍可解密。"))
def rotate() -> None:
    file = get_settings().data_keys_file
    try:
        id = key_file.rotate(file)
    except KeysUnusable as error:
        _end(str(error), str(error))
    except OSError as error:
        _end(f"{file} cannot be written: {error.strerror}.", f"无法写入 {file}：{error.strerror}。")
    typer.echo(text(f"Key {id} seals from now on.", f"此后使用密钥 {id} 加密。"))


@app.command(help=text("Lists the keys, the one that seals last.", "列出密钥，最后一个用于加密。"))
def keys() -> None:
    try:
        for key in key_file.read(get_settings().data_keys_file).keys:
            typer.echo(f"{key.id}  {key.made_at:%Y-%m-%d %H:%M} UTC")
    except KeysUnusable as error:
        _end(str(error), str(error))


@app.command(
    help=text(
        "Destroys a key and with it all that it sealed; for keys older than every history and backup.",
        "销毁密钥及其加密的全部内容；仅用于早于所有历史和备份的密钥。",
    )
)
def retire(id: Annotated[str, typer.Argument(help=text("Id of the key.", "密钥编号。"))]) -> None:
    file = get_settings().data_keys_file
    try:
        key_file.retire(file, id)
    except KeysUnusable as error:
        _end(str(error), str(error))
    except ValueError:
        _end(f"{id} is no key that can be retired: see python -m sealing keys.", f"不能停用 {id}：见 python -m sealing keys。")
    except OSError as error:
        _end(f"{file} cannot be written: {error.strerror}.", f"无法写入 {file}：{error.strerror}。")
    typer.echo(text(f"Key {id} is destroyed.", f"密钥 {id} 已销毁。"))


def _end(en: str, zh: str) -> None:
    typer.echo(text(en, zh), err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
