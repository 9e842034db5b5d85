"""Automatic mode: what has not moved for a while ends well by itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

from partners import effects
from partners.control import Mode
from partners.store import Store


class _State(Protocol):
    mode: Mode


async def finish_by_itself(store: Store, state: _State) -> None:
    """Run until cancelled; the mode may change at any time."""
    while True:
        seconds = state.mode.auto_seconds
        await asyncio.sleep(0.5 if seconds is None else min(0.5, max(0.05, seconds / 4)))
        if seconds is None:
            continue
        since = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="microseconds")
        if effects.on_their_way(store.db, since):
            with store.write() as db:
                for row in effects.on_their_way(db, since):  # looked up again: another process may have been quicker
                    effects.move(db, row, effects.LIFE[row["family"]][-1])
