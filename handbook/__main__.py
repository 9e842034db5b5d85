"""`python -m handbook`: checks a pack, shows it as a document, compares two versions, writes the table of clauses."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from domain.order import Locale
from domain.policy.advisories import advisories
from domain.policy.errors import PackInvalid
from domain.policy.pack import Pack
from handbook.changes import changes
from handbook.coverage import proofs, table
from handbook.page import page
from settings.language import reads_chinese, text
from storage.packs import load_packs

app = typer.Typer(add_completion=False, no_args_is_help=True, help=text("Policy packs as documents.", "以文档方式查看制度包。"))
_HERE = Path("policies")
_DIRECTORY = typer.Option("--policies", help=text("Folder with the packs.", "制度包目录。"))


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


def _load(directory: Path) -> list[Pack]:
    try:
        return load_packs(directory)
    except PackInvalid as error:
        for problem in error.problems:
            typer.echo(problem.in_chinese() if reads_chinese() else str(problem), err=True)
        raise typer.Exit(1) from error


def _find(packs: list[Pack], ref: str) -> Pack:
    for pack in packs:
        if pack.ref == ref:
            return pack
    known = ", ".join(pack.ref for pack in packs)
    typer.echo(text(f"There is no pack {ref}; there are: {known}", f"没有制度包 {ref}；现有：{known}"), err=True)
    raise typer.Exit(1)


def _locale(language: Language | None) -> Locale:
    if language is None:
        return "zh-CN" if reads_chinese() else "en"
    return "zh-CN" if language is Language.CHINESE else "en"


@app.command(help=text("Reads every pack; says what is wrong, with file and line.", "检查所有制度包，按文件和行号指出问题。"))
def check(policies: Annotated[Path, _DIRECTORY] = _HERE) -> None:
    for pack in _load(policies):
        rows = len(pack.deadline) + len(pack.remedy) + len(pack.notice) + len(pack.approval)
        typer.echo(
            text(
                f"{pack.ref}: {len(pack.clause)} clauses, {len(pack.category)} categories, {rows} rules ({pack.digest[:12]})",
                f"{pack.ref}：{len(pack.clause)} 条条款，{len(pack.category)} 个类别，{rows} 条规则（{pack.digest[:12]}）",
            )
        )
        for advisory in advisories(pack):
            typer.echo(text(f"{pack.ref}: warning: {advisory.en}", f"{pack.ref}：提醒：{advisory.zh}"), err=True)


@app.command(help=text("Shows a pack as a document.", "以文档方式显示制度包。"))
def show(
    ref: Annotated[str, typer.Argument(help=text("Such as home@2026-11.", "例如 home@2026-11。"))],
    language: Annotated[Language | None, typer.Option(help=text("zh or en.", "zh 或 en。"))] = None,
    policies: Annotated[Path, _DIRECTORY] = _HERE,
) -> None:
    document = page(_find(_load(policies), ref), _locale(language))
    # A person at a terminal sees it laid out; a file or a pipe gets the Markdown itself.
    if sys.stdout.isatty():
        Console().print(Markdown(document))
    else:
        typer.echo(document)


@app.command(help=text("Says what two versions change.", "比较两个版本的差异。"))
def compare(
    before: Annotated[str, typer.Argument(help=text("The earlier version.", "旧版本。"))],
    after: Annotated[str, typer.Argument(help=text("The later version.", "新版本。"))],
    language: Annotated[Language | None, typer.Option(help=text("zh or en.", "zh 或 en。"))] = None,
    policies: Annotated[Path, _DIRECTORY] = _HERE,
) -> None:
    packs = _load(policies)
    locale = _locale(language)
    found = changes(_find(packs, before), _find(packs, after), locale)
    if not found:
        typer.echo("两个版本的规则相同。" if locale == "zh-CN" else "Both say the same.")
    signs = {"added": "+", "removed": "-", "changed": "~"}
    for change in found:
        typer.echo(f"{signs[change.kind]} [{change.table}] {change.row}  {change.title}")
        for path, old, new in change.fields:
            typer.echo(f"    {path}: {old} → {new}")


@app.command(help=text("Writes the table of clauses, rows and tests.", "生成条款、条目与测试的对照表。"))
def clauses(
    out: Annotated[Path, typer.Option(help=text("The file.", "输出文件。"))] = Path("docs/clauses.md"),
    tests: Annotated[Path, typer.Option(help=text("The tests.", "测试目录。"))] = Path("tests"),
    policies: Annotated[Path, _DIRECTORY] = _HERE,
) -> None:
    packs = _load(policies)
    out.write_text(table(packs, proofs(tests, {pack.name for pack in packs})), encoding="utf-8")
    typer.echo(str(out))


if __name__ == "__main__":
    app()
