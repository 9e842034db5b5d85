"""Keeps what others name as an address from reaching our own network (SSRF): only checked addresses are connected to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

Resolve = Callable[[str, int], Awaitable[list[str]]]
_TRIED = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(httpx.ConnectError):
    """The address is not one of the public internet."""


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system's resolver orders them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, also behind the forms that hide an IPv4 address in an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone (fe80::1%eth0), which only the own network knows
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip.is_site_local:  # fec0::/10, given up for fc00::/7, and still in use here and there
            return False
        if hidden is not None:
            ip = hidden
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class PublicTransport(httpx.AsyncBaseTransport):
    """Looks the host up itself, refuses it when any of its addresses is not public, and connects to the very address it checked.

    A name that answers differently the second time (DNS rebinding) gains nothing. The certificate is still held against the name.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, find: Resolve = resolve) -> None:
        self._inner = inner
        self._find = find

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme != "https":
            raise NotPublic("only https is allowed", request=request)
        try:
            addresses = await self._find(host, request.url.port or 443)
        except (OSError, UnicodeError) as error:  # no such name; a name that cannot be one
            raise httpx.ConnectError("the host is not known", request=request) from error
        if not addresses or not all(is_public(each) for each in addresses):
            raise NotPublic("the address is not public", request=request)
        *first, last = addresses[:_TRIED]
        for each in first:
            try:
                return await self._to(each, request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # such as an IPv6 address where there is only IPv4
        return await self._to(last, request)

    async def _to(self, address: str, request: httpx.Request) -> httpx.Response:
        url, extensions = request.url.copy_with(host=address), {**request.extensions, "sni_hostname": request.url.host}
        checked = httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
        return await self._inner.handle_async_request(checked)

    async def aclose(self) -> None:
        await self._inner.aclose()
