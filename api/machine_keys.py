"""API keys at the door. The database is asked every time, so that a revoked key is refused from the next request on.

While the database is away, a key that it confirmed shortly before goes on; any other has to wait. Nobody comes in unchecked.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.identity import Me, unauthenticated
from api.problems import DATABASE_AWAY, WRONG_SCOPE, Problem
from domain.actor import Actor, Role
from storage.keys import USED_AT_MOST, ApiKey, ApiKeys, KnownKey, Scope, split
from storage.patience import within

# Revoking is writing, so that no key can have been revoked behind a database that is away for everybody.
REMEMBERED = timedelta(minutes=15)
_MOST_REMEMBERED = 1_000
_PATIENCE = timedelta(seconds=2)
_AWAY = (SQLAlchemyError, OSError, TimeoutError)
_log = structlog.get_logger("api")


class MachineKeys:
    """The door for keys. `clock` counts seconds."""

    def __init__(self, keys: ApiKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._confirmed: OrderedDict[str, tuple[float, KnownKey]] = OrderedDict()
        self._noted: dict[str, float] = {}

    async def admit(self, key: str, by_scope: Mapping[Scope, Role]) -> Me:
        """The machine behind a key, in the roles that its scopes give it here. Raises 401, `wrong_scope`, `database_away`."""
        parts = split(key)
        if parts is None:
            raise _refused()
        key_id, secret = parts
        known = await self._known(key_id)
        if known is None or not known.opens_with(secret):
            raise _refused()
        _check_standing(known.record)
        roles = tuple(role for scope, role in by_scope.items() if scope in known.record.scopes)
        if not roles:
            mine, wanted = ", ".join(known.record.scopes), ", ".join(by_scope)
            raise Problem(
                WRONG_SCOPE,
                f"此 API 密钥的范围（{mine}）不包括此操作，需要：{wanted or '人员令牌'}",
                f"the scopes of this API key ({mine}) do not cover this; it takes {wanted or 'the token of a person'}",
            )
        await self._note(known.record)
        return Me(Actor(id=key_id, roles=roles, made_by=known.record.created_by), known.tenant)

    async def _known(self, key_id: str) -> KnownKey | None:
        try:
            known = await within(_PATIENCE, self._keys.find(key_id))
        except _AWAY as error:
            confirmed_at, known = self._confirmed.get(key_id, (float("-inf"), None))
            if self._clock() - confirmed_at <= REMEMBERED.total_seconds():
                return known
            raise Problem(
                DATABASE_AWAY,
                "数据库暂时不可用，无法核验 API 密钥，请稍后重试",
                "the database is away, so that the API key cannot be checked; try again later",
                headers={"Retry-After": "5"},
            ) from error
        self._confirmed.pop(key_id, None)
        if known is not None:
            self._confirmed[key_id] = (self._clock(), known)
            if len(self._confirmed) > _MOST_REMEMBERED:
                self._confirmed.popitem(last=False)
        return known

    async def _note(self, record: ApiKey) -> None:
        """Last use, for whoever cleans up. That it cannot be written down now stops nobody."""
        now = datetime.now(UTC)
        if record.last_used_at is not None and now - record.last_used_at < USED_AT_MOST:
            return
        if self._clock() - self._noted.get(record.key_id, float("-inf")) < USED_AT_MOST.total_seconds():
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[record.key_id] = self._clock()
        try:
            await within(_PATIENCE, self._keys.used(record.key_id, now))
        except _AWAY as error:
            _log.warning("last_use_not_written", key=record.key_id, error=type(error).__name__)


def _check_standing(record: ApiKey) -> None:
    if record.revoked_at is not None:
        raise unauthenticated(
            "此 API 密钥已被撤销，请向管理员索取新的密钥", "this API key was revoked; ask an administrator for a new one"
        )
    if record.expires_at is not None and record.expires_at <= datetime.now(UTC):
        raise unauthenticated(
            "此 API 密钥已过期，请向管理员索取新的密钥", "this API key has expired; ask an administrator for a new one"
        )


def _refused() -> Problem:
    return unauthenticated("API 密钥无效", "the API key is not valid")
