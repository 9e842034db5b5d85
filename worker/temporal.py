"""The worker's way to Temporal: it waits until the server, the namespace and its search attributes are there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from temporalio.client import Client, Interceptor
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.converter import DataConverter
from temporalio.worker import WorkerDeploymentConfig

from desk.client import connect_now
from desk.readiness import what_is_missing
from settings import Settings
from settings.language import text

_log = structlog.get_logger("redress.worker")
_TRY_AGAIN_SECONDS = 1.0
_BEHAVIOUR = {"auto_upgrade": VersioningBehavior.AUTO_UPGRADE, "pinned": VersioningBehavior.PINNED}


async def temporal(settings: Settings, converter: DataConverter, interceptors: Sequence[Interceptor] = ()) -> Client:
    """A client once Temporal has all that complaints need, however long it takes: the order of starts does not matter.

    Each new reason to wait is told once.
    """
    told = None
    while True:
        try:
            client = await connect_now(settings, converter, interceptors)
            wrong = await what_is_missing(client)
            if wrong is None:
                return client
        except RuntimeError as error:
            wrong = text(f"Temporal is away: {error}", f"Temporal 暂不可用：{error}")
        if wrong != told:
            _log.warning(text(f"Waiting. {wrong}", f"等待中。{wrong}"))
            told = wrong
        await asyncio.sleep(_TRY_AGAIN_SECONDS)


def version_of(settings: Settings) -> WorkerDeploymentConfig | None:
    """The version that this worker runs under; None where versions are not kept apart.

    A complaint lives for weeks and its code is held to what ran before by the golden histories, so it moves on to the current
    version (auto_upgrade) unless somebody wants it to end where it began (pinned).
    """
    if not settings.worker_deployment:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=settings.worker_deployment, build_id=settings.worker_build),
        use_worker_versioning=True,
        default_versioning_behavior=_BEHAVIOUR[settings.worker_versioning],
    )
