"""What never becomes a request: headers and bodies that do not end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from domain.actor import Role
from tests.api.wire import serving
from tests.api.world import World, as_role

Address = tuple[str, int]


@pytest_asyncio.fixture
async def address(unmanned: World) -> AsyncIterator[Address]:
    async with serving(unmanned.app) as found:
        yield found


async def send(address: Address, *parts: bytes) -> bytes:
    """What comes back until the server closes the connection, however much of the parts it took."""
    reader, writer = await asyncio.open_connection(*address)
    answer = b""
    try:
        for each in parts:
            writer.write(each)
            await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        pass
    finally:
        writer.close()
    return answer


@pytest.mark.parametrize("begin", [b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ", b"GET /", b"GET / HTTP/1.1\r\n"])
async def test_a_head_without_end_is_cut_off(address: Address, begin: bytes) -> None:
    line = b"X-Other: y\r\n" * 5_000 if begin.endswith(b"\r\n") else b"x" * 60_000
    answer = await send(address, begin, *[line] * 100)
    assert answer == b"" or b" 431 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0]


async def test_a_body_without_end_is_refused_and_cut_off(address: Address) -> None:
    token = as_role(Role.INTAKE)["Authorization"].encode()
    head = (
        b"POST /v1/complaints HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + b"\r\nIdempotency-Key: k\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = await send(address, head, *[b"fa00\r\n" + b" " * 64_000 + b"\r\n"] * 200)
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]


async def test_honest_requests_one_after_the_other_pass(address: Address) -> None:
    host, port = address
    body = json.dumps({"number": 1, "note": "x" * 200_000}).encode()
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False) as http:
        for _ in range(5):
            assert (await http.get("/healthz", headers={"X-Long": "x" * 20_000})).status_code == 200
            answer = await http.post("/v1/complaints/none/approve", content=body, headers=as_role(Role.SUPERVISOR))
            assert answer.status_code < 500
            assert answer.status_code != 413
        assert (await http.get("/healthz", headers={"X-Long": "x" * 40_000})).json()["code"] == "headers_too_large"
