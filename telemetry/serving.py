"""The door for Prometheus: `/metrics` on a port of its own, which only those who scrape need to reach.

Not a route of the API: figures of all tenants must not stand at a door that tenants use, scrapers hold no tokens, and a door that
is busy or limited still tells how busy it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from prometheus_client import start_http_server

from settings.language import text
from telemetry import metrics

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_log = structlog.get_logger("redress.metrics")


@contextmanager
def served(host: str, port: int, well: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Metrics of this process on `port`, and at `/healthz` whether it is `well` (200 or 503); 0 serves none.

    A port that is taken is told, and complaints go on without metrics.
    """
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
    metrics_of = server.get_app()
    assert metrics_of is not None
    server.set_app(_with_health(metrics_of, well))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _with_health(metrics_of: WSGIApplication, well: Callable[[], bool]) -> WSGIApplication:
    def answer(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environment["PATH_INFO"] != "/healthz":
            return metrics_of(environment, start)
        if well():
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"ok\n"]
        start("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"the event loop stands still\n"]

    return answer


def _disk_free() -> float:
    disk = shutil.disk_usage(".")
    return disk.free / disk.total
