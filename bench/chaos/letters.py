"""The mails of a chaos run: whatever the journal says was written to somebody is in the mail sink."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from domain.journal import Entry
from domain.promise_events import NoticeSent


@dataclass(frozen=True)
class Letter:
    """One mail that came in. Sent again after a kill it has the same Message-ID, by which mail programs show it once."""

    message_id: str
    words: str


def delivered(mail_database: Path) -> list[Letter]:
    """Every mail that the sink has taken."""
    with closing(sqlite3.connect(f"file:{mail_database}?mode=ro", uri=True)) as sink:
        return [_letter(raw) for (raw,) in sink.execute("SELECT raw FROM mails ORDER BY id")]


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw, EmailMessage, policy=default)
    plain = message.get_body(("plain",))
    return Letter(str(message["Message-ID"]), f"{message['Subject']}\n{plain.get_content() if plain is not None else ''}")


def told_of(complaint_id: str, letters: Sequence[Letter]) -> list[str]:
    """Message-IDs of the mails that name this complaint, as often as each came."""
    return [letter.message_id for letter in letters if complaint_id in letter.words]


def missing(journal: Sequence[Entry], told: Sequence[str]) -> int:
    """How many mails the journal says were sent and nobody got."""
    sent = sum(entry.event.channels.count("email") for entry in journal if isinstance(entry.event, NoticeSent))
    return max(0, sent - len(set(told)))
