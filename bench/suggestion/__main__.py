"""`python -m bench.suggestion measure FILE.csv`: the grocery pack's hints against 470 rows of a file that a person read;
`python -m bench.suggestion file FILE.csv`: all its rows filed through the API, and read back.

`labels.csv` names rows by their number in that file, with every category the reader would have accepted; the file itself is not
ours to keep. The hints were written with the rows of the first two sets in view; the third was read afterwards, measured (see
docs/suggestion.md), and only then used to mend the hints.
"""

from __future__ import annotations

import asyncio
import csv
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bench.suggestion.filing import file_texts
from domain.suggestion import suggest
from storage.packs import load_packs

_LABELS = Path(__file__).parent / "labels.csv"
_NONE = "none"


def measure(texts: Path, ref: str, policies: Path) -> dict[str, Counter[str]]:
    """Per set: *right*, *wrong* (another category than any accepted), *missed* (nothing, where something was right), *silent*."""
    pack = next(pack for pack in load_packs(policies) if pack.ref == ref)
    with texts.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row["text"] for row in csv.DictReader(lines)]
    counted: dict[str, Counter[str]] = {}
    with _LABELS.open(encoding="utf-8", newline="") as lines:
        for label in csv.DictReader(lines):
            accepted = set(label["categories"].split())
            found = suggest(pack, rows[int(label["row"])])
            said = found[0].category if found else _NONE
            result = ("silent" if said == _NONE else "right") if said in accepted else ("missed" if said == _NONE else "wrong")
            counted.setdefault(label["set"], Counter())[result] += 1
    return counted


app = typer.Typer(add_completion=False, help="Suggestions of a category, measured on real texts.")
Texts = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with a column `text`.")]
PackRef = Annotated[str, typer.Option("--pack", help="The pack whose hints are measured.")]
Policies = Annotated[Path, typer.Option(help="Folder with the packs.")]
_GROCERY, _FOLDER = "grocery@2026-11", Path("policies")


@app.command("measure", help="Against labelled rows: the file must be the one that the labels were made for.")
def measure_hints(texts: Texts, pack: PackRef = _GROCERY, policies: Policies = _FOLDER) -> None:
    for name, found in measure(texts, pack, policies).items():
        made = found["right"] + found["wrong"]
        typer.echo(
            f"{name:7} {sum(found.values())} rows: {made} suggestions, {found['right']} right, {found['wrong']} wrong;"
            f" {found['missed']} missed, {found['silent']} rightly none"
        )


@app.command(
    "file", help="File every row through the API as its words suggest; exit code 1 when one is lost, changed or doubled."
)
def file_all(
    texts: Texts,
    pack: PackRef = _GROCERY,
    policies: Policies = _FOLDER,
    tenant: Annotated[str, typer.Option(help="The company that they are filed with.")] = "grocery-demo",
    like: Annotated[str, typer.Option(help="The sample order that each row gets a copy of.")] = "GR-2026-0001",
    otherwise: Annotated[str, typer.Option(help="The category of texts that nothing is suggested for.")] = "quality_or_shortage",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
) -> None:
    found = asyncio.run(file_texts(texts, pack, tenant, like, otherwise, policies, limit))
    typer.echo(
        f"{found.texts:,} texts: {found.filed:,} filed ({found.cleaned} without their control characters), "
        f"{found.again:,} sent again and known, {len(found.refused)} refused; "
        f"{len(found.lost)} lost, {len(found.changed)} changed, {found.doubled} doubled; "
        f"filed in {found.seconds:.0f} s, all in the journal after {found.written_seconds:.0f} s"
    )
    for category, count in found.suggested.most_common():
        typer.echo(f"  {category:22} {count:6,}")
    for row, code in found.refused:
        typer.echo(f"  row {row} was refused: {code}")
    if found.lost or found.changed or found.doubled:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
