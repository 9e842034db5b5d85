"""How the programs here serve: until they are asked to stop, and then with exit code 0."""

from __future__ import annotations

import signal
import sys

import uvicorn
from fastapi import FastAPI


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serves until SIGTERM or Ctrl-C. Requests that have begun are answered."""
    # The server passes the signal on to whoever was there before it, and nobody would end the process by the signal itself.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: sys.exit(0))
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_keep_alive=30, timeout_graceful_shutdown=2
    )


class WrongSetting(ValueError):
    """A variable is not what it should be; one line that names it."""


def port(variable: str, given: str | None, default: int) -> int:
    """The port that a variable names. Raises WrongSetting."""
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
        raise WrongSetting(f"The variable {variable} is {given!r}: expected a port, 1 to 65535. (应为 1 至 65535 的端口号)")
    return int(given)
