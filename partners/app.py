"""The partners as one program: order, logistics, payment, benefit and account systems behind one address."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from partners import accounts, benefits, control, logistics, lots, orders, payments, statements
from partners.auto import finish_by_itself
from partners.control import Mode
from partners.faults import Faults, FaultyLine
from partners.load import load_sample
from partners.problems import Problem, answer_invalid, answer_problem
from partners.serving import port
from partners.store import Store
from partners.webhooks import Courier

_log = logging.getLogger("partners")


@dataclass(frozen=True)
class Settings:
    """Read from PARTNERS_* in the environment; an empty webhook address keeps the news in the outbox."""

    host: str = "127.0.0.1"
    port: int = 8100
    database: Path = Path("var/partners.db")
    webhook_url: str = "http://127.0.0.1:8000/v1/webhooks/partners"
    webhook_secret: str = "dev-partner-secret"
    auto_seconds: float | None = None
    sample: bool = True

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        ours = (name for name in environment if name.startswith("PARTNERS_"))
        given = {name.removeprefix("PARTNERS_").lower(): environment[name] for name in ours}
        return cls(
            host=given.get("host", cls.host),
            port=port("PARTNERS_PORT", given.get("port"), cls.port),
            database=Path(given.get("database", cls.database)),
            webhook_url=given.get("webhook_url", cls.webhook_url),
            webhook_secret=given.get("webhook_secret", cls.webhook_secret),
            auto_seconds=float(given["auto_seconds"]) if given.get("auto_seconds") else None,
            sample=given.get("sample", "1") != "0",
        )


def _end_loudly(task: asyncio.Task[None]) -> None:
    """A partner that silently stopped to tell its news would be worse than one that is down."""
    if not task.cancelled() and (error := task.exception()):
        _log.critical("a background task ended", exc_info=error)
        signal.raise_signal(signal.SIGTERM)


def create_app(settings: Settings) -> FastAPI:
    """The program for these settings; the database opens with the app's lifespan and closes with it."""
    faults = Faults()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = Store(settings.database)
        if settings.sample:
            load_sample(store)
        app.state.store = store
        running = [asyncio.create_task(finish_by_itself(store, app.state))]
        if settings.webhook_url:
            courier = Courier(store, settings.webhook_url, settings.webhook_secret, faults)
            running.append(asyncio.create_task(courier.run()))
        for task in running:
            task.add_done_callback(_end_loudly)
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        store.close()

    app = FastAPI(title="Redress partners", version="1", lifespan=lifespan)
    app.state.faults = faults
    app.state.mode = Mode(auto_seconds=settings.auto_seconds)
    app.add_middleware(FaultyLine, faults=faults)
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    # Statements first: of accounts, any other word would be a customer.
    for system in (statements, orders, logistics, payments, benefits, accounts, lots, control):
        app.include_router(system.router)

    @app.get("/healthz", tags=["control"])
    async def healthz() -> dict[str, str]:
        """Alive, whatever faults are switched on."""
        return {"status": "ok"}

    return app
