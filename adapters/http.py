"""One HTTP exchange with a partner: the request, its key, and what the answer means."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from adapters.counted import counted
from adapters.errors import OutcomeUnknown, PartnerError, PartnerRefused, PartnerUnavailable
from adapters.gate import Gate

Answer = TypeVar("Answer", bound=BaseModel)

# No connection was made, or none was free: the partner has seen nothing.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# Request time-out, too early, too many requests, unavailable: the partner says that it did not begin.
_NOT_NOW = (408, 425, 429, 503)
# Not let in, which an operator mends (a credential that has run out): the request went no further.
_NOT_LET_IN = (401, 403)
# The words by which a partner says that it has no such thing. A bare 404 may be a proxy's, or that of a wrong address.
_NO_SUCH = frozenset({"unknown_key", "unknown_order"})
# The words by which a partner says no to the business itself. Any other 4xx may come from a gateway or from a first request that
# still runs, and says nothing about the effect.
FINAL_CODES = frozenset(
    {
        "unknown_order",
        "unknown_sku",
        "unknown_key",
        "over_paid",
        "wrong_currency",
        "no_amount",
        "incomplete",
        "recalled",
        "invalid",
        "too_late",
        "final",
        "key_reused",
    }
)
# What a partner may repeat of a person: an e-mail address, a telephone number.
_OF_A_PERSON = re.compile(r"[^\s@<>,;:]+@\w[\w.-]*\w|(?<![\w-])\+?\d(?:[ -]?\d){9,14}(?![\w-])")


def partner_client(
    base_url: str,
    *,
    connect_timeout: timedelta = timedelta(seconds=2),
    read_timeout: timedelta = timedelta(seconds=10),
    connections: int = 20,
) -> httpx.AsyncClient:
    """A pool of connections to one partner; who makes it closes it (`async with` or `aclose`).

    Few connections are quicker than many (the pool looks at each for every request), but each waits for one answer at a time: a
    partner that takes 100 ms serves 200 calls a second on 20. Who finds none free within `read_timeout` is told *unavailable*.
    """
    wait = read_timeout.total_seconds()
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(wait, connect=connect_timeout.total_seconds()),
        # Idle connections are dropped before common servers do it (5 s), or a write would meet a closed one: an unknown outcome.
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=4),
    )


def in_path(text: str) -> str:
    """A number or key as one path segment, slashes included."""
    return quote(text, safe="")


class PartnerLine:
    """The line to one partner. Every method raises a `PartnerError` and nothing else for what goes wrong out there."""

    def __init__(self, client: httpx.AsyncClient, partner: str, gate: Gate | None = None) -> None:
        self._client = client
        self._partner = partner
        self._gate = gate

    async def read(self, path: str, answer: type[Answer]) -> Answer | None:
        """What is at this path; None when the partner itself says that it has no such thing (`unknown_key`, `unknown_order`).

        A read changes nothing, so it is never *unknown*.
        """
        async with self._let_out():
            with counted(self._partner, "read"):
                return await self._read(path, answer)

    async def read_what_is(self, path: str, answer: type[Answer]) -> Answer:
        """What is at a path that every partner has."""
        found = await self.read(path, answer)
        if found is None:
            raise PartnerUnavailable(self._partner, "has not what every partner has")
        return found

    async def write(self, method: str, path: str, key: str, body: BaseModel | None, answer: type[Answer]) -> Answer:
        """Ask for an effect under its key. Fields the partner adds to its answers are ignored, missing ones are not."""
        async with self._let_out():
            with counted(self._partner, "write"):
                return await self._write(method, path, key, body, answer)

    async def _read(self, path: str, answer: type[Answer]) -> Answer | None:
        try:
            response = await self._exchange("GET", path)
        except httpx.TransportError as error:
            raise PartnerUnavailable(self._partner, type(error).__name__) from error
        if response.status_code == 404 and _problem(response)[0] in _NO_SUCH:
            return None
        if not response.is_success:
            # Whatever is wrong with the question (401, 403, 409, a bare 404 ...), nothing was said about the thing itself.
            said = f"answered {response.status_code} to a question"
            raise PartnerUnavailable(self._partner, said, _retry_after(response))
        try:
            return answer.model_validate_json(response.content, extra="ignore")
        except ValidationError as error:
            raise PartnerUnavailable(self._partner, _not_understood(error)) from None

    async def _write(self, method: str, path: str, key: str, body: BaseModel | None, answer: type[Answer]) -> Answer:
        content = body.model_dump_json().encode() if body else None
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            response = await self._exchange(method, path, content, headers)
        except _NEVER_SENT as error:
            raise PartnerUnavailable(self._partner, type(error).__name__) from error
        except httpx.TransportError as error:
            raise OutcomeUnknown(self._partner, type(error).__name__) from error
        if not response.is_success:
            raise self._failure(response, body)
        try:
            return answer.model_validate_json(response.content, extra="ignore")
        except ValidationError as error:
            raise OutcomeUnknown(self._partner, _not_understood(error)) from None

    @asynccontextmanager
    async def _let_out(self) -> AsyncIterator[None]:
        """Out through the gate. Whose call has shown that the partner is away hears, like all others, how long to stay away."""
        if self._gate is None:
            yield
            return
        await self._gate.enter()
        try:
            yield
        except (PartnerUnavailable, OutcomeUnknown) as error:
            if error.retry_after is None and self._gate.breaker.state == "open":
                error.retry_after = self._gate.breaker.wait()
            raise

    async def _exchange(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request; the gate hears whether the partner is there."""
        if self._gate is None:
            return await self._client.request(method, path, content=content, headers=headers)
        try:
            response = await self._client.request(method, path, content=content, headers=headers)
        except httpx.PoolTimeout:
            raise  # our own connections are all busy: those who have one will tell how the partner is
        except httpx.TransportError:
            self._gate.breaker.failed()
            raise
        if response.status_code >= 500 or response.status_code in _NOT_NOW + _NOT_LET_IN:
            self._gate.breaker.failed(_retry_after(response))
        else:
            self._gate.breaker.answered()
        return response

    def _failure(self, response: httpx.Response, body: BaseModel | None) -> PartnerError:
        """The error that this answer to a write means: final only where the partner names a reason of the business."""
        status = response.status_code
        code, detail = _problem(response)
        if 400 <= status < 500 and code in FINAL_CODES:
            return PartnerRefused(self._partner, code, _impersonal(detail, body))
        if status in _NOT_NOW + _NOT_LET_IN:
            return PartnerUnavailable(self._partner, f"answered {status}", _retry_after(response))
        return OutcomeUnknown(self._partner, f"answered {status}", _retry_after(response))


def _problem(response: httpx.Response) -> tuple[str, str]:
    """Code and detail of a problem document; empty when the partner sent none."""
    try:
        document = response.json()
    except ValueError:
        document = None
    said = document if isinstance(document, dict) else {}
    return str(said.get("code", "")), str(said.get("detail", ""))


def _impersonal(detail: str, body: BaseModel | None) -> str:
    """The partner's words without the address we sent and without what looks like a mail address or a telephone number."""
    address = getattr(body, "address", None)
    return _OF_A_PERSON.sub("…", detail.replace(address, "…") if address else detail)


def _not_understood(error: ValidationError) -> str:
    """Names the fields and never what stood in them: an order holds its customer's telephone number."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    fields = ", ".join(".".join(map(str, each["loc"])) or "document" for each in wrong)
    return f"answer not understood: {fields}"


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Retry-After as a duration, from either of its forms (seconds, or an HTTP date)."""
    text = response.headers.get("Retry-After", "")
    # No more digits than a duration holds, and none of another script.
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return max(timedelta(0), at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC))
