"""One complaint on the stage: people act on it through the API, time passes for it, and its journal is told as it grows."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.api import Api, NotNow
from demo.failure import DemoFailed
from demo.people import Cast, Person
from demo.show import Screen, sentence
from demo.stage import Handle, Stage
from domain.actor import Role
from settings.language import text

_PATIENCE = 60.0  # real seconds for work that is under way
_PAGE = 200


class Complaint:
    """A filed complaint. `told` counts the entries that the screen has shown."""

    def __init__(
        self, complaint_id: str, title: str, customer: Person, cast: Cast, api: Api, stage: Stage, screen: Screen
    ) -> None:
        self.id, self.title, self.customer, self.cast = complaint_id, title, customer, cast
        self._api, self._stage, self._screen = api, stage, screen
        self._zone = ZoneInfo(cast.tenant.zone)
        self._path = f"/v1/complaints/{complaint_id}"
        self._reader = cast.somebody(Role.AGENT)
        self._entries: list[dict[str, Any]] = []
        self._told = 0

    @property
    def workflow_id(self) -> str:
        return f"complaint/{self.cast.tenant.id}/{self.id}"

    @property
    def handle(self) -> Handle:
        return self._stage.client.get_workflow_handle(self.workflow_id)

    async def case(self) -> dict[str, Any]:
        """The case as the API shows it."""
        case: dict[str, Any] = await self._api.ask(self._reader, self._path)
        return case

    async def agent(self) -> Person:
        """Whoever the complaint was given to."""
        await self.until("assigned")
        return self.cast.known((await self.case())["assignee"])

    async def does(self, who: Person, command: str, **body: Any) -> None:
        """Somebody gives a command; what it brought about is told."""
        receipt = await self._api.tell(who, f"{self._path}/{command}", body, f"demo-{uuid.uuid4()}")
        await self._read_until(lambda: bool(self._entries) and self._entries[-1]["seq"] >= receipt["revision"], command)
        self._tell()

    async def until(self, kind: str, times: int = 1) -> dict[str, Any]:
        """Wait until so many entries of a kind are in the journal, tell them, and give the last one's event."""
        await self._read_until(lambda: len(self._of(kind)) >= times, kind)
        self._tell()
        event: dict[str, Any] = self._of(kind)[-1]["event"]
        return event

    async def passes(self, duration: timedelta) -> None:
        """Let virtual time pass for this complaint."""
        await self._read()
        self._tell()
        since = await self._stage.now(self.handle)
        await self._stage.passes(self.handle, duration)
        self._screen.passes(duration, since, await self._stage.now(self.handle), self._zone)

    async def passes_until(self, instant: datetime) -> None:
        """Let virtual time pass up to an instant; nothing happens when it is over already."""
        left = instant - await self._stage.now(self.handle)
        if left > timedelta(0):
            await self.passes(left)

    async def due(self, promise: str) -> datetime:
        """When the latest promise of that row of the pack is due."""

        def of_row() -> list[dict[str, Any]]:
            return [each["event"] for each in self._of("deadline_set") if each["event"]["name"] == promise]

        await self._read_until(lambda: bool(of_row()), promise)
        return datetime.fromisoformat(of_row()[-1]["due_at"])

    async def ends(self) -> None:
        """Wait until everything is written and everybody told, and tell the rest."""
        await self.until("closed")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.handle.result(), _PATIENCE)
        await self._read()
        self._tell()

    def outcome(self) -> str | None:
        """How it ended, in the words of the journal; None while it is open."""
        closed = self._of("closed")
        return re.split(r": |：", sentence(closed[-1], self._zone), maxsplit=1)[-1].rstrip(".。") if closed else None

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self._entries if entry["event"]["kind"] == kind]

    async def _read(self) -> None:
        while True:
            after = self._entries[-1]["seq"] if self._entries else 0
            page = await self._api.ask(self._reader, f"{self._path}/journal", after=after, limit=_PAGE)
            self._entries += page["entries"]
            if page["next_after"] is None:
                return

    async def _read_until(self, holds: Callable[[], bool], what: str) -> None:
        give_up_at = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            with contextlib.suppress(NotNow):
                await self._read()
            if holds():
                return
            if asyncio.get_running_loop().time() > give_up_at:
                self._tell()
                kinds = ", ".join(entry["event"]["kind"] for entry in self._entries[-8:])
                raise DemoFailed(
                    text(
                        f"Waited {_PATIENCE:.0f} s for {what} of {self.id}; its journal ends with {kinds}. Is a worker running?",
                        f"等待 {self.id} 的 {what} 超过 {_PATIENCE:.0f} 秒；日志末尾为 {kinds}。工作进程是否在运行？",
                    )
                )
            await asyncio.sleep(0.05)

    def _tell(self) -> None:
        for entry in self._entries[self._told :]:
            self._screen.entry(entry, self._zone)
        self._told = len(self._entries)
