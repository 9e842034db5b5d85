"""Starts the programs at the edge of the world for tests: the partners, the mail sink, a receiver of webhooks.

Each is a real process or server on a free port of 127.0.0.1 and is gone when its `with` block ends.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(true: Any, seconds: float = 10, every: float = 0.02) -> Any:
    """The first true answer of `true()`; fails the test when there is none in time."""
    until = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < until, f"waited {seconds} s for {true}"
        time.sleep(every)
    return answer


class Program:
    """One of our programs as a process of its own; its output goes to `log`."""

    def __init__(self, module: str, url: str, environment: dict[str, str], log: Path) -> None:
        self.url = url
        self.log = log
        self.client = httpx.Client(base_url=url, trust_env=False)
        self._module = module
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module], cwd=ROOT, env=os.environ | self._environment, stdout=log, stderr=log
            )
        wait_for(self._answers, START_SECONDS)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        try:
            return self.client.get("/healthz").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Ask it to end (SIGTERM), as an operator would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            self._process = None

    def close(self) -> None:
        self.stop()
        self.client.close()

    def kill(self) -> None:
        """kill -9: nothing is said, nothing is flushed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(15)
            self._process = None


class PartnerService(Program):
    """The partners, with the hand behind the scenes."""

    secret: str

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self.client.request(method, path, **arguments)
        assert answer.is_success, answer.text
        return answer.json()

    def faults(self, **faults: Any) -> None:
        """Switch faults on, see `partners.faults.FaultSet`."""
        self._call("PUT", "/control/faults", json=faults)

    def no_faults(self) -> None:
        self._call("DELETE", "/control/faults")

    def mode(self, **mode: Any) -> None:
        """How partners behave without faults: payments="at_once"|"pending", auto_seconds=None|seconds."""
        self._call("PUT", "/control/mode", json=mode)

    def effects(self, key_prefix: str = "") -> list[dict[str, Any]]:
        """What really happened, oldest first."""
        effects: list[dict[str, Any]] = self._call("GET", "/control/effects", params={"key_prefix": key_prefix})
        return effects

    def advance(self, system: str, reference: str, to: str | None = None, detail: str = "") -> dict[str, Any]:
        """Move an effect to its next stage, or to the one named."""
        effect: dict[str, Any] = self._call("POST", f"/control/{system}/{reference}/advance", json={"to": to, "detail": detail})
        return effect

    def load(self, *orders: dict[str, Any]) -> None:
        """Put these orders (JSON as `domain.order.Order`) into the order system."""
        key = {"Idempotency-Key": f"load-{time.monotonic_ns()}"}
        self._call("POST", "/orders/bulk", json={"orders": orders}, headers=key)


@contextmanager
def start_partners(
    tmp_path: Path, webhook_url: str = "", secret: str = "test-partner-secret", **environment: str
) -> Iterator[PartnerService]:
    """The partners with a database of their own in `tmp_path` and the sample orders; no webhooks without an address."""
    port = free_port()
    given = {
        "PARTNERS_PORT": str(port),
        "PARTNERS_DATABASE": str(tmp_path / "partners.db"),
        "PARTNERS_WEBHOOK_URL": webhook_url,
        "PARTNERS_WEBHOOK_SECRET": secret,
        **environment,
    }
    service = PartnerService("partners", f"http://127.0.0.1:{port}", given, tmp_path / "partners.log")
    service.secret = secret
    try:
        service.start()
        yield service
    finally:
        service.close()


class MailSink(Program):
    """The mail sink: SMTP on `smtp_port`, what it got on `url`."""

    smtp_port: int

    def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        """Newest first: to, subject, text, html, headers, message_id."""
        mails: list[dict[str, Any]] = self.client.get("/messages", params={"to": to} if to else None).json()
        return mails

    def chat(self, channel: str) -> list[dict[str, Any]]:
        """Newest first: body as it was posted."""
        chats: list[dict[str, Any]] = self.client.get(f"/chat/{channel}").json()
        return chats

    def chat_url(self, channel: str) -> str:
        """The apprise address of a channel kept here."""
        return f"{self.url.replace('http', 'json', 1)}/chat/{channel}"


@contextmanager
def start_mail_sink(tmp_path: Path) -> Iterator[MailSink]:
    smtp_port, http_port = free_port(), free_port()
    given = {
        "MAILSINK_SMTP_PORT": str(smtp_port),
        "MAILSINK_HTTP_PORT": str(http_port),
        "MAILSINK_DATABASE": str(tmp_path / "mail.db"),
    }
    sink = MailSink("partners.mailsink", f"http://127.0.0.1:{http_port}", given, tmp_path / "mailsink.log")
    sink.smtp_port = smtp_port
    try:
        sink.start()
        yield sink
    finally:
        sink.close()


class Answering(BaseHTTPRequestHandler):
    """What every small server of the tests does: answers in one go, and keeps quiet on the terminal."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def answering(handler: type[Answering]) -> Iterator[str]:
    """The address of a server that answers so, each caller in a thread of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Received:
    headers: dict[str, str]
    body: str


@dataclass
class WebhookReceiver:
    """Keeps every webhook it is sent; answers with `status`, so that refusing can be tried."""

    url: str = ""
    status: int = 204
    received: list[Received] = field(default_factory=list)


@contextmanager
def start_webhook_receiver() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()

    class Handler(Answering):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers, self.body().decode()))
            self.answer(receiver.status)

    with answering(Handler) as url:
        receiver.url = f"{url}/hook"
        yield receiver
