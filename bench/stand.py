"""The test stand: all of Redress as processes on free ports, with its own state in a temporary folder."""

from __future__ import annotations

import asyncio
import email.policy
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path

import httpx
import psutil
from temporalio.client import Client

from desk.door import Desk
from desk.opening import Terms
from domain.policy import registry
from sealing import key_file
from sealing.converter import sealing_converter
from settings import Settings
from stack.health import Probe, answers_http, polls, serves_temporal
from stack.parts import environment
from stack.temporal_server import server_command
from storage.database import Database, open_database
from storage.packs import install_packs
from storage.tenants import TenantShelf

ROOT = Path(__file__).parent.parent
TENANT = "home-demo"
BARE_QUEUE = "bare"
_PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Stand:
    """A running Temporal server, and whatever else was started."""

    folder: Path
    settings: Settings
    ui_port: int
    client: Client
    database: Database
    terms: Terms
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return Desk(self.client, self.settings.task_queue)

    def process(self, name: str) -> psutil.Process:
        return psutil.Process(self._running[name].pid)

    @property
    def temporal_file(self) -> Path:
        return self.folder / "temporal.db"

    @property
    def journal_file(self) -> Path:
        return self.folder / "redress.db"

    def sql(self) -> sqlite3.Connection:
        """Reads the journal's database beside the worker."""
        return sqlite3.connect(f"file:{self.journal_file}?mode=ro", uri=True, isolation_level=None)

    def mails(self) -> list[tuple[str, str, set[str]]]:
        """Of every mail that the sink took: when it arrived, its subject and its recipients."""
        with closing(sqlite3.connect(f"file:{self.folder / 'mail.db'}?mode=ro", uri=True)) as sink:
            rows = sink.execute("SELECT received_at, raw, recipients FROM mails ORDER BY id").fetchall()
        head = BytesHeaderParser(policy=email.policy.default)
        return [(str(at), str(head.parsebytes(raw)["subject"]), set(json.loads(to))) for at, raw, to in rows]

    async def start(self, *names: str) -> None:
        """Start parts of the stand: partners, mailsink, worker, api, bare."""
        for name in names:
            command, probe = self._parts()[name]
            await self._start(name, command, probe)

    def stop(self, *names: str) -> None:
        """End parts of the stand, or all of them in the order opposite to their start."""
        for name in names or tuple(reversed(self._running)):
            process = self._running.pop(name)
            process.terminate()
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    async def token(self, role: str, person: str, tenant: str = TENANT) -> str:
        """An access token, made by the API's own command."""
        made = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "api", "token", "--role", role, "--id", person, "--tenant", tenant],
            cwd=ROOT, env=os.environ | environment(self.settings), check=True, capture_output=True, text=True,
        )  # fmt: skip
        return made.stdout.strip()

    async def orders(self, count: int, like: str = "HM-2026-0001") -> list[str]:
        """New orders, copies of a sample (that of home is 1,000 yuan): the payment partner refunds each order once."""
        async with httpx.AsyncClient(base_url=self.settings.partners_url, trust_env=False, timeout=30) as partners:
            sample = (await partners.get(f"/orders/{like}")).json()
            batch = secrets.token_hex(4)
            numbers = [f"B-{batch}-{number:05d}" for number in range(count)]
            for first in range(0, count, 500):
                orders = [sample | {"number": number} for number in numbers[first : first + 500]]
                answer = await partners.post(
                    "/orders/bulk", json={"orders": orders}, headers={"Idempotency-Key": f"bench-{batch}-{first}"}
                )
                answer.raise_for_status()
        return numbers

    def _parts(self) -> dict[str, tuple[Sequence[str], Probe | None]]:
        s = self.settings
        host, _, port = s.temporal_address.rpartition(":")
        return {
            "temporal": (
                server_command(self.temporal_file, host, int(port), self.ui_port),
                serves_temporal(s.temporal_address, s.temporal_namespace),
            ),
            "migrate": (_module("storage", "migrate"), None),
            "partners": (_module("partners"), answers_http(f"{s.partners_url}/healthz")),
            "mailsink": (_module("partners.mailsink"), answers_http(f"http://127.0.0.1:{s.mail_http_port}/healthz")),
            "worker": (_module("worker"), polls(s.temporal_address, s.temporal_namespace, s.task_queue)),
            "api": (_module("api"), answers_http(f"{s.api_url}/healthz")),
            "bare": (
                _module("bench.bare", s.temporal_address),
                polls(s.temporal_address, s.temporal_namespace, BARE_QUEUE),
            ),
        }

    async def _start(self, name: str, command: Sequence[str], probe: Probe | None) -> None:
        variables = environment(self.settings) | {
            "PARTNERS_DATABASE": str(self.folder / "partners.db"),
            "MAILSINK_DATABASE": str(self.folder / "mail.db"),
            # Compiled once, as everywhere: a sandbox imports the workflow's files for every run.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.folder / "compiled"),
        }
        log = self.folder / f"{name}.log"
        started_at, end = datetime.now(UTC), time.monotonic() + _PATIENCE
        with log.open("ab") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=os.environ | variables, stdout=out, stderr=out)
        self._running[name] = process
        while True:
            code = process.poll()
            if code == 0 and probe is None:
                del self._running[name]
                return
            if code is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} did not come up: {log.read_text(errors='replace')[-2000:]}")
            if probe is not None and await probe(started_at):
                return
            await asyncio.sleep(0.1)


def _module(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


@asynccontextmanager
async def stand(*parts: str) -> AsyncIterator[Stand]:
    """A fresh stand with a Temporal server, a migrated database and these parts; everything is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        temporal, ui, api, partners, smtp, mails = (free_port() for _ in range(6))
        settings = Settings(
            _env_file=None,  # the stand has no settings but these
            port_offset=0,
            temporal_address=f"127.0.0.1:{temporal}",
            temporal_ui_port=ui,
            database_url=f"sqlite+aiosqlite:///{folder / 'redress.db'}",
            policies_dir=ROOT / "policies",
            tenants_dir=ROOT / "tenants",
            api_port=api,
            api_url=f"http://127.0.0.1:{api}",
            partners_url=f"http://127.0.0.1:{partners}",
            smtp_port=smtp,
            mail_http_port=mails,
            token_key=secrets.token_hex(24),
            data_keys_file=folder / "data.keys",
            partner_webhook_secret=secrets.token_hex(24),
            log_level="warning",
        )
        key_file.make(settings.data_keys_file)
        install_packs(settings.policies_dir)
        tenant = TenantShelf(settings.tenants_dir).get(TENANT)
        database = open_database(settings.database_url)
        converter = sealing_converter(settings.data_keys_file)
        client = await Client.connect(settings.temporal_address, lazy=True, data_converter=converter)
        built = Stand(folder, settings, ui, client, database, Terms(tenant, registry.released(tenant.pack)))
        try:
            await built.start("temporal", "migrate", *parts)
            yield built
        finally:
            await database.close()
            built.stop()


def machine() -> dict[str, str]:
    """What the figures depend on."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next(
            (line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), model
        )
    memory = psutil.virtual_memory().total / 2**30
    return {"processor": f"{psutil.cpu_count()} x {model}", "memory": f"{memory:.0f} GB"}


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
