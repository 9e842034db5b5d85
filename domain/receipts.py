"""Commands under their caller's own key: given again, they get their first receipt and change nothing.

A key counts for one person and one command of one complaint or incident. It travels as the id of the Update, which Temporal
remembers for one run only; the complaint or incident itself carries it from run to run. After the end a complaint's journal keeps
it, and an incident's last run is asked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.commands import Command, Receipt, Signed, name_of
from domain.given import Given
from domain.incident.commands import SignedForIncident
from domain.refusal import Refusal

# Far more than people ever do to one complaint, and small enough to be carried from run to run (about 40 kB).
REMEMBERED = 500
_KEY_BYTES, _BODY_BYTES = 16, 9


class CommandId(NamedTuple):
    """One command as its caller names it: `key` for who asks for what under which key, `body` for what is said with it."""

    key: str
    body: str

    def __str__(self) -> str:
        return f"{self.key}.{self.body}"


def command_id(signed: Signed[Command] | SignedForIncident[Any], key: str) -> CommandId:
    """Digests, for ids stand in every history in clear. A field that is added later with a default changes no digest."""
    body = signed.command.model_dump_json(exclude_defaults=True)
    return CommandId(
        _digest(f"{signed.by.id}\0{name_of(type(signed.command))}\0{key}", _KEY_BYTES),
        _digest(body, _BODY_BYTES),
    )


def read_command_id(text: str) -> CommandId | None:
    """The id that `str()` wrote; None for one that another program made up: it names a single attempt and no more."""
    key, dot, body = text.partition(".")
    return CommandId(key, body) if dot and (len(key), len(body)) == (22, 12) else None


class Receipts:
    """What has been carried out under which key, the oldest first."""

    def __init__(self, known: Iterable[Given] = ()) -> None:
        self._known = {given.key: given for given in known}

    def first(self, complaint_id: str, id: CommandId) -> Receipt | None:
        """The receipt of this command of a complaint if it was carried out before; raises as `given` does."""
        given = self.given(id)
        return Receipt(complaint_id=complaint_id, stage=given.stage, revision=given.revision) if given else None

    def given(self, id: CommandId) -> Given | None:
        """This command if it was carried out before. Raises Refusal when the key then asked for something else."""
        given = self._known.get(id.key)
        if given is not None and given.body != id.body:
            raise Refusal(
                "key_reused",
                field="Idempotency-Key",
                zh="此幂等键已用于内容不同的同一操作，本次未执行；请换用新的键",
                en="this key was used for the same command with another body; nothing was done now, use a new key",
            )
        return given

    def keep(self, given: Given) -> None:
        self._known[given.key] = given

    @property
    def all(self) -> tuple[Given, ...]:
        """The newest, as many as one run hands to the next."""
        return tuple(self._known.values())[-REMEMBERED:]


def _digest(text: str, length: int) -> str:
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=length).digest()).decode("ascii").rstrip("=")
