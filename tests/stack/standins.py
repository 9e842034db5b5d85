"""A stack of small stand-in programs, run as a process of its own: `python -m tests.stack.standins FOLDER`."""

import os
import sys
from pathlib import Path

import psutil
from pydantic import BaseModel, TypeAdapter
from rich.console import Console

from stack.health import answers_http, serves_temporal
from stack.launch import launch
from stack.parts import Part
from stack.ports import Port
from stack.temporal_server import server_command

# Answers /healthz and ends on SIGTERM, with a child that must end with it.
WEB = """
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", PORT), Web).serve_forever()
"""
# As WEB, but SIGTERM does not impress it.
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WEB


class Standin(BaseModel):
    """One row of the table."""

    name: str
    code: str = WEB
    port: int = 0
    ui_port: int = 0  # makes it a Temporal server
    after: tuple[str, ...] = ()
    patience: float = 20


TABLE = TypeAdapter(list[Standin])


def part(standin: Standin, folder: Path) -> Part:
    port = Port(standin.port, standin.name, f"REDRESS_{standin.name.upper()}_PORT")
    if standin.ui_port:
        command = server_command(folder / "temporal.db", "127.0.0.1", standin.port, standin.ui_port)
        ready = serves_temporal(f"127.0.0.1:{standin.port}", "default")
        return Part(standin.name, standin.name, command, ready, ports=(port,))
    command = [sys.executable, "-c", standin.code.replace("PORT", str(standin.port))]
    return Part(
        name=standin.name,
        title=standin.name,
        command=command,
        ready=answers_http(f"http://127.0.0.1:{standin.port}/healthz") if standin.port else None,
        after=standin.after,
        ports=(port,) if standin.port else (),
        patience=standin.patience,
        grace=1,
    )


def processes_of(folder: Path) -> list[psutil.Process]:
    """Everything alive that was started for a stack in this folder, found by a variable that every child inherits."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("STANDIN_STACK") == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


if __name__ == "__main__":
    where = Path(sys.argv[1])
    table = TABLE.validate_json(os.environ["STANDIN_TABLE"])
    sys.exit(launch([part(each, where) for each in table], state_dir=where, variables={}, console=Console(width=200)))
