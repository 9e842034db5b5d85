"""Records the golden histories anew: `python -m tests.workflows.record [path ...]`.

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

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from stack.temporal_server import dynamic_config_arguments, temporal_binary
from tests.house import ROOT, build_house
from tests.temporal import search_attributes
from tests.workflows.paths import PATHS

HISTORIES = Path(__file__).parent / "histories"
PACK = ROOT / "policies" / "home" / "2026-11.toml"


async def record(names: list[str]) -> None:
    """Walk each path and write its history; the pack's text of this moment is kept beside them."""
    HISTORIES.mkdir(exist_ok=True)
    env = await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
        dev_server_extra_args=dynamic_config_arguments(),
        search_attributes=search_attributes(),
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with build_house(env, Path(folder)) as house:
                for name in names:
                    filed = await PATHS[name](house)
                    history = await filed.handle.fetch_history()
                    text = json.dumps(_without_this_machine(json.loads(history.to_json())), ensure_ascii=False, indent=1)
                    (HISTORIES / f"{name}.json").write_text(text + "\n", encoding="utf-8")
                    print(f"{name}: {len(history.events)} events, {len(text) // 1024} kB")
    finally:
        await env.shutdown()
    shutil.copy(PACK, HISTORIES / "home-2026-11.toml")


def _without_this_machine(value: Any) -> Any:
    match value:
        case dict():
            cleaned = {"identity": "recorder", "stackTrace": ""}
            return {key: cleaned.get(key) if key in cleaned else _without_this_machine(each) for key, each in value.items()}
        case list():
            return [_without_this_machine(each) for each in value]
        case _:
            return value


if __name__ == "__main__":
    # A partner that refuses and a database that is away are part of the paths, not news.
    logging.disable(logging.WARNING)
    asyncio.run(record(sys.argv[1:] or list(PATHS)))
