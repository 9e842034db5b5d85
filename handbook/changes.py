"""What two versions of a procedure say differently, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from domain.order import Locale
from domain.policy.pack import SINGLE_TABLES, Pack, Rows, id_of


@dataclass(frozen=True)
class Change:
    """One row that came, went, or says something else; `fields` tell what, as (path, before, after)."""

    table: str
    row: str
    kind: Literal["added", "removed", "changed"]
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


def changes(before: Pack, after: Pack, locale: Locale) -> list[Change]:
    """Every difference in the order of the tables. Titles are in the reader's language."""
    return [*_channels(before, after), *_tables(before, after, locale), *_singles(before, after)]


def _channels(before: Pack, after: Pack) -> Iterator[Change]:
    if before.channels != after.channels:
        said = ("channels", ", ".join(before.channels) or "-", ", ".join(after.channels) or "-")
        yield Change("channels", "channels", "changed", "channels", (said,))


def _tables(before: Pack, after: Pack, locale: Locale) -> Iterator[Change]:
    for name, field in Rows.model_fields.items():
        table = field.alias or name
        old = {id_of(row): row for row in getattr(before, name)}
        new = {id_of(row): row for row in getattr(after, name)}
        for key, row in old.items():
            if key not in new:
                yield Change(table, key, "removed", _title(row, locale))
        for key, row in new.items():
            if key not in old:
                yield Change(table, key, "added", _title(row, locale))
            elif found := tuple(_fields(_plain(old[key]), _plain(row), "")):
                yield Change(table, key, "changed", _title(row, locale), found)


def _singles(before: Pack, after: Pack) -> Iterator[Change]:
    for name in SINGLE_TABLES:
        old, new = getattr(before, name), getattr(after, name)
        if old is None or new is None:
            if old is not new:
                yield Change(name, name, "added" if old is None else "removed", name)
        elif found := tuple(_fields(_plain(old), _plain(new), "")):
            yield Change(name, name, "changed", name, found)


def _fields(old: Any, new: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _fields(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list) and _named(old) and _named(new):
        yield from _fields({each["id"]: each for each in old}, {each["id"]: each for each in new}, path)
    elif old != new:
        yield path, _said(old), _said(new)


def _named(rows: list[Any]) -> bool:
    return all(isinstance(row, dict) and "id" in row for row in rows)


def _plain(row: Any) -> Any:
    return row.model_dump(mode="json", by_alias=True, exclude_none=True)


def _title(row: Any, locale: Locale) -> str:
    title = getattr(row, "title", None) or getattr(row, "question", None)
    return title.in_language(locale) if title is not None else id_of(row)


def _said(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(_said(each) for each in value) if isinstance(value, list) else str(value)
