"""The door for Prometheus: `/metrics` on a port of its own, which only those who scrape need to reach.

Not a route of the API: figures of all tenants must not stand at a door that tenants use, scrapers hold no tokens, and a door that
is busy or limited still tells how busy it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import start_http_server

from settings.language import text
from telemetry import metrics

_log = structlog.get_logger("redress.metrics")


@contextmanager
def served(host: str, port: int) -> Iterator[None]:
    """Metrics of this process on `port`; 0 serves none. A port that is taken is told, and complaints go on without metrics."""
    if not port:
        yield
        return
    metrics.disk_free.set_function(_disk_free)
    try:
        server, thread = start_http_server(port, addr=host, registry=metrics.REGISTRY)
    except OSError as error:
        _log.warning(text(f"No metrics: {host}:{port} cannot be opened: {error}", f"未提供指标：无法监听 {host}:{port}：{error}"))
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _disk_free() -> float:
    disk = shutil.disk_usage(".")
    return disk.free / disk.total
