"""Records the golden histories anew: `python -m tests.workflows.record [pack or file ...]`, all of them when nothing is named.

On a server whose clock is real, since histories of skipped time hold events that no production history has. What would tell of
this machine (who polled, where the code lay) is taken out.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import structlog
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from stack.temporal_server import dynamic_config_arguments, temporal_binary
from tests.house import ROOT, build_house
from tests.temporal import search_attributes
from tests.workflows import lives, lives_of_food, paths  # noqa: F401  (each registers its walks)
from tests.workflows.golden import HISTORIES, WALKS, Walked, pack_copy, pack_text

_SHORT_RUNS = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=40")


async def record(walks: list[Walked]) -> None:
    """Walk each and write its histories; the packs' text of this moment is kept beside them."""
    HISTORIES.mkdir(exist_ok=True)
    texts = {pack: pack_text(pack) for pack in sorted({walk.pack for walk in walks})}
    with tempfile.TemporaryDirectory() as folder:
        policies = Path(folder) / "policies"
        shutil.copytree(ROOT / "policies", policies)
        for pack, text in texts.items():
            (policies / pack / "2026-11.toml").write_text(text, encoding="utf-8")
        for short_runs in (False, True):
            if chosen := [walk for walk in walks if walk.short_runs is short_runs]:
                await _record_on_one_server(chosen, policies, *(_SHORT_RUNS if short_runs else ()))
    for pack, text in texts.items():
        pack_copy(pack).write_text(text, encoding="utf-8")


async def _record_on_one_server(walks: list[Walked], policies: Path, *more_arguments: str) -> None:
    env = await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
        dev_server_extra_args=[*dynamic_config_arguments(), *more_arguments],
        search_attributes=search_attributes(),
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with build_house(env, Path(folder), policies_dir=policies) as house:
                for walk in walks:
                    for name, handle in zip(walk.files, await walk.walk(house), strict=True):
                        await _write(name, handle)
    finally:
        await env.shutdown()


async def _write(name: str, handle: Any) -> None:
    history = await handle.fetch_history()
    text = json.dumps(_without_this_machine(json.loads(history.to_json())), ensure_ascii=False, indent=1)
    (HISTORIES / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{name}: {len(history.events)} events, {len(text) // 1024} kB")


def _without_this_machine(value: Any) -> Any:
    match value:
        case dict():
            cleaned = {"identity": "recorder", "stackTrace": ""}
            return {key: cleaned.get(key) if key in cleaned else _without_this_machine(each) for key, each in value.items()}
        case list():
            return [_without_this_machine(each) for each in value]
        case _:
            return value


def chosen(names: list[str]) -> list[Walked]:
    """The walks of these packs and files. Raises SystemExit for a name that is neither.

    A pack is kept once for all its histories: when its text has changed since, all of them are recorded.
    """
    known = {walk.pack for walk in WALKS} | {file for walk in WALKS for file in walk.files}
    if unknown := sorted(set(names) - known):
        raise SystemExit(f"no pack and no history of this name: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    wanted = [walk for walk in WALKS if not names or walk.pack in names or set(walk.files) & set(names)]
    changed = {pack for pack in {walk.pack for walk in wanted} if _copied(pack) != pack_text(pack)}
    return [walk for walk in WALKS if walk in wanted or walk.pack in changed]


def _copied(pack: str) -> str | None:
    copy = pack_copy(pack)
    return copy.read_text(encoding="utf-8") if copy.is_file() else None


if __name__ == "__main__":
    # A partner that refuses and a database that is away are part of the paths, not news.
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(record(chosen(sys.argv[1:])))
