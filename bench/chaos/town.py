"""The processes of the chaos run, each a real program that can be killed and started again on the same state."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sealing import key_file
from stack.temporal_server import server_command, temporal_binary

ROOT = Path(__file__).parent.parent.parent
_SECRET = "chaos-partner-secret"
_READY_SECONDS = 60.0


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody holds, all different."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in held]
    finally:
        for each in held:
            each.close()


@dataclass
class Program:
    """One process; its output goes to a file that is kept until the end of the run."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9: nothing is said, nothing is flushed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def check(self) -> None:
        """Raises RuntimeError with the end of its log when it ended by itself, which no program here may."""
        if self.process is not None and self.process.poll() is not None:
            said = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{said}")


@dataclass
class Town:
    """All that runs. `temporal` and `worker` are the victims; the others see them vanish and come back."""

    folder: Path
    temporal: Program
    worker: Program
    api: Program
    partners: Program
    mail: Program
    temporal_address: str
    partners_url: str
    database_url: str

    def check(self) -> None:
        for program in (self.temporal, self.worker, self.api, self.partners, self.mail):
            program.check()


@contextmanager
def start_town(folder: Path, latency_ms: int, finish_after: float) -> Iterator[Town]:
    """Start everything on empty state; all of it is gone at the end.

    `latency_ms` is how long each partner takes to answer, `finish_after` the seconds after which payments, goods and visits
    arrive: so the moments in which something is under way last long enough to be hit.
    """
    temporal_port, ui_port, partners_port, api_port, smtp_port, mail_port = free_ports(6)
    address, partners_url = f"127.0.0.1:{temporal_port}", f"http://127.0.0.1:{partners_port}"
    database_url = f"sqlite+aiosqlite:///{folder}/redress.db"
    ours = {
        "REDRESS_TEMPORAL_ADDRESS": address,
        "REDRESS_DATABASE_URL": database_url,
        "REDRESS_PARTNERS_URL": partners_url,
        "REDRESS_SMTP_PORT": str(smtp_port),
        "REDRESS_API_PORT": str(api_port),
        "REDRESS_TOKEN_KEY": "chaos-token-key-of-thirty-two-characters",
        "REDRESS_PARTNER_WEBHOOK_SECRET": _SECRET,
        "REDRESS_DATA_KEYS_FILE": str(folder / "data.keys"),
        "REDRESS_LOG_LEVEL": "warning",
    }
    key_file.make(folder / "data.keys")
    theirs = {
        "PARTNERS_PORT": str(partners_port),
        "PARTNERS_DATABASE": str(folder / "partners.db"),
        "PARTNERS_WEBHOOK_URL": f"http://127.0.0.1:{api_port}/v1/webhooks/partners",
        "PARTNERS_WEBHOOK_SECRET": _SECRET,
        "MAILSINK_SMTP_PORT": str(smtp_port),
        "MAILSINK_HTTP_PORT": str(mail_port),
        "MAILSINK_DATABASE": str(folder / "mail.db"),
    }

    def program(name: str, environment: Mapping[str, str], *arguments: str) -> Program:
        return Program(name, [sys.executable, "-m", *arguments], environment, folder / f"{name}.log")

    town = Town(
        folder=folder,
        temporal=Program(
            "temporal", server_command(folder / "temporal.db", "127.0.0.1", temporal_port, ui_port), {}, folder / "temporal.log"
        ),
        worker=program("worker", ours, "worker"),
        api=program("api", ours, "api"),
        partners=program("partners", theirs, "partners"),
        mail=program("mail", theirs, "partners.mailsink"),
        temporal_address=address,
        partners_url=partners_url,
        database_url=database_url,
    )
    try:
        town.temporal.start()
        town.partners.start()
        town.mail.start()
        town.api.start()
        migrate = program("migrate", ours, "storage", "migrate")
        subprocess.run(migrate.command, cwd=ROOT, env=os.environ | ours, check=True, capture_output=True)
        _wait_http(town, town.partners, f"{partners_url}/healthz")
        _wait_temporal(town)
        town.worker.start()
        _wait_http(town, town.api, f"http://127.0.0.1:{api_port}/healthz")
        _set_manners(partners_url, latency_ms, finish_after)
        yield town
    finally:
        for each in (town.worker, town.api, town.temporal, town.partners, town.mail):
            each.kill()


def _set_manners(partners_url: str, latency_ms: int, finish_after: float) -> None:
    """Partners answer slowly, payments are pending first, and everything is finished by itself and told twice by webhook."""
    with httpx.Client(base_url=partners_url, trust_env=False) as client:
        mode = {"payments": "pending", "auto_seconds": finish_after}
        client.put("/control/mode", json=mode).raise_for_status()
        faults = {"latency_ms": latency_ms, "duplicate_webhooks": True}
        client.put("/control/faults", json=faults).raise_for_status()


def _wait_http(town: Town, program: Program, url: str) -> None:
    def answers() -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(url, trust_env=False).is_success
        return False

    _wait(town, program, answers)


def _wait_temporal(town: Town) -> None:
    health = [str(temporal_binary()), "operator", "cluster", "health", "--address", town.temporal_address]
    _wait(town, town.temporal, lambda: subprocess.run(health, capture_output=True, check=False).returncode == 0)


def _wait(town: Town, program: Program, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while not ready():
        program.check()
        if time.monotonic() > until:
            raise RuntimeError(f"{program.name} was not ready in {_READY_SECONDS:.0f} s; see {program.log}")
        time.sleep(0.1)
