"""Every text of a file, filed through the API as its words suggest: none may be lost, changed or filed twice."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.http import Line
from bench.opening import progress
from bench.stand import Stand, stand
from domain.policy.pack import Pack
from storage.packs import load_packs

_AT_ONCE = 32
# Of every so many texts one is sent twice under its key, as a client does whose line broke.
_SENT_TWICE = 20
_WRITTEN_WITHIN = 3600.0
NONE = "none"


@dataclass
class Filed:
    """What became of the texts. `cleaned`: sent again without the control characters that were refused; `refused`:
    rows with the code of the answer; `lost` and `changed`: rows."""

    texts: int
    filed: int = 0
    again: int = 0
    suggested: Counter[str] = field(default_factory=Counter)
    cleaned: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    doubled: int = 0
    seconds: float = 0.0
    written_seconds: float = 0.0


async def file_texts(texts: Path, ref: str, tenant: str, like: str, otherwise: str, policies: Path, limit: int | None) -> Filed:
    """File each text under the likeliest category that its words suggest, else under `otherwise`, and read them all back."""
    with texts.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row["text"] for row in csv.DictReader(lines)][:limit]
    pack = next(pack for pack in load_packs(policies) if pack.ref == ref)
    found = Filed(len(rows))
    async with stand("partners", "mailsink", "worker", "api") as built:
        token = await built.token("intake", "shop", tenant)
        orders = await built.orders(len(rows), like)
        begun = time.monotonic()
        ids: dict[int, str] = {}
        waiting = iter(enumerate(rows))
        clerk = _Clerk(built, token, pack, otherwise, orders, rows, found, ids)
        await asyncio.gather(*(clerk.work(waiting) for _ in range(_AT_ONCE)))
        found.seconds = time.monotonic() - begun
        progress(f"{found.filed:,} filed in {found.seconds:.0f} s; waiting until the last is written")
        await _read_back(built, rows, ids, found)
        found.written_seconds = time.monotonic() - begun
    return found


@dataclass
class _Clerk:
    built: Stand
    token: str
    pack: Pack
    otherwise: str
    orders: list[str]
    rows: list[str]
    found: Filed
    ids: dict[int, str]

    async def work(self, waiting: Iterator[tuple[int, str]]) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        async with Line(self.built.settings.api_url) as line:

            async def post(path: str, body: dict[str, Any], key: str = "") -> tuple[int, Any]:
                more = {"Idempotency-Key": key} if key else {}
                status, answer = await line.ask("POST", path, headers | more, json.dumps(body, ensure_ascii=False).encode())
                return status, json.loads(answer)

            for row, text in waiting:
                await self._one(row, text, post)

    async def _one(self, row: int, text: str, post: Callable[..., Any]) -> None:
        status, answer = await post(f"/v1/policies/{self.pack.ref}/suggestions", {"content": text})
        said = answer[0]["category"] if status == 200 and answer else NONE
        self.found.suggested[said] += 1
        category = self.otherwise if said == NONE else said
        body = self._intake(row, category, text)
        key = f"text-{row}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        for attempt in range(2 if row % _SENT_TWICE == 0 else 1):
            status, answer = await post("/v1/complaints", body, key)
            if status == 422 and (clean := _printable(text)) != text:
                # As a client does that is told what is wrong with its text.
                self.found.cleaned += 1
                self.rows[row] = body["content"] = clean
                status, answer = await post("/v1/complaints", body, key)
            if status not in (200, 201):
                self.found.refused.append((row, str(answer.get("code", status))))
                return
            if attempt and self.ids[row] != answer["complaint_id"]:
                self.found.doubled += 1
            self.ids[row] = answer["complaint_id"]
            self.found.filed += answer["created"]
            self.found.again += not answer["created"]

    def _intake(self, row: int, category: str, text: str) -> dict[str, Any]:
        customer = {"name": f"顾客{row}", "phone": f"139{row:08d}", "email": f"customer-{row}@customer.example"}
        required = self.pack.category_of(category).required
        more = {"expectation": "请处理"} if "expectation" in required else {}
        return {
            "category": category, "channel": "app", "customer": customer, "content": text,
            "order_number": self.orders[row], **more,
        }  # fmt: skip


def _printable(text: str) -> str:
    return "".join(each for each in text if each in "\n\t" or not unicodedata.category(each).startswith("C"))


async def _read_back(built: Stand, rows: list[str], ids: dict[int, str], found: Filed) -> None:
    """What the journal's first entries hold, against what was sent."""
    query = "SELECT complaint_id, json_extract(event, '$.intake.content') FROM journal WHERE kind = 'received'"
    end = time.monotonic() + _WRITTEN_WITHIN
    with closing(built.sql()) as sql:
        while True:
            stored: dict[str, str] = dict(sql.execute(query))
            found.lost = [row for row, complaint in ids.items() if complaint not in stored]
            if not found.lost or time.monotonic() > end:
                break
            await asyncio.sleep(2)
    found.changed = [row for row, complaint in ids.items() if complaint in stored and stored[complaint] != rows[row]]
    found.doubled += len(stored) - len(set(ids.values()))
