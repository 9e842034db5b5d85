"""One key, one effect: the answer to a key is stored in the transaction of the effect it answers for."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from partners.problems import Problem
from partners.store import Store


async def required_key(
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="Names the effect: the same key is the same effect.")
    ] = None,
) -> str:
    if idempotency_key is None:
        raise Problem(400, "idempotency_key_missing", "Send an Idempotency-Key header with every write.")
    return idempotency_key


Key = Annotated[str, Depends(required_key)]


@dataclass(frozen=True)
class Answer:
    """What the first request with a key was told, and every later one is told again."""

    status: int
    body: str

    def response(self, *, replayed: bool) -> Response:
        media_type = "application/json" if self.status < 400 else "application/problem+json"
        return Response(self.body, self.status, {"Idempotent-Replayed": "true"} if replayed else None, media_type)


def once(
    store: Store, system: str, key: str, request: Request, body: BaseModel | None, perform: Callable[[sqlite3.Connection], Answer]
) -> Response:
    """Perform under this key, or give the stored answer; the same key with another request is a 422.

    `perform` refuses for good by returning an answer of 4xx; what it raises undoes the transaction and leaves the key free.
    """
    said = f"{request.method} {request.url.path}\n{body.model_dump_json() if body else ''}"
    digest = hashlib.sha256(said.encode()).hexdigest()
    with store.write() as db:
        known = db.execute("SELECT digest, status, body FROM answers WHERE system = ? AND key = ?", (system, key)).fetchone()
        if known is None:
            db.execute("INSERT INTO answers (system, key, digest) VALUES (?, ?, ?)", (system, key, digest))
            answer = perform(db)
            db.execute(
                "UPDATE answers SET status = ?, body = ? WHERE system = ? AND key = ?", (answer.status, answer.body, system, key)
            )
            return answer.response(replayed=False)
    if known["digest"] != digest:
        raise Problem(422, "key_reused", "This Idempotency-Key was used for another request; a new effect needs a new key.")
    return Answer(known["status"], known["body"]).response(replayed=True)
