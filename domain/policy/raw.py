"""The rows of a pack as its file says them, before they are models: what a slip in one row must not hide in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
# Where in the file, and what is wrong in both languages.
Found = tuple[Path, str, str]


@dataclass(frozen=True)
class Located:
    """A raw row of a table with its place in the file; what a variant inherits stands at its `extends`."""

    table: str
    row: dict[str, Any]
    path: Path

    @property
    def id(self) -> Any:
        return self.row.get("id", self.row.get("name"))


class Index:
    """What the rows declare, by name."""

    def __init__(self, rows: list[Located]) -> None:
        self.rows = rows
        self.groups = {row.row.get("group") for row in rows if row.table == "category"}
        self.departments = {row.row["department"] for row in rows if row.table == "route" and row.row.get("department")}
        self.facts = {row.id: row.row for row in rows if row.table == "fact" and isinstance(row.id, str)}

    def ids(self, table: str) -> dict[str, dict[str, Any]]:
        return {row.id: row.row for row in self.rows if row.table == table and isinstance(row.id, str)}
