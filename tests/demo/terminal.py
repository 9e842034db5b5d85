"""A folder in which a person runs programs of Redress: a stack of its own on free ports."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from tests.doubles import wait_for

ROOT = Path(__file__).parents[2]
PORTS = (7233, 8233, 8000, 8100, 8025, 8026)


def free_offset() -> int:
    """How far all ports of a stack have to be moved to be free."""
    while True:
        offset = random.randrange(1000, 20_000)
        try:
            for port in PORTS:
                with socket.create_server(("127.0.0.1", port + offset)):
                    pass
        except OSError:
            continue
        return offset


class Terminal:
    """A folder without state, in which demos are run one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offset = free_offset()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("REDRESS_", "PARTNERS_", "MAILSINK_"))},
            "PYTHONPATH": str(ROOT),
            "REDRESS_PORT_OFFSET": str(self.offset),
            "REDRESS_POLICIES_DIR": str(ROOT / "policies"),
            "REDRESS_TENANTS_DIR": str(ROOT / "tenants"),
            "COLUMNS": "240",
        }

    def runs(self, *arguments: str) -> str:
        """What a program printed; it must have ended well."""
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, encoding="utf-8", timeout=400, check=False
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def gone(self) -> bool:
        """Whether nothing is alive any more; a process may need a moment to end after it has said so."""
        return bool(wait_for(lambda: not self.processes()))

    def processes(self) -> list[psutil.Process]:
        """Everything alive that was started here."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(self.folder) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found
