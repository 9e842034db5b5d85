"""The connection to Temporal: made by the first call, so that a process starts while Temporal is away and says so when asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client, Interceptor
from temporalio.converter import DataConverter
from temporalio.service import RetryConfig

# The client retries by itself for up to ten seconds; a person at the door hears within three that Temporal is away.
_RETRIES = RetryConfig(max_elapsed_time_millis=2_000)
_CONNECT = timedelta(seconds=2)


async def connect(
    address: str, namespace: str, data_converter: DataConverter, interceptors: Sequence[Interceptor] = ()
) -> Client:
    """A client that has not talked to anybody yet; each call raises TemporalAway (through the desk) until Temporal is there."""
    return await Client.connect(
        address,
        namespace=namespace,
        lazy=True,
        data_converter=data_converter,
        interceptors=interceptors,
        retry_config=_RETRIES,
        connect_timeout=_CONNECT,
    )
