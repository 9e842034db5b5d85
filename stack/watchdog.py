"""Outlives a stack that was killed, and takes its parts down: `python -m stack.watchdog`, told on stdin what runs.

Each line is `+<process group>` or `-<process group>`. When stdin ends, the stack is gone (stopped, crashed or killed with
-9): every group that is still there gets SIGTERM, and SIGKILL when it stays. It holds the stack's lock open, so that the
next stack waits for the end of this one.
"""

import contextlib
import os
import signal
import sys
import time

import psutil

GRACE = 5.0  # seconds between asking and killing


def main() -> None:
    """Reads until the stack is gone, then leaves nothing of it behind."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.append(group)
        elif group in groups:
            groups.remove(group)
    for group in reversed(groups):
        _signal(group, signal.SIGTERM)
    give_up_at = time.monotonic() + GRACE
    while groups and time.monotonic() < give_up_at:
        time.sleep(0.05)
        groups = [group for group in groups if is_alive(group)]
    for group in groups:
        _signal(group, signal.SIGKILL)


def is_alive(group: int) -> bool:
    """Whether a process of the group is left; one that only waits to be reaped by a lazy init is not."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    main()
