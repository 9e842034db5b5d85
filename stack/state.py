"""What runs, written down for `python -m stack status` and for whoever looks into var/stack.json."""

import os
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from stack.parts import Part
from stack.supervisor import State


class PartState(BaseModel):
    """One part, as it was at its last change."""

    name: str
    title: str
    state: State
    pid: int | None
    note: str
    addresses: dict[str, str]


_FILE = TypeAdapter(list[PartState])


class Written:
    """The parts' states, on disk after each change."""

    def __init__(self, file: Path, parts: list[Part]) -> None:
        self._file = file
        self.parts = [
            PartState(name=part.name, title=part.title, state="waiting", pid=None, note="", addresses=dict(part.addresses))
            for part in parts
        ]

    def change(self, part: Part, state: State, pid: int | None, note: str) -> None:
        """Writes one change; a reader sees the file before it or after it, never half of it."""
        index = next(index for index, each in enumerate(self.parts) if each.name == part.name)
        self.parts[index] = self.parts[index].model_copy(update={"state": state, "pid": pid, "note": note})
        half = self._file.with_suffix(".new")
        half.write_bytes(_FILE.dump_json(self.parts, indent=2))
        os.replace(half, self._file)


def read(file: Path) -> list[PartState]:
    """What was written last; nothing when there is no file."""
    return _FILE.validate_json(file.read_bytes()) if file.is_file() else []
