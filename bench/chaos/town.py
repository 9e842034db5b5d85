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
from typing import Literal

import httpx

from bench.chaos.companies import furnish
from bench.chaos.database import Database, database_for
from sealing import key_file
from stack.temporal_server import server_command, temporal_binary

ROOT = Path(__file__).parent.parent.parent
_SECRET = "chaos-partner-secret"
TOKEN_KEY = "chaos-token-key-of-thirty-two-characters"
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


Victim = Literal["worker", "temporal", "api", "partners", "database"]


@dataclass(frozen=True)
class Manners:
    """How partners behave. `latency_ms`: how long each takes to answer; `finish_after`: seconds after which payments, goods and
    visits arrive, so that moments in which something is under way last long enough to be hit; `error_rate`: so many calls fail
    before they have an effect; `silences`: so many writes take effect and are not answered, after each start."""

    latency_ms: int = 80
    finish_after: float = 0.4
    error_rate: float = 0.05
    silences: int = 3
    seed: int = 0


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

    def stop(self) -> None:
        """SIGTERM, as an upgrade sends it; kill -9 for one that is still there after half a minute."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def check(self) -> None:
        """Raises RuntimeError with the end of its log when it ended by itself, which no program here may."""
        if self.process is not None and self.process.poll() is not None:
            said = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{said}")


@dataclass
class Town:
    """All that runs. Whatever is killed, the others see it vanish and come back."""

    folder: Path
    temporal: Program
    worker: Program
    api: Program
    partners: Program
    mail: Program
    database: Database
    temporal_address: str
    partners_url: str
    api_url: str
    manners: Manners

    @property
    def database_url(self) -> str:
        return self.database.url

    def check(self) -> None:
        for program in (self.temporal, self.worker, self.api, self.partners, self.mail):
            program.check()

    def kill(self, victim: Victim) -> None:
        if victim == "database":
            self.database.kill()
        else:
            self._program(victim).kill()

    def stop(self, victim: Victim) -> None:
        """One of the programs, asked."""
        self._program(victim).stop()

    def bring_back(self, victim: Victim) -> None:
        """Start it again on the state it left. Partners forget how they are to misbehave, and are told again."""
        if victim == "database":
            self.database.start()
            return
        self._program(victim).start()
        if victim == "partners":
            _wait_http(self, self.partners, f"{self.partners_url}/healthz")
            self.misbehave()

    def misbehave(self) -> None:
        """Partners answer slowly, fail now and then, fall silent after an effect, and tell their news twice and out of order."""
        with httpx.Client(base_url=self.partners_url, trust_env=False) as client:
            mode = {"payments": "pending", "auto_seconds": self.manners.finish_after}
            client.put("/control/mode", json=mode).raise_for_status()
            faults = {
                "latency_ms": self.manners.latency_ms, "error_rate": self.manners.error_rate, "seed": self.manners.seed,
                "timeout_after_effect": self.manners.silences, "timeout_mode": "close", "duplicate_webhooks": True,
                "shuffle_webhooks": True,
            }  # fmt: skip
            client.put("/control/faults", json=faults).raise_for_status()

    def _program(self, victim: Victim) -> Program:
        return {"worker": self.worker, "temporal": self.temporal, "api": self.api, "partners": self.partners}[victim]


@contextmanager
def start_town(folder: Path, manners: Manners) -> Iterator[Town]:
    """Start everything on empty state; all of it is gone at the end. Partners behave until they are told to misbehave."""
    temporal_port, ui_port, partners_port, api_port, smtp_port, mail_port = free_ports(6)
    address, partners_url = f"127.0.0.1:{temporal_port}", f"http://127.0.0.1:{partners_port}"
    policies, tenants = furnish(folder)
    database = database_for(folder)
    ours = {
        "REDRESS_TEMPORAL_ADDRESS": address,
        "REDRESS_DATABASE_URL": database.url,
        "REDRESS_POLICIES_DIR": str(policies),
        "REDRESS_TENANTS_DIR": str(tenants),
        "REDRESS_PARTNERS_URL": partners_url,
        "REDRESS_SMTP_PORT": str(smtp_port),
        "REDRESS_API_PORT": str(api_port),
        "REDRESS_TOKEN_KEY": TOKEN_KEY,
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
        database=database,
        api_url=f"http://127.0.0.1:{api_port}",
        manners=manners,
    )
    try:
        database.start()
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
        yield town
    finally:
        for each in (town.worker, town.api, town.temporal, town.partners, town.mail):
            each.kill()
        database.close()


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
