"""How lists are paged."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from storage.pages import MAX_LIMIT

Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before; absent for the first page.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description=f"Most rows of a page, 1 to {MAX_LIMIT}.")]
