"""Packs on disk: `policies/<name>/<version>.toml`, all read and checked before any is used."""

from __future__ import annotations

import tomllib
from pathlib import Path

from domain.policy import registry
from domain.policy.errors import PackInvalid, Problem
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack


def load_packs(directory: Path) -> list[Pack]:
    """Every pack below the directory, bases before their variants. Raises PackInvalid with the problems of all files."""
    waiting = {path: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*/*.toml"))}
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    if not waiting:
        text = str(directory)
        problems.append(
            Problem(text, 1, "no pack here, expected <name>/<version>.toml", "此处没有制度包，应有 <名称>/<版本>.toml")
        )
    while waiting:
        # A variant waits until its base is there; when none can go on, the ones left name bases that do not exist.
        ready = [path for path, text in waiting.items() if (_extends(text) or "") in packs or _extends(text) is None]
        for path in ready or list(waiting):
            text = waiting.pop(path)
            try:
                pack = parse_pack(text, str(path), packs.get(_extends(text) or ""))
            except PackInvalid as error:
                problems += error.problems
                continue
            problems += _misplaced(path, pack)
            packs[pack.ref] = pack
    if problems:
        raise PackInvalid(problems)
    return list(packs.values())


def install_packs(directory: Path) -> list[Pack]:
    """Load the packs and put them on this process's shelf."""
    packs = load_packs(directory)
    registry.install(packs)
    return packs


def _extends(text: str) -> str | None:
    try:
        extends = tomllib.loads(text).get("extends")
    except tomllib.TOMLDecodeError:
        return None
    return extends if isinstance(extends, str) else None


def _misplaced(path: Path, pack: Pack) -> list[Problem]:
    if (path.parent.name, path.stem) == (pack.name, pack.version):
        return []
    right = f"{pack.name}/{pack.version}.toml"
    return [Problem(str(path), 1, f"holds {pack.ref}; move it to {right}", f"内容为 {pack.ref}，请移至 {right}")]
