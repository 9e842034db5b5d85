"""What a process costs: CPU time, memory and files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psutil

_MB = 1024 * 1024


def cpu_ms(processes: Iterable[psutil.Process]) -> float:
    """CPU time used so far by these processes, user and system, in milliseconds."""
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system
    return total * 1000


def rss_mb(process: psutil.Process) -> float:
    """Memory in use, in MB of 2**20 bytes."""
    return float(process.memory_info().rss) / _MB


def file_bytes(database: Path) -> int:
    """Bytes of a SQLite file with its write-ahead log."""
    files = (database, database.with_name(database.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
