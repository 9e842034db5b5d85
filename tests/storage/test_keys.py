"""API keys on every database."""

import uuid
from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.keys import ApiKeys, Scope, split

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def test_a_key_is_made_found_used_and_revoked(database: Database) -> None:
    kept, tenant = ApiKeys(database), f"t{uuid.uuid4().hex}"
    made, key = await kept.make(tenant, "Hotline", (Scope.COMMANDS, Scope.INTAKE), "root", NOW, NOW + timedelta(days=1))
    assert (made.scopes, made.created_by, made.created_at) == ((Scope.INTAKE, Scope.COMMANDS), "root", NOW)
    parts = split(key)
    assert parts is not None
    known = await kept.find(parts[0])
    assert known is not None
    assert (known.tenant, known.record) == (tenant, made)
    assert known.opens_with(parts[1])
    assert not known.opens_with(parts[1][::-1])
    await kept.used(made.key_id, NOW)
    assert not await kept.revoke("another", made.key_id, "root", NOW)
    assert await kept.revoke(tenant, made.key_id, "root", NOW)
    assert await kept.revoke(tenant, made.key_id, "late", NOW + timedelta(hours=1))
    (row,) = (await kept.list(tenant)).rows
    assert (row.last_used_at, row.revoked_at, row.revoked_by) == (NOW, NOW, "root")
    assert await kept.find("rdk_" + "a" * 16) is None


async def test_keys_are_listed_page_by_page_newest_first(database: Database) -> None:
    kept, tenant = ApiKeys(database), f"t{uuid.uuid4().hex}"
    ids = [(await kept.make(tenant, "x", [Scope.READING], "root", NOW + timedelta(seconds=n), None))[0].key_id for n in range(5)]
    seen: list[str] = []
    cursor = None
    while not seen or cursor is not None:
        page = await kept.list(tenant, cursor=cursor, limit=2)
        seen += [row.key_id for row in page.rows]
        cursor = page.next_cursor
    assert seen == ids[::-1]
