"""Every part as a process of its own, with logs and metrics, around one Temporal server: what the outside can see of Redress."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from domain.actor import Role
from tests.api.world import TOKEN_KEY, as_role
from tests.doubles import MailSink, PartnerService, free_port, start_mail_sink, start_partners
from tests.temporal import data_keys

SECONDS = 90


@dataclass
class Street:
    """`answers` is everything that the API has said when it refused, and `metrics` are addresses to read."""

    folder: Path
    http: httpx.AsyncClient
    partners: PartnerService
    mail: MailSink
    metrics: tuple[str, ...]
    answers: list[str] = field(default_factory=list)

    async def says(self, role: Role, method: str, path: str, complaint: str | None = None, **given: Any) -> httpx.Response:
        customer = role is Role.CUSTOMER
        who = as_role(role, id="cust-marked-7" if customer else f"{role}-x", complaint=complaint if customer else None)
        headers = {**who, "Idempotency-Key": str(uuid.uuid4()), **given.pop("headers", {})}
        answer = await self.http.request(method, path, headers=headers, **given)
        if answer.is_error:
            self.answers.append(f"{answer.status_code} {answer.headers} {answer.text}")
        return answer

    async def does(self, role: Role, complaint: str, command: str, **body: Any) -> None:
        """A command that has to be carried out, sooner or later."""
        for _ in range(SECONDS * 4):
            answer = await self.says(role, "POST", f"/v1/complaints/{complaint}/{command}", complaint, json=body)
            if answer.is_success:
                return
            await asyncio.sleep(0.25)
        raise AssertionError(f"{command}: {answer.text}")

    async def until(self, complaint: str, true: Callable[[Any], bool]) -> Any:
        """The complaint as soon as it is so."""
        case: Any = None
        for _ in range(SECONDS * 10):
            answer = await self.says(Role.AGENT, "GET", f"/v1/complaints/{complaint}")
            if answer.is_success and true(case := answer.json()):
                return case
            await asyncio.sleep(0.1)
        raise AssertionError(f"never so: {case}")

    def logs(self) -> str:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in self.folder.glob("*.our.log"))


@asynccontextmanager
async def start_street(temporal: str, folder: Path) -> AsyncIterator[Street]:
    api_port, api_metrics, worker_metrics = free_port(), free_port(), free_port()
    with ExitStack() as parts:
        partners = parts.enter_context(start_partners(folder))
        mail = parts.enter_context(start_mail_sink(folder))
        given = {
            "REDRESS_TEMPORAL_ADDRESS": temporal,
            "REDRESS_TASK_QUEUE": f"street-{uuid.uuid4()}",
            "REDRESS_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/redress.db",
            "REDRESS_DATA_KEYS_FILE": str(data_keys()),
            "REDRESS_PARTNERS_URL": partners.url,
            "REDRESS_SMTP_PORT": str(mail.smtp_port),
            "REDRESS_API_PORT": str(api_port),
            "REDRESS_API_METRICS_PORT": str(api_metrics),
            "REDRESS_WORKER_METRICS_PORT": str(worker_metrics),
            "REDRESS_TOKEN_KEY": TOKEN_KEY,
            "REDRESS_PARTNER_WEBHOOK_SECRET": partners.secret,
            "REDRESS_LOG_LEVEL": "debug",
            "REDRESS_LOG_FORMAT": "json",
        }
        await asyncio.to_thread(_run, folder, given, "storage", "migrate")
        for program in ("worker", "api"):
            parts.callback(_stop, _started(folder, given, program))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api_port}", trust_env=False, timeout=30) as http:
            metrics = (f"http://127.0.0.1:{api_metrics}/metrics", f"http://127.0.0.1:{worker_metrics}/metrics")
            street = Street(folder, http, partners, mail, metrics)
            await _ready(street)
            yield street


def _started(folder: Path, given: dict[str, str], program: str) -> subprocess.Popen[bytes]:
    with (folder / f"{program}.our.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", program], env=os.environ | given, stdout=log, stderr=log)


def _run(folder: Path, given: dict[str, str], *module: str) -> None:
    with (folder / f"{module[0]}.our.log").open("ab") as log:
        subprocess.run([sys.executable, "-m", *module], env=os.environ | given, stdout=log, stderr=log, check=True)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)


async def _ready(street: Street) -> None:
    for _ in range(SECONDS * 10):
        try:
            if (await street.http.get("/readyz")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(street.logs())
