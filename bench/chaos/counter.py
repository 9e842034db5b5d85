"""The counter at which the people of the chaos run stand: the API, over HTTP, insisted on until it answers.

Whatever was lost, the request or its answer, the same key is sent again; so what people do is done once.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import httpx

from domain.actor import Actor
from domain.case import Case
from domain.commands import Command
from domain.intake import Intake
from settings.signing import DEV_ISSUER, sign

# Nobody answered, too much at once, or something is away: the API says with these that it may be asked again.
_AGAIN = frozenset({429, 502, 503, 504})
_TOKEN_SECONDS = 3600


class Turned(Exception):
    """The API said no for good."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


class Counter:
    """`again` counts how often something had to be asked again."""

    def __init__(self, http: httpx.AsyncClient, tenant: str, secret: str, chance: random.Random) -> None:
        self._http = http
        self._tenant = tenant
        self._secret = secret
        self._chance = chance
        self.again = 0

    async def file(self, by: Actor, intake: Intake, key: str) -> str:
        """The id of the complaint."""
        said = await self._insist("POST", "/v1/complaints", by, None, key, intake.model_dump(mode="json", exclude_none=True))
        return str(said["complaint_id"])

    async def give(self, by: Actor, complaint: str, name: str, command: Command, key: str) -> None:
        """Raises Turned."""
        body = command.model_dump(mode="json", exclude_none=True)
        await self._insist("POST", f"/v1/complaints/{complaint}/{name}", by, complaint, key, body)

    async def read(self, by: Actor, complaint: str) -> Case | None:
        """The complaint as people see it; None while it is not in the database yet."""
        try:
            return Case.model_validate(await self._insist("GET", f"/v1/complaints/{complaint}", by, None, None, None))
        except Turned as no:
            if no.status == 404:
                return None
            raise

    async def _insist(
        self, method: str, path: str, by: Actor, complaint: str | None, key: str | None, body: dict[str, Any] | None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token(by, complaint)}", "Accept-Language": "en"}
        if key is not None:
            headers["Idempotency-Key"] = key
        while True:
            try:
                answer = await self._http.request(method, path, headers=headers, json=body)
            except httpx.TransportError:
                pass
            else:
                if answer.is_success:
                    said: dict[str, Any] = answer.json()
                    return said
                if answer.status_code not in _AGAIN:
                    problem = answer.json()
                    raise Turned(answer.status_code, problem["code"], problem["detail"])
            self.again += 1
            await asyncio.sleep(self._chance.uniform(0.2, 0.8))

    def _token(self, by: Actor, complaint: str | None) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "sub": by.id, "tenant": self._tenant, "roles": [role.value for role in by.roles], "iat": now,
            "exp": now + _TOKEN_SECONDS,
        }  # fmt: skip
        if "customer" in claims["roles"]:
            claims["complaint"] = complaint
        return sign(self._secret, DEV_ISSUER, claims)
