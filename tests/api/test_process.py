"""`python -m api`: the process, its tokens and its log."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import jwt

from domain.actor import Role
from settings.signing import DEV_ISSUER, signing_key
from tests.api.world import INTAKE, SECRET, TOKEN_KEY, World, as_role
from tests.doubles import free_port
from tests.temporal import data_keys


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "REDRESS_TOKEN_KEY": TOKEN_KEY, "LANG": "C.UTF-8", **variables}
    return subprocess.run([sys.executable, "-m", "api", *arguments], env=environment, capture_output=True, text=True, timeout=60)


def test_a_token_is_printed_for_development() -> None:
    made = run("token", "--role", "agent", "--role", "department", "--id", "lin", "--tenant", "home-demo", "--hours", "1")
    assert made.returncode == 0, made.stderr
    key = signing_key(TOKEN_KEY, DEV_ISSUER).public_key()
    claims = jwt.decode(made.stdout.strip(), key, algorithms=["EdDSA"], audience="redress", issuer="redress-dev")
    assert (claims["sub"], claims["tenant"], claims["roles"]) == ("lin", "home-demo", ["agent", "department"])
    assert 3500 < claims["exp"] - time.time() <= 3600


def test_a_customers_token_needs_its_complaint() -> None:
    made = run("token", "--role", "customer", "--tenant", "home-demo")
    assert made.returncode == 2
    assert "--complaint" in made.stderr


def test_the_process_serves_logs_nothing_personal_and_stops_when_asked(tmp_path: Path, unmanned: World) -> None:
    port, log = free_port(), tmp_path / "api.log"
    variables = {
        **os.environ,
        "REDRESS_TOKEN_KEY": TOKEN_KEY,
        "REDRESS_DATA_KEYS_FILE": str(data_keys()),
        "REDRESS_PARTNER_WEBHOOK_SECRET": SECRET,
        "REDRESS_TEMPORAL_ADDRESS": unmanned.client.service_client.config.target_host,
        "REDRESS_API_PORT": str(port),
        "REDRESS_LOG_FORMAT": "json",
        "REDRESS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}",
    }
    with log.open("wb") as out, subprocess.Popen([sys.executable, "-m", "api"], env=variables, stdout=out, stderr=out) as process:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            _wait_until_ready(http, process)
            assert http.get("/readyz").json()["status"] == "degraded"  # the database is away, which stops no program
            headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k-of-the-process"}
            assert http.post("/v1/complaints", json=INTAKE, headers=headers).status_code == 201
            assert http.post("/v1/complaints", json={**INTAKE, "channel": "王小明"}, headers=headers).status_code == 422
            asked: dict[str, Any] = {"customer_name": "王小明", "order_number": "SO-1"}
            assert http.get("/v1/complaints", params=asked, headers=as_role(Role.AGENT)).status_code == 503
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    written = log.read_text(encoding="utf-8")
    for secret in ("王小明", "13800000001", "wang@example.com", "石板", "SO-1", "Bearer", TOKEN_KEY):
        assert secret not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    filed = next(line for line in lines if line.get("route") == "/v1/complaints" and line["status"] == 201)
    assert filed["method"] == "POST"
    assert filed["ms"] > 0


def _wait_until_ready(http: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            if http.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("not ready in time")
