"""Time on the stage: the clock of one complaint is moved on, so that days pass in seconds. The real clock goes on as ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from demo.failure import DemoFailed
from settings.language import text

Handle = WorkflowHandle[Any, Any]


class Stage:
    """Moves the virtual clock of running complaints. Only a dev server that allows it can do so."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._skipper = TimeSkipper(client)

    async def now(self, handle: Handle) -> datetime:
        """The virtual time of a complaint (UTC)."""
        return (await self._skipper.get_current_time(handle)).astimezone(UTC)

    async def passes(self, handle: Handle, duration: timedelta) -> None:
        """Let time pass; whatever falls due meanwhile happens at its own instant. Raises DemoFailed where that is not allowed."""
        try:
            await self._skipper.fast_forward(handle, duration)
        except RPCError as error:
            raise DemoFailed(
                text(
                    f"This Temporal server does not let time be skipped ({error.message}). "
                    "The demo needs the development server of make up, or one with frontend.WorkflowTimeSkippingEnabled.",
                    f"此 Temporal 服务器不允许跳过时间（{error.message}）。"
                    "演示需要 make up 的开发服务器，或开启 frontend.WorkflowTimeSkippingEnabled 的服务器。",
                )
            ) from error
