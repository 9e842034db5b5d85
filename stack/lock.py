"""One stack a folder: a lock that the kernel gives back whatever way its holder ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


class AlreadyRunning(Exception):
    """Another stack holds this folder."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"pid {pid}")
        self.pid = pid


@contextmanager
def held(file: Path, patience: float = 15) -> Iterator[int]:
    """Holds the lock while the block runs and gives its file descriptor, which the watchdog holds too.

    A stack that was killed leaves the lock with its watchdog until the last of its parts is gone; that is waited for,
    `patience` seconds at most. Raises AlreadyRunning when the stack that holds it is alive.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        give_up_at = time.monotonic() + patience
        while not _take(lock):
            pid = _read(lock)
            if psutil.pid_exists(pid) or time.monotonic() > give_up_at:
                raise AlreadyRunning(pid)
            time.sleep(0.1)
        os.ftruncate(lock, 0)
        os.pwrite(lock, b"%d\n" % os.getpid(), 0)
        yield lock
    finally:
        os.close(lock)


def holder(file: Path) -> int | None:
    """The pid of the stack that runs in this folder, or None."""
    try:
        lock = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _take(lock) else _read(lock)
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(lock: int) -> int:
    written = os.pread(lock, 32, 0).strip()
    return int(written) if written.isdigit() else 0
