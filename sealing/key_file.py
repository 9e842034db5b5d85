"""The key file: a few trees of keys. The last one seals, all open. Kept apart from the data, and rewritten by erasures.

JSON, readable by its owner only: {"version": 1, "pepper": base64, "keys": [{"id", "made_at", "nodes": {path: base64}}]}.
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sealing.errors import KeysUnusable
from sealing.tree import Nodes, plant_like
from settings.language import text


class Key(BaseModel):
    """One tree. What it sealed can be opened as long as it is in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    made_at: AwareDatetime
    nodes: dict[str, str] = Field(repr=False)

    @classmethod
    def holding(cls, id: str, made_at: datetime, nodes: Nodes) -> Key:
        return cls(id=id, made_at=made_at, nodes={path: base64.b64encode(each).decode() for path, each in nodes.items()})

    def tree(self) -> Nodes:
        return {path: base64.b64decode(each) for path, each in self.nodes.items()}


class KeyFile(BaseModel):
    """What the file holds, the newest key last. `pepper` makes digests of customers that cannot be found by trying ids."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    pepper: str = Field(repr=False)
    keys: tuple[Key, ...] = Field(min_length=1)


def make(file: Path) -> None:
    """A new file with one key. Raises FileExistsError: to overwrite keys would be to lose complaints."""
    first = KeyFile(pepper=base64.b64encode(secrets.token_bytes(32)).decode(), keys=(_new_key(()),))
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(first.model_dump_json() + "\n")


def rotate(file: Path) -> str:
    """Add a key, which seals from now on; answers its id. Raises KeysUnusable, OSError."""
    with changing(file) as kept:
        key = _new_key(kept.keys)
        write(file, kept.model_copy(update={"keys": (*kept.keys, key)}))
    return key.id


def retire(file: Path, id: str) -> None:
    """Destroy a key with everything it sealed: for keys older than every history and backup. Raises KeysUnusable, ValueError."""
    with changing(file) as kept:
        left = tuple(key for key in kept.keys if key.id != id)
        if len(left) == len(kept.keys) or id == kept.keys[-1].id:
            raise ValueError(id)
        write(file, kept.model_copy(update={"keys": left}))


def read(file: Path) -> KeyFile:
    """Raises KeysUnusable with one line."""
    try:
        return KeyFile.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        en = f"There is no key file {file}: name one in REDRESS_DATA_KEYS_FILE, or make it: python -m sealing make."
        raise KeysUnusable(
            text(en, f"没有密钥文件 {file}：请用 REDRESS_DATA_KEYS_FILE 指定，或生成：python -m sealing make。")
        ) from None
    except OSError as error:
        en = f"The key file {file} cannot be read: {error.strerror}."
        raise KeysUnusable(text(en, f"无法读取密钥文件 {file}：{error.strerror}。")) from None
    except ValidationError:
        en = f"{file} is no key file of this program; take it from your backup of keys."
        raise KeysUnusable(text(en, f"{file} 不是本程序的密钥文件，请从密钥备份中恢复。")) from None


@contextmanager
def changing(file: Path) -> Iterator[KeyFile]:
    """What the file holds, while nobody else changes it."""
    with open(file.with_name(file.name + ".lock"), "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read(file)


def write(file: Path, kept: KeyFile) -> None:
    """Whole or not at all, and on the disk when it returns. What stood there before is gone from the folder."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
            out.write(kept.model_dump_json() + "\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _new_key(known: tuple[Key, ...]) -> Key:
    made_at = datetime.now(UTC)
    day = made_at.strftime("%Y-%m-%d")
    taken = {key.id for key in known}
    id = next(name for name in (day, *(f"{day}-{number}" for number in range(2, 1000))) if name not in taken)
    # What was erased under an older key is not sealed anew under this one: it stays erased.
    return Key.holding(id, made_at, plant_like(key.tree() for key in known))
