"""A mail server and chat receiver for development: takes every message, shows them over HTTP, delivers none.

`python -m partners.mailsink`: SMTP on MAILSINK_SMTP_PORT (8025), HTTP on MAILSINK_HTTP_PORT (8026). Messages are on disk before
they are acknowledged, so a restart loses nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default as modern_policy
from pathlib import Path
from typing import Annotated

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, JsonValue

from partners.serving import WrongSetting, port, serve
from partners.store import now_text

LARGEST_MAIL_BYTES = 25_000_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, recipients TEXT NOT NULL, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chats (id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, channel TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS chats_of_channel ON chats (channel);
"""


class Mail(BaseModel):
    """One mail as a reader would see it; `html` is the source of its HTML part, if any."""

    id: int
    received_at: str
    to: list[str]
    subject: str
    message_id: str
    headers: dict[str, str]
    text: str
    html: str | None


class Chat(BaseModel):
    """One chat message: the JSON body as it was posted."""

    id: int
    received_at: str
    channel: str
    body: JsonValue


@dataclass(frozen=True)
class Settings:
    host: str
    smtp_port: int
    http_port: int
    database: Path

    @classmethod
    def of(cls) -> Settings:
        given = os.environ.get
        return cls(
            host=given("MAILSINK_HOST", "127.0.0.1"),
            smtp_port=port("MAILSINK_SMTP_PORT", given("MAILSINK_SMTP_PORT"), 8025),
            http_port=port("MAILSINK_HTTP_PORT", given("MAILSINK_HTTP_PORT"), 8026),
            database=Path(given("MAILSINK_DATABASE", "var/mail.db")),
        )


def _shown(part: MIMEPart | None) -> str | None:
    """A text part as it was written: on the wire its lines may end in CRLF."""
    return str(part.get_content()).replace("\r\n", "\n") if part else None


def read_mail(row: sqlite3.Row) -> Mail:
    message = message_from_bytes(row["raw"], EmailMessage, policy=modern_policy)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        id=row["id"],
        received_at=row["received_at"],
        to=json.loads(row["recipients"]),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        headers={name: str(value) for name, value in message.items()},
        text=_shown(plain) or "",
        html=_shown(html),
    )


class _Keeper:
    """aiosmtpd's handler: a mail is stored, then acknowledged."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._db.execute(
            "INSERT INTO mails (received_at, recipients, raw) VALUES (?, ?, ?)",
            (now_text(), json.dumps(envelope.rcpt_tos, ensure_ascii=False), envelope.content),
        )
        return "250 kept"


def create_app(settings: Settings) -> FastAPI:
    """The HTTP side; its lifespan holds the database and the SMTP side."""
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(settings.database, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        def protocol() -> SMTP:
            return SMTP(_Keeper(db), data_size_limit=LARGEST_MAIL_BYTES, enable_SMTPUTF8=True, hostname="mailsink")

        server = await asyncio.get_running_loop().create_server(protocol, settings.host, settings.smtp_port)
        yield
        server.close()
        db.close()

    app = FastAPI(title="Mail sink", version="1", lifespan=lifespan)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/messages")
    async def list_mails(to: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[Mail]:
        """The newest mails first, of one recipient when `to` is given."""
        rows = db.execute(
            "SELECT * FROM mails WHERE :to IS NULL"
            " OR EXISTS (SELECT 1 FROM json_each(recipients) WHERE lower(value) = lower(:to)) ORDER BY id DESC LIMIT :limit",
            {"to": to, "limit": limit},
        )
        return [read_mail(row) for row in rows]

    @app.get("/messages/{mail_id}")
    async def read_one(mail_id: int) -> Mail:
        row = db.execute("SELECT * FROM mails WHERE id = ?", (mail_id,)).fetchone()
        if row is None:
            raise HTTPException(404, f"There is no mail {mail_id}.")
        return read_mail(row)

    @app.delete("/messages", status_code=204)
    async def forget_all() -> None:
        """Delete every mail and chat message."""
        db.execute("DELETE FROM mails")
        db.execute("DELETE FROM chats")

    @app.post("/chat/{channel}")
    async def keep_chat(channel: str, request: Request) -> dict[str, str]:
        """A chat message, as apprise's json:// plugin posts it."""
        try:
            body = json.loads(await request.body())
        except ValueError as error:
            raise HTTPException(400, f"The body is not JSON: {error}") from error
        db.execute(
            "INSERT INTO chats (received_at, channel, body) VALUES (?, ?, ?)",
            (now_text(), channel, json.dumps(body, ensure_ascii=False)),
        )
        return {"status": "kept"}

    @app.get("/chat/{channel}")
    async def list_chats(channel: str, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[Chat]:
        """The newest messages of a channel first."""
        rows = db.execute("SELECT * FROM chats WHERE channel = ? ORDER BY id DESC LIMIT ?", (channel, limit))
        return [Chat(id=row["id"], received_at=row["received_at"], channel=channel, body=json.loads(row["body"])) for row in rows]

    return app


if __name__ == "__main__":
    try:
        chosen = Settings.of()
    except WrongSetting as error:
        sys.exit(str(error))
    serve(create_app(chosen), chosen.host, chosen.http_port)
