"""The Temporal dev server as this project runs it: the same flags in `make up`, in the tests and in the benchmarks."""

import json
import sys
from datetime import timedelta
from pathlib import Path

# What an operator can filter by in the Temporal UI. Never personal data: search attributes are not encrypted.
SEARCH_ATTRIBUTES: dict[str, str] = {
    "RedressTenant": "Keyword",
    "RedressStage": "Keyword",
    "RedressLevel": "Keyword",
    "RedressCategory": "Keyword",
    "RedressAssignee": "Keyword",
    "RedressNextDue": "Datetime",
    "RedressBreaches": "Int",
}

# How long the server keeps closed complaints; its own default is one day.
RETENTION = timedelta(days=30)

DYNAMIC_CONFIG: dict[str, object] = {
    # Without it every task waits for a 50 ms step: one activity costs 100 ms instead of 25 ms.
    "history.transferProcessorMaxPollRPS": 1000,
    # Four partitions answer in 2-3 s in a burst, one in 0.6 s; and only one makes priorities exact.
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # Time skipping for rehearsals and tests. Without the last two each skipped timer costs a second.
    "frontend.WorkflowTimeSkippingEnabled": True,
    "history.timerProcessorMaxTimeShift": "10ms",
    "history.timerProcessorMaxPollRPS": 1000,
}


def temporal_binary() -> Path:
    """The `temporal` program that the locked requirements put beside this Python."""
    return Path(sys.executable).parent / "temporal"


def dynamic_config_arguments() -> list[str]:
    """`DYNAMIC_CONFIG` as arguments of `temporal server start-dev`."""
    return [part for key, value in DYNAMIC_CONFIG.items() for part in ("--dynamic-config-value", f"{key}={json.dumps(value)}")]


def server_command(database: Path, host: str, port: int, ui_port: int, codec: str = "") -> list[str]:
    """How the dev server is started on a database file that survives restarts.

    WAL with synchronous=NORMAL: six times as many starts a second as the default journal, and nothing acknowledged is
    lost to kill -9 (a power cut may still take the last commits). `codec` is where the UI has payloads opened.
    """
    attributes = [part for name, kind in SEARCH_ATTRIBUTES.items() for part in ("--search-attribute", f"{name}={kind}")]
    return [
        *(str(temporal_binary()), "server", "start-dev", "--ip", host, "--port", str(port), "--ui-port", str(ui_port)),
        *("--db-filename", str(database), "--log-level", "warn", "--ui-disable-news-fetch"),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
        *(("--ui-codec-endpoint", codec) if codec else ()),
        *attributes,
        *dynamic_config_arguments(),
    ]


def health_command(address: str) -> list[str]:
    """Exits 0 once the server answers its gRPC health check."""
    return [str(temporal_binary()), "operator", "cluster", "health", "--address", address]


def retention_command(address: str, namespace: str) -> list[str]:
    """Keeps closed complaints for `RETENTION`. Fails until the namespace exists, which is moments after the server is healthy."""
    hours = int(RETENTION.total_seconds() // 3600)
    return [
        *(str(temporal_binary()), "operator", "namespace", "update", "--address", address),
        *("--namespace", namespace, "--retention", f"{hours}h"),
    ]
