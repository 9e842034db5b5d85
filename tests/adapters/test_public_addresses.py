"""What others name as an address never leads into our own network."""

from __future__ import annotations

import httpx
import pytest

from adapters.public_addresses import NotPublic, PublicTransport, is_public
from adapters.webhooks import HttpWebhooks, NotTaken


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
        "nonsense",
    ],
)  # fmt: skip
def test_the_own_network_is_not_in_whatever_form(address: str) -> None:
    assert not is_public(address)


async def fetch(url: str, *answers: list[str]) -> list[httpx.Request]:
    """What goes over the line to `url` where its name resolves to the first answer, then the second, ..."""
    sent: list[httpx.Request] = []
    left = list(answers)

    async def find(host: str, port: int) -> list[str]:
        return left.pop(0)

    def line(request: httpx.Request) -> httpx.Response:
        if request.url.host == "2001:4860::1":
            raise httpx.ConnectError("no IPv6 here")
        sent.append(request)
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=PublicTransport(httpx.MockTransport(line), find)) as client:
        await client.post(url, content=b"x")
    return sent


async def test_the_very_address_that_was_checked_is_connected_to() -> None:
    (request,) = await fetch("https://erp.example:8443/hook?a=1", ["93.184.216.34"], ["127.0.0.1"])
    assert str(request.url) == "https://93.184.216.34:8443/hook?a=1"
    assert request.headers["Host"] == "erp.example:8443"
    assert request.extensions["sni_hostname"] == "erp.example", "the certificate is held against the name"


async def test_the_next_address_is_tried() -> None:
    (request,) = await fetch("https://erp.example/", ["2001:4860::1", "93.184.216.34"])
    assert request.url.host == "93.184.216.34"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], []])
async def test_a_name_that_leads_inside_is_refused(addresses: list[str]) -> None:
    with pytest.raises(NotPublic):
        await fetch("https://erp.example/", addresses)


async def test_plain_http_is_refused() -> None:
    with pytest.raises(NotPublic):
        await fetch("http://erp.example/", ["93.184.216.34"])


@pytest.mark.parametrize("url", ["https://localhost/", "https://127.0.0.1:1/", "https://[::1]/", "http://127.0.0.1/"])
async def test_no_webhook_goes_inside(url: str) -> None:
    webhooks = HttpWebhooks()
    with pytest.raises(NotTaken) as refused:
        await webhooks.post(url, [b"key"], "msg_1", "{}")
    assert refused.value.answered is None
    assert "only https" in str(refused.value) or "not public" in str(refused.value)
    await webhooks.close()
