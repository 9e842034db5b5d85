"""API keys: made once, shown once, known again by their SHA-256. The secret is 256 random bits: a plain hash is enough."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import insert, or_, select, update

from storage.database import Database
from storage.key_tables import api_keys
from storage.pages import Key, Order, Page, page_of

KEY_PREFIX = "rdk_"
USED_AT_MOST = timedelta(minutes=1)
_KEY = re.compile(r"(rdk_[a-z2-7]{16})_([A-Za-z0-9_-]{43})")
_k = api_keys.c
_NEWEST = Order("keys", (Key(_k.created_at, True), Key(_k.key_id, True)))


class Scope(StrEnum):
    """What a key is for."""

    INTAKE = "intake"
    READING = "reading"
    COMMANDS = "commands"
    LINKS = "links"


class ApiKey(BaseModel):
    """A key of a machine, without its secret."""

    model_config = ConfigDict(frozen=True)

    key_id: str = Field(description="The public part of the key, as the journal names who acted with it.")
    name: str = Field(description="What it is for, in the words of whoever made it.")
    scopes: tuple[Scope, ...] = Field(
        description="intake: file complaints and follow them; reading: read what an agent may; commands: act as an agent."
    )
    created_by: str = Field(description="Who made it.")
    created_at: AwareDatetime = Field(description="When it was made (UTC).")
    expires_at: AwareDatetime | None = Field(description="When it ends (UTC); null: not by itself.")
    last_used_at: AwareDatetime | None = Field(description="When it was last used, to the minute (UTC); null: never.")
    revoked_at: AwareDatetime | None = Field(description="When it was revoked (UTC); null: it was not.")
    revoked_by: str | None = Field(description="Who revoked it.")


@dataclass(frozen=True)
class KnownKey:
    """A key as the table has it, to be held against what was sent."""

    tenant: str
    digest: str
    record: ApiKey

    def opens_with(self, secret: str) -> bool:
        return hmac.compare_digest(self.digest, _digest(secret))


def split(key: str) -> tuple[str, str] | None:
    """Public and secret part of a key; None for what was never a key of ours."""
    found = _KEY.fullmatch(key)
    return (found[1], found[2]) if found else None


class ApiKeys:
    """Every method raises SQLAlchemyError or OSError while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, tenant: str, name: str, scopes: Sequence[Scope], by: str, now: datetime, expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """A new key and its only showing."""
        key_id = KEY_PREFIX + base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
        secret = secrets.token_urlsafe(32)
        ordered = [scope for scope in Scope if scope in scopes]
        row = {
            "key_id": key_id, "tenant": tenant, "name": name, "scopes": json.dumps(ordered), "digest": _digest(secret),
            "created_by": by, "created_at": now, "expires_at": expires_at,
        }  # fmt: skip
        async with self._database.writing() as connection:
            made = (await connection.execute(insert(api_keys).values(row).returning(*api_keys.c))).one()
        return _record(made), f"{key_id}_{secret}"

    async def find(self, key_id: str) -> KnownKey | None:
        """The key under a public part, of whatever tenant, revoked or not."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(api_keys).where(_k.key_id == key_id))).one_or_none()
        return KnownKey(row.tenant, row.digest, _record(row)) if row is not None else None

    async def list(self, tenant: str, *, cursor: str | None = None, limit: int = 50) -> Page[ApiKey]:
        """Newest first, revoked ones too. Raises BadCursor."""
        asked = select(api_keys).where(_k.tenant == tenant)
        async with self._database.reading() as connection:
            found = (await connection.execute(_NEWEST.page(asked, cursor, limit))).all()
        rows, next_cursor = page_of(_NEWEST, found, limit)
        return Page(rows=tuple(_record(row) for row in rows), next_cursor=next_cursor)

    async def revoke(self, tenant: str, key_id: str, by: str, now: datetime) -> bool:
        """Ends a key at once, and does nothing to one that has ended; False when the tenant has no such key."""
        mine = (_k.tenant == tenant) & (_k.key_id == key_id)
        async with self._database.writing() as connection:
            ended = update(api_keys).where(mine, _k.revoked_at.is_(None)).values(revoked_at=now, revoked_by=by)
            if (await connection.execute(ended)).rowcount:
                return True
            return (await connection.scalar(select(_k.key_id).where(mine))) is not None

    async def used(self, key_id: str, now: datetime) -> None:
        """Notes that a key was used, unless that was noted within the last minute."""
        long_ago = or_(_k.last_used_at.is_(None), _k.last_used_at <= now - USED_AT_MOST)
        async with self._database.writing() as connection:
            await connection.execute(update(api_keys).where(_k.key_id == key_id, long_ago).values(last_used_at=now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _record(row: Any) -> ApiKey:
    return ApiKey(
        key_id=row.key_id, name=row.name, scopes=tuple(Scope(each) for each in json.loads(row.scopes)), created_by=row.created_by,
        created_at=row.created_at, expires_at=row.expires_at, last_used_at=row.last_used_at, revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )  # fmt: skip
