"""The codec endpoint, as the Temporal CLI and a browser page of the Temporal UI ask it, on a process of its own."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog

from desk.erasing import keyring_of
from domain.actor import Role
from domain.erasure import MARK
from sealing.codec import scope_of
from stack.temporal_server import temporal_binary
from tests.api.world import SECRET, TOKEN_KEY, World, as_role
from tests.doubles import free_port
from tests.tables import migrated
from tests.temporal import data_keys

UI = "http://127.0.0.1:8233"
KEY = "a-key-that-nobody-guesses-so-easily"
OPERATOR = as_role(Role.OPERATOR, id="op")


@asynccontextmanager
async def process(folder: Path, temporal: str) -> AsyncIterator[str]:
    """`python -m api`, and its address."""
    port = free_port()
    given = {
        "REDRESS_TOKEN_KEY": TOKEN_KEY, "REDRESS_PARTNER_WEBHOOK_SECRET": SECRET, "REDRESS_TEMPORAL_ADDRESS": temporal,
        "REDRESS_API_PORT": str(port), "REDRESS_DATABASE_URL": migrated(folder),
        "REDRESS_DATA_KEYS_FILE": str(data_keys()), "REDRESS_CODEC_KEY": KEY, "REDRESS_TEMPORAL_UI_URL": UI,
    }  # fmt: skip
    log = folder / "api.log"
    with log.open("wb") as out:
        started = subprocess.Popen([sys.executable, "-m", "api"], env=os.environ | given, stdout=out, stderr=out)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
                for _ in range(600):
                    assert started.poll() is None, log.read_text()
                    try:
                        await http.get("/healthz")
                        break
                    except httpx.TransportError:
                        await asyncio.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(30)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(unmanned: World, tmp_path_factory: Any) -> AsyncIterator[str]:
    target = unmanned.client.service_client.config.target_host
    async with process(tmp_path_factory.mktemp("codec"), target) as address:
        yield address


async def sealed(world: World, complaint: str) -> dict[str, Any]:
    """The start of a complaint as Temporal keeps it, in protobuf JSON."""
    history = await world.client.get_workflow_handle(f"complaint/home-demo/{complaint}").fetch_history()
    payload = history.events[0].workflow_execution_started_event_attributes.input.payloads[0]
    metadata = {name: base64.b64encode(value).decode() for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": base64.b64encode(payload.data).decode()}


async def asked(address: str, way: str, payloads: list[Any], headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        return await http.post(f"{address}/{way}", json={"payloads": payloads}, headers=headers)


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return base64.b64decode(answer.json()["payloads"][0]["data"]).decode(errors="replace")


async def test_the_cli_shows_an_operator_what_temporal_keeps_sealed(unmanned: World, api: str) -> None:
    complaint = await unmanned.filed()
    show = [
        str(temporal_binary()), "workflow", "show", "--workflow-id", f"complaint/home-demo/{complaint}", "--output", "json",
        "--address", unmanned.client.service_client.config.target_host,
    ]  # fmt: skip

    async def shown(*more: str) -> str:
        ran = await asyncio.create_subprocess_exec(*show, *more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        out, _ = await asyncio.wait_for(ran.communicate(), 60)
        try:
            payloads = json.loads(out)["events"][0]["workflowExecutionStartedEventAttributes"]["input"]["payloads"]
            return base64.b64decode(payloads[0]["data"]).decode(errors="replace")
        except ValueError:
            return out.decode()

    assert "王小明" not in await shown()
    assert "王小明" in await shown("--codec-endpoint", f"{api}/codec", "--codec-auth", OPERATOR["Authorization"])


async def test_it_opens_for_operators_and_administrators_of_the_tenant_only(unmanned: World, api: str) -> None:
    payload = await sealed(unmanned, await unmanned.filed())
    for role in (Role.OPERATOR, Role.ADMINISTRATOR):
        assert "王小明" in text_of(await asked(f"{api}/codec", "decode", [payload], as_role(role)))
    for role in (Role.AGENT, Role.GENERAL_MANAGER, Role.INTAKE):
        assert (await asked(f"{api}/codec", "decode", [payload], as_role(role))).status_code == 403
    assert (await asked(f"{api}/codec", "decode", [payload], {})).status_code == 401
    foreign = await asked(f"{api}/codec", "decode", [payload], as_role(Role.OPERATOR, tenant="olist-demo"))
    assert foreign.json()["payloads"] == [payload]


async def test_the_address_with_the_key_opens_and_one_with_another_is_not_there(unmanned: World, api: str) -> None:
    payload = await sealed(unmanned, await unmanned.filed())
    assert "王小明" in text_of(await asked(f"{api}/codec/{KEY}", "decode", [payload], {}))
    assert (await asked(f"{api}/codec/{KEY}x", "decode", [payload], {})).status_code == 404


async def test_each_use_of_the_key_is_told(unmanned: World) -> None:
    unmanned.app.state.codec_key = KEY
    try:
        with structlog.testing.capture_logs() as lines:
            answer = await unmanned.http.post(f"/codec/{KEY}/decode", json={"payloads": []})
            refused = await unmanned.http.post(f"/codec/{KEY}x/decode", json={"payloads": []})
    finally:
        del unmanned.app.state.codec_key
    assert (answer.status_code, refused.status_code) == (200, 404)
    (told,) = [line for line in lines if line["event"] == "codec_key_used"]
    assert (told["log_level"], told["way"]) == ("warning", "decode")
    assert KEY not in str(lines)


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_key_that_others_could_use_is_warned_of_at_the_start(host: str, warned: bool) -> None:
    given = {
        "REDRESS_TOKEN_KEY": TOKEN_KEY,
        "REDRESS_CODEC_KEY": KEY,
        "REDRESS_API_HOST": host,
        "REDRESS_TENANTS_DIR": "nowhere",
    }
    ended = subprocess.run([sys.executable, "-m", "api"], env=os.environ | given, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ("codec_key_counts" in ended.stdout + ended.stderr) is warned
    assert KEY not in ended.stdout + ended.stderr


async def test_what_it_seals_it_opens_again(unmanned: World, api: str) -> None:
    word = {"metadata": {"encoding": base64.b64encode(b"json/plain").decode()}, "data": base64.b64encode(b'"hello"').decode()}
    made = (await asked(f"{api}/codec", "encode", [word], OPERATOR)).json()["payloads"]
    assert made != [word]
    assert text_of(await asked(f"{api}/codec", "decode", made, OPERATOR)) == '"hello"'


async def test_what_was_erased_says_so(unmanned: World, api: str) -> None:
    complaint = await unmanned.filed()
    payload = await sealed(unmanned, complaint)
    assert "王小明" in text_of(await asked(f"{api}/codec", "decode", [payload], OPERATOR))
    keyring_of(unmanned.client).destroy([scope_of(f"complaint/home-demo/{complaint}").leaf])
    for _ in range(300):  # the process looks at its key file once a second
        shown = text_of(await asked(f"{api}/codec", "decode", [payload], OPERATOR))
        if "王小明" not in shown:
            break
        await asyncio.sleep(0.1)
    assert shown == f'"{MARK}"'


async def test_what_is_no_payloads_is_refused(api: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for body in (b"", b"{", b'{"payloads": 7}', b"\xff"):
            answer = await http.post(f"{api}/codec/decode", content=body, headers=OPERATOR)
            assert (answer.status_code, answer.json()["code"]) == (400, "not_json"), body


async def test_a_browser_may_ask_from_the_temporal_ui_and_from_nowhere_else(api: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for origin, allowed in ((UI, True), ("http://evil.example", False)):
            preflight = {
                "Origin": origin, "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,x-namespace",
            }  # fmt: skip
            for path in ("/codec/decode", f"/codec/{KEY}/decode"):
                answer = await http.options(f"{api}{path}", headers=preflight)
                assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
            elsewhere = await http.options(f"{api}/v1/complaints", headers=preflight)
            assert "access-control-allow-origin" not in elsewhere.headers
