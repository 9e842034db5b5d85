"""The connection to Temporal, the same for everybody: where, let in by what, and how payloads are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client, Interceptor
from temporalio.converter import DataConverter
from temporalio.service import RetryConfig

from desk.credentials import credentials
from settings import Settings

# The client retries by itself for up to ten seconds; a person at the door hears within three that Temporal is away.
_RETRIES = RetryConfig(max_elapsed_time_millis=2_000)
_CONNECT = timedelta(seconds=2)


async def connect(settings: Settings, data_converter: DataConverter, interceptors: Sequence[Interceptor] = ()) -> Client:
    """A client that has not talked to anybody yet, so that a process starts while Temporal is away and says so when asked.

    Each call raises TemporalAway (through the desk) until Temporal is there.
    """
    how = credentials(settings)
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        tls=how.tls,
        api_key=how.api_key,
        lazy=True,
        data_converter=data_converter,
        interceptors=interceptors,
        retry_config=_RETRIES,
        connect_timeout=_CONNECT,
    )


async def connect_now(settings: Settings, data_converter: DataConverter, interceptors: Sequence[Interceptor] = ()) -> Client:
    """A client that is connected, as a worker needs it, and patient in its calls. Raises RuntimeError while Temporal is away."""
    how = credentials(settings)
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        tls=how.tls,
        api_key=how.api_key,
        data_converter=data_converter,
        interceptors=interceptors,
    )
