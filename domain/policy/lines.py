"""Where in a TOML text each key stands, for `tomllib` does not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\s]+?)\s*\]\]?\s*(?:#.*)?$")
Path = tuple[str | int, ...]


class Lines:
    """Line numbers (from 1) by path, such as `("remedy", 3, "step", 0, "percent")`, of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        statement: list[str] = []
        began = 0
        for number, line in enumerate(text.splitlines(), start=1):
            if not statement:
                if not line.strip() or line.lstrip().startswith("#"):
                    continue
                header = _HEADER.match(line)
                if header:
                    table = self._table(header[2].split("."), many=header[1] == "[[")
                    self._at.setdefault(table, number)
                    continue
                began = number
            statement.append(line)
            try:
                # A statement ends where it parses by itself: the one rule that also holds for lists and texts over many lines.
                said = tomllib.loads("\n".join(statement))
            except tomllib.TOMLDecodeError:
                continue
            statement = []
            for path in _paths(said):
                self._at.setdefault(table + path, began)

    def of(self, path: Sequence[str | int]) -> int:
        """The line of the path, or of the nearest thing around it that has one."""
        key = tuple(path)
        while key not in self._at:
            key = key[:-1]
        return self._at[key]

    def _table(self, names: list[str], many: bool) -> Path:
        path: Path = ()
        for place, name in enumerate(names):
            path = (*path, name.strip())
            last = place == len(names) - 1
            if last and many:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _paths(inner, (*path, place))
