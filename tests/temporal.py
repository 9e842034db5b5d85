"""A real Temporal server for tests, with a virtual clock for each workflow."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from temporalio.common import SearchAttributeKey
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from sealing import key_file
from sealing.converter import SealingConverter, sealing_converter
from stack.temporal_server import SEARCH_ATTRIBUTES, dynamic_config_arguments, temporal_binary

_KEYS: dict[str, Callable[[str], SearchAttributeKey[Any]]] = {
    "Keyword": SearchAttributeKey.for_keyword,
    "Datetime": SearchAttributeKey.for_datetime,
    "Int": SearchAttributeKey.for_int,
}


def search_attributes() -> list[SearchAttributeKey[Any]]:
    """What the server has to know before a complaint can show it."""
    return [_KEYS[kind](name) for name, kind in SEARCH_ATTRIBUTES.items()]


@cache
def data_keys() -> Path:
    """The key file of all tests of this process."""
    file = Path(tempfile.mkdtemp(prefix="redress-keys-")) / "data.keys"
    key_file.make(file)
    return file


@cache
def sealed() -> SealingConverter:
    """The converter of all clients and workers of these tests: encrypted, as everywhere."""
    return sealing_converter(data_keys())


async def start_temporal(*more_arguments: str) -> WorkflowEnvironment:
    """Starts the dev server on a free port, with more arguments if a test needs them; the caller shuts it down.

    Time stands still unless a test moves it (`env.fast_forward(handle, timedelta(...))`): with skipping enabled from the
    start a workflow would race through all its timers before a person's command can arrive.
    """
    return await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=sealed(),
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
        dev_server_extra_args=[*dynamic_config_arguments(), *more_arguments],
        search_attributes=search_attributes(),
    )
