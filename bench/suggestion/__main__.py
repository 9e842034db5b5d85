"""`python -m bench.suggestion FILE.csv`: the grocery pack's hints against 470 rows of a file of complaints that a person read.

`labels.csv` names rows by their number in that file, with every category the reader would have accepted; the file itself is not
ours to keep. The hints were written with the rows of the first two sets in view; the third was read afterwards, measured (see
docs/suggestion.md), and only then used to mend the hints.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

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


def main(
    texts: Annotated[Path, typer.Argument(help="A CSV file with a column `text`, the one that the labels were made for.")],
    pack: Annotated[str, typer.Option(help="The pack whose hints are measured.")] = "grocery@2026-11",
    policies: Annotated[Path, typer.Option(help="Folder with the packs.")] = Path("policies"),
) -> None:
    for name, found in measure(texts, pack, policies).items():
        made = found["right"] + found["wrong"]
        typer.echo(
            f"{name:7} {sum(found.values())} rows: {made} suggestions, {found['right']} right, {found['wrong']} wrong;"
            f" {found['missed']} missed, {found['silent']} rightly none"
        )


if __name__ == "__main__":
    typer.run(main)
