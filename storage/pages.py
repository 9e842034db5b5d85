"""Pages of lists: a cursor names the last row seen by its own sort values, so rows that come or go never shift a page."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ColumnElement, Select, and_, or_
from sqlalchemy.types import TypeEngine

from storage.columns import Instant
from storage.tables import complaints

T = TypeVar("T")
MAX_LIMIT = 200


class BadCursor(ValueError):
    """A cursor that this list did not give out; the reader starts from the first page again."""


class Page(BaseModel, Generic[T]):
    model_config = ConfigDict(frozen=True)

    rows: tuple[T, ...]
    next_cursor: str | None = None


class Key(NamedTuple):
    column: Column[Any]
    descending: bool = False


@dataclass(frozen=True)
class Order:
    """A total order of complaints: the last column is always the id, so that ties have an order too."""

    name: str
    keys: tuple[Key, ...]

    @property
    def by(self) -> list[ColumnElement[Any]]:
        return [key.column.desc() if key.descending else key.column.asc() for key in self.keys]

    def after(self, cursor: str | None) -> ColumnElement[bool] | None:
        """The condition for rows behind the cursor; None on the first page. Raises BadCursor.

        Written out as `a >= x AND (a > x OR (a = x AND ...))`: the first half lets every database seek in the index.
        """
        if cursor is None:
            return None
        values = self._read(cursor)
        behind: ColumnElement[bool] | None = None
        for (column, descending), value in reversed(list(zip(self.keys, values, strict=True))):
            beyond = column < value if descending else column > value
            behind = beyond if behind is None else or_(beyond, and_(column == value, behind))
        first, descending = self.keys[0]
        assert behind is not None
        return and_(first <= values[0] if descending else first >= values[0], behind)

    def page(self, statement: Select[Any], cursor: str | None, limit: int) -> Select[Any]:
        """The rows of one page and one more, for `page_of`. Raises BadCursor, and ValueError for a limit out of range."""
        behind = self.after(cursor)
        narrowed = statement.where(behind) if behind is not None else statement
        return narrowed.order_by(*self.by).limit(page_limit(limit) + 1)

    def cursor(self, row: Any) -> str:
        """The cursor of a row: opaque to readers, and not secret, for every list asks for the tenant again."""
        values = [self.name, *(_plain(getattr(row, key.column.name)) for key in self.keys)]
        return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")

    def sort_key(self, row: Any) -> tuple[Any, ...]:
        """For merging ranges that are each sorted ascending."""
        return tuple(getattr(row, key.column.name) for key in self.keys)

    def _read(self, cursor: str) -> list[Any]:
        try:
            name, *values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
            if name != self.name or len(values) != len(self.keys):
                raise ValueError("another list's cursor")
            return [_typed(value, key.column.type) for value, key in zip(values, self.keys, strict=True)]
        except (ValueError, TypeError) as error:
            raise BadCursor("the cursor is not one that this list gave out: ask for the first page again") from error


def page_limit(limit: int) -> int:
    """Raises ValueError outside 1 to 200."""
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must be between 1 and {MAX_LIMIT}, not {limit}")
    return limit


def page_of(order: Order, found: Sequence[Any], limit: int) -> tuple[Sequence[Any], str | None]:
    """The rows of a page and the cursor behind it, from up to `limit + 1` rows: the one too many says that there are more."""
    rows = found[:limit]
    return rows, order.cursor(rows[-1]) if len(found) > limit else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, Instant):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return moment
    if not isinstance(value, kind.python_type):
        raise TypeError(f"{value!r} is not a {kind.python_type.__name__}")
    return value


_c = complaints.c
WORK = Order("work", (Key(_c.urgency), Key(_c.due_order), Key(_c.received_at), Key(_c.complaint_id)))
NEWEST = Order("newest", (Key(_c.received_at, True), Key(_c.complaint_id, True)))
OLDEST = Order("oldest", (Key(_c.received_at), Key(_c.complaint_id)))
UPDATED = Order("updated", (Key(_c.updated_at, True), Key(_c.complaint_id, True)))
DUE = Order("due", (Key(_c.due_order), Key(_c.complaint_id)))
ORDERS = {order.name: order for order in (NEWEST, OLDEST, UPDATED, DUE, WORK)}
