"""What partners do for an order: each effect is placed once, moves through the stages of its family, and tells of each move.

*status* is what a caller must understand (accepted, done, refused); *stage* is the partner's own finer word for it.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from typing import Literal

from pydantic import BaseModel

from partners.idempotency import Answer
from partners.problems import Problem
from partners.store import now_text

Family = Literal["shipment", "visit", "payment", "benefit", "account", "lot"]

LIFE: dict[str, tuple[str, ...]] = {
    "shipment": ("accepted", "in_transit", "delivered"),
    "visit": ("accepted", "scheduled", "completed"),
    "payment": ("pending", "succeeded"),
    "benefit": ("granted",),
    "account": ("changed",),
    "lot": ("asked", "executed"),
}
BAD_END = {
    "shipment": ("lost", "cancelled", "failed"),
    "visit": ("cancelled", "failed"),
    "payment": ("failed", "cancelled"),
    "benefit": ("revoked",),
    "account": ("undone",),
    "lot": ("failed",),
}
STATUS = {
    **dict.fromkeys(("accepted", "in_transit", "scheduled", "pending", "asked"), "accepted"),
    **dict.fromkeys(("delivered", "completed", "succeeded", "granted", "changed", "executed"), "done"),
    **dict.fromkeys(("lost", "cancelled", "failed", "revoked", "undone", "refused"), "refused"),
}
_PREFIX = {"shipment": "WB", "visit": "VS", "payment": "PY", "benefit": "BN", "account": "AC", "lot": "LT"}


class Report(BaseModel):
    """How far one effect is."""

    key: str
    reference: str
    kind: str
    status: Literal["accepted", "done", "refused"]
    stage: str
    detail: str
    at: str
    before_at: str | None = None


class Effect(Report):
    """One effect with the request behind it, as the control list shows it."""

    system: str
    order_number: str
    request: dict[str, object]


def report(row: sqlite3.Row) -> str:
    shown = {name: row[name] for name in ("key", "reference", "kind", "status", "stage", "detail")}
    # A visit is told back with the latest instant that was agreed for it.
    agreed = {"before_at": asked} if (asked := json.loads(row["document"]).get("before_at")) else {}
    return json.dumps({**shown, "at": row["changed_at"], **agreed}, ensure_ascii=False)


def described(row: sqlite3.Row) -> Effect:
    return Effect(
        **json.loads(report(row)), system=row["system"], order_number=row["order_number"], request=json.loads(row["document"])
    )


def find(db: sqlite3.Connection, system: str, key: str) -> sqlite3.Row:
    """The effect of this key; raises a 404 problem when nothing was ever placed under it."""
    row = db.execute("SELECT * FROM effects WHERE system = ? AND key = ?", (system, key)).fetchone()
    if row is None:
        raise Problem(404, "unknown_key", f"Nothing was placed under the key {key}.")
    assert isinstance(row, sqlite3.Row)
    return row


def place(
    db: sqlite3.Connection,
    system: str,
    family: Family,
    key: str,
    kind: str,
    order_number: str,
    body: BaseModel,
    *,
    stage: str,
    refusal: Problem | None = None,
) -> Answer:
    """Record the effect, or its refusal: a refused request keeps its key, so that asking later tells of the refusal."""
    # What is done to an account needs no order behind it.
    named = family != "account" and getattr(body, "order_number", None) is not None
    if refusal is None and named and db.execute("SELECT 1 FROM orders WHERE number = ?", (order_number,)).fetchone() is None:
        refusal = Problem(409, "unknown_order", f"There is no order {order_number}.")
    reached = "refused" if refusal else stage
    row = db.execute(
        "INSERT INTO effects (system, key, reference, family, kind, order_number, document, stage, status, detail, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            system,
            key,
            f"{_PREFIX[family]}-{secrets.token_hex(6).upper()}",
            family,
            kind,
            order_number,
            body.model_dump_json(),
            reached,
            STATUS[reached],
            f"{refusal.code}: {refusal.detail}" if refusal else reached,
            now_text(),
        ),
    ).fetchone()
    return Answer(refusal.status, refusal.body()) if refusal else Answer(201, report(row))


def move(db: sqlite3.Connection, row: sqlite3.Row, stage: str, detail: str = "") -> sqlite3.Row:
    """Bring an effect to another stage and leave the news of it in the outbox, in the caller's transaction.

    Raises a 409 problem `final` when the effect has ended, `unknown_stage` when its family has no such stage.
    """
    family = row["family"]
    if stage not in LIFE[family] + BAD_END[family]:
        raise Problem(409, "unknown_stage", f"A {family} knows {', '.join(LIFE[family] + BAD_END[family])}.")
    revocable = (row["stage"], stage) in (("granted", "revoked"), ("changed", "undone"))
    if row["status"] != "accepted" and not revocable:
        raise Problem(409, "final", f"{row['reference']} is {row['stage']} and cannot become {stage}.")
    moved = db.execute(
        "UPDATE effects SET stage = ?, status = ?, detail = ?, changed_at = ? WHERE id = ? RETURNING *",
        (stage, STATUS[stage], detail or stage, now_text(), row["id"]),
    ).fetchone()
    assert isinstance(moved, sqlite3.Row)
    event_id = f"evt_{secrets.token_hex(12)}"
    shown = {name: moved[name] for name in ("key", "reference", "status", "detail")}
    body = json.dumps({"event_id": event_id, "kind": moved["system"], **shown, "at": moved["changed_at"]}, ensure_ascii=False)
    db.execute(
        "INSERT INTO outbox (event_id, effect, body, next_at) VALUES (?, ?, ?, ?)", (event_id, moved["id"], body, time.time())
    )
    return moved


def next_stage(row: sqlite3.Row) -> str:
    """The stage after this one in a life that goes well."""
    life = LIFE[row["family"]]
    if row["stage"] not in life[:-1]:
        raise Problem(409, "final", f"{row['reference']} is {row['stage']}.")
    return life[life.index(row["stage"]) + 1]


def on_their_way(db: sqlite3.Connection, since: str) -> list[sqlite3.Row]:
    """Effects that have not moved since that instant and have not ended."""
    return db.execute("SELECT * FROM effects WHERE status = 'accepted' AND changed_at <= ? LIMIT 500", (since,)).fetchall()
